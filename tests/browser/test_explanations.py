"""An explanation as a viewer writes it: asked for beside the figure, saved, and numbered on the chart."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import PATIENCE, WINDOW, free_port, serving

VIEWER = """
[start]
figures_ahead = false
[[viewers]]
id = "chief"
name = "Chief officer"
force = true
may_explain = true
"""


@pytest.fixture(scope="module")
def address(example_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a copy of the worked example, in which something may be written."""
    folder = tmp_path_factory.mktemp("explained") / "own"
    copytree(example_store, folder)
    (folder / "config.toml").write_text(f'[store]\nurl = "sqlite:///npd.sqlite"\n{VIEWER}')
    with serving(free_port(), folder / "config.toml") as served:
        yield served


def test_a_figure_is_explained_in_its_dialog_and_numbered_on_its_chart(browser: Browser, address: str) -> None:
    page = browser.new_page(**WINDOW, base_url=address)
    page.set_default_timeout(PATIENCE)
    page.goto("/abstractions?month=2024-10")
    expect(page.get_by_text("OFFICIAL").first).to_be_visible()
    expect(page.get_by_test_id("stStatusWidget")).to_be_hidden()
    page.get_by_role("button", name="How is this worked out?").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Explain this figure").click()
    dialog.get_by_label("In a sentence").fill("Officers <i>policed</i> a march.")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("an explanation needs an owner")).to_be_visible()
    expect(dialog.get_by_label("In a sentence")).to_have_value("Officers <i>policed</i> a march.")
    dialog.get_by_label("Owner: who answers for it").fill("Chief Inspector")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    expect(page.locator(".annotation-text", has_text="1").first).to_be_visible()
    page.get_by_role("button", name="How is this worked out?").first.click()
    expect(page.get_by_role("dialog").get_by_text("Officers <i>policed</i> a march.")).to_be_visible()
    page.close()
