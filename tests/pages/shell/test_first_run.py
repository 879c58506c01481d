"""The first start on an empty store: the sample force is built, and the suite opens on it."""

from pathlib import Path

import pytest
from polars.testing import assert_frame_equal
from streamlit.testing.v1 import AppTest

from data_access.load.ingest import load
from data_access.sample import write_sample
from data_access.settings import SampleSettings, Settings, StoreSettings
from data_access.store import Store
from metrics.levels import months_between
from metrics.sources import SOURCES
from pages.shell import first_run, start
from tests.data_access.small_force import facts
from tests.pages.conftest import VIEWERS
from tests.places import ROOT


def test_an_empty_store_becomes_the_sample_force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sample = "[sample]\nseed = 1\nmonths = 1\nscale = 0.01\n"
    (tmp_path / "config.toml").write_text(f'[store]\nurl = "sqlite:///npd.sqlite"\n{sample}{VIEWERS}')
    monkeypatch.setenv("NPD_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.delenv("NPD_STORE_URL", raising=False)
    start.settings.cache_clear()
    start.store.cache_clear()
    try:
        start.warm_answers()  # of an empty store there is nothing to work out
        app = AppTest.from_file(str(ROOT / "pages" / "_shell.py"), default_timeout=240)
        app.switch_page("abstractions.py")
        app.run()
        assert not app.exception
        assert [error.value for error in app.error] == []
        assert "Birmingham" in app.multiselect(key="choose_lpa").options
        assert any("SAMPLE DATA" in element.proto.body for element in app.get("html"))
    finally:
        start.settings.cache_clear()
        start.store.cache_clear()


# The fewest months of which one is the newest and one comes before it: each has all ASB and crime, whatever the scale.
SAMPLE = SampleSettings(months=2, scale=0.005)
NEWEST_MONTHS = 1


def a_store(folder: Path) -> Store:
    folder.mkdir()
    url = f"sqlite:///{folder / 'npd.sqlite'}"
    return Store.open(Settings(store=StoreSettings(url=url), sample=SAMPLE))


def test_the_newest_months_come_first_and_the_whole_is_as_if_it_had_come_at_once(tmp_path: Path) -> None:
    store, progress = a_store(tmp_path / "first"), first_run.Progress()
    first_run.build_part(store, progress, NEWEST_MONTHS, by=first_run.NEWEST)
    version = store.version()
    first, last = version.months
    assert len(months_between(first, last)) == NEWEST_MONTHS
    assert first_run.is_unfinished(version)
    first_run._build(store, progress)  # as after a server that was stopped here: the newest months are not built again
    assert (progress.error, store.version().number, store.version().loaded_by) == ("", 2, first_run.WHOLE)
    assert not first_run.is_unfinished(store.version())
    write_sample(tmp_path / "whole", months=SAMPLE.months, scale=SAMPLE.scale)
    at_once = a_store(tmp_path / "second")
    assert load(at_once, tmp_path / "whole", by="the tests").error is None
    for source in SOURCES:
        assert_frame_equal(facts(store, source), facts(at_once, source), check_row_order=False, check_exact=True)
    for one in (store, at_once):
        one.close()


def test_progress_never_goes_back_and_ends_near_the_whole() -> None:
    told = ["crimes.parquet: 0 rows", "fixes: 2026-01-01, 0%", "fixes: 2026-02-01, 50% (70% of all, about 1 min left)"]
    told += [f"facts: {name} 2026-01" for name in ("duty", "special_hours", "crimes", "plan_actions")]
    progress, shares = first_run.Progress(), []
    for line in told:
        progress.loading(line)
        shares.append(progress.share)
    assert shares == sorted(shares)
    assert 0.1 < shares[0] < shares[2] < shares[3] == shares[4] < shares[-1] < 1
    assert abs(sum(first_run._SHARES.values()) - 1) < 1e-9
