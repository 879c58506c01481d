"""The shell without a browser: who sees what, what the address selects, what is said when it cannot."""

from collections.abc import Callable
from html.parser import HTMLParser

from streamlit.testing.v1 import AppTest

from metrics import indicator

Run = Callable[..., AppTest]


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def text(app: AppTest) -> str:
    """Everything a viewer can read."""
    reader = _Text()
    for element in (*app.markdown, *app.get("html"), *app.caption, *app.warning, *app.error, *app.info):
        reader.feed(str(getattr(element, "value", None) or element.proto.body))
    return " ".join(reader.said)


class _Rows(HTMLParser):
    """The rows of a table of areas: what each cell holds by the name of its column, and where the row leads."""

    def __init__(self) -> None:
        super().__init__()
        self.columns: list[str] = []
        self.rows: list[dict[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if "data-name" in told:
            self.columns.append(told["data-name"])
        if tag == "tr" and self.columns:
            self.rows.append({})
        if "data-value" in told:
            held = len(self.rows[-1].keys() - {"leads to"})
            self.rows[-1][self.columns[held]] = told["data-value"]
        if tag == "a":
            self.rows[-1]["leads to"] = told["href"]


def linked_rows(app: AppTest, column: str) -> list[dict]:
    """Give the rows of the table of areas that has a column, numbers as numbers; 'leads to' is a row's address."""
    for element in app.get("html"):
        reader = _Rows()
        if 'class="npd-areas"' in str(element.proto.body):
            reader.feed(str(element.proto.body))
        if column in reader.columns:
            return [{name: _number(value) for name, value in row.items()} for row in reader.rows]
    raise AssertionError(f"no table of areas has a column {column}")


def _number(value: str) -> float | str:
    try:
        return float(value)
    except ValueError:
        return value


def test_opens_on_the_whole_force_in_the_newest_complete_month(shell: Run) -> None:
    app = shell()
    assert not app.exception
    assert app.selectbox(key="choose_month").value == "2024-10"
    assert "Oct 2024 · West Midlands Police" in text(app)
    assert "10.1 %" in text(app)


def test_the_address_selects(shell: Run) -> None:
    app = shell(lpa="L1")
    assert app.multiselect(key="choose_lpa").value == ["L1"]
    assert "9.4 %" in text(app)
    assert app.button(key="chip_lpa").label == "LPA: LPA L1 ✕"


def test_a_filter_narrows_and_a_chip_widens_again(shell: Run) -> None:
    app = shell()
    app.multiselect(key="choose_lpa").set_value(["L1"]).run()
    assert app.query_params["lpa"] == "L1"
    assert app.multiselect(key="choose_sector").options == ["Sector S1", "Sector S2"]
    app.multiselect(key="choose_sector").set_value(["S1"]).run()
    assert app.query_params["sector"] == "S1"
    app.button(key="chip_lpa").click().run()
    assert "lpa" not in app.query_params
    assert "sector" not in app.query_params


def test_two_lpas_are_counted_together_and_each_chip_takes_one_away(shell: Run) -> None:
    app = shell()
    app.multiselect(key="choose_lpa").set_value(["L1", "L2"]).run()
    assert not app.exception
    assert app.query_params["lpa"] == "L1,L2"
    assert "LPA L1 and LPA L2, counted together" in text(app)
    assert "10.1 %" in text(app)
    assert [app.button(key=f"chip_lpa_{code}").label for code in ("L1", "L2")] == ["LPA: LPA L1 ✕", "LPA: LPA L2 ✕"]
    app.button(key="chip_lpa_L2").click().run()
    assert app.query_params["lpa"] == "L1"
    assert "9.4 %" in text(app)
    assert "counted together" not in text(app)


def test_sectors_of_two_lpas_bring_both_lpas(shell: Run) -> None:
    app = shell(sector="S1,S3")
    assert not app.exception
    assert app.multiselect(key="choose_lpa").value == ["L1", "L2"]
    assert app.multiselect(key="choose_sector").value == ["S1", "S3"]


def test_of_several_areas_one_that_is_gone_is_said_and_the_others_stand(shell: Run) -> None:
    app = shell(lpa="L1,L7")
    assert "The LPA “L7” does not exist (any more) or is not yours to see." in text(app)
    assert app.multiselect(key="choose_lpa").value == ["L1"]


def test_a_commander_counts_nothing_of_others(shell: Run) -> None:
    app = shell("commander", lpa="L1,L2")
    assert "“L2” does not exist (any more) or is not yours to see" in text(app)
    assert "9.4 %" in text(app)


def test_clear_all_clears_everything(shell: Run) -> None:
    app = shell(lpa="L1", month="2024-09", compare="force")
    app.button(key="chip_all").click().run()
    assert not app.query_params
    assert app.selectbox(key="choose_month").value == "2024-10"


def test_a_child_brings_its_parents(shell: Run) -> None:
    app = shell(sector="S1")
    assert app.multiselect(key="choose_lpa").value == ["L1"]


def test_a_bookmark_that_names_something_gone_says_so(shell: Run) -> None:
    app = shell(lpa="L7", month="1999-01", compare="lpa:L8")
    said = " ".join(warning.value for warning in app.warning)
    assert "The LPA “L7” does not exist (any more) or is not yours to see." in said
    assert "There is no data for the month “1999-01”. The data runs from " in said
    assert "There is nothing called “lpa:L8” to compare with." in said
    assert not app.exception


def test_a_commander_starts_in_their_own_area_and_is_offered_no_other(shell: Run) -> None:
    app = shell("commander")
    assert app.multiselect(key="choose_lpa").options == ["LPA L1"]
    assert "Oct 2024 · LPA L1" in text(app)
    assert "9.4 %" in text(app)
    assert "10.7 %" not in text(app)


def test_a_link_into_another_area_does_not_open_it(shell: Run) -> None:
    app = shell("commander", lpa="L2")
    assert "“L2” does not exist (any more) or is not yours to see" in text(app)
    assert "10.7 %" not in text(app)


def test_a_viewer_without_data_is_told_so(shell: Run) -> None:
    app = shell("elsewhere")
    assert "none of this viewer's areas is in the data" in text(app)
    assert [box.key for box in app.selectbox] == ["viewer"]


def test_every_figure_says_how_it_is_worked_out(shell: Run) -> None:
    app = shell()
    app.button(key="how_abs_ABS-01").click().run()
    said = text(app)
    assert "171 h ÷ 1,696 h × 100 = 10.1 %" in said
    for part in (indicator("ABS-01").numerator, indicator("ABS-01").denominator):
        assert said.count(part.words) >= 2  # in the formula, and by itself with its source
    assert "each summed first, divided once" in said
    assert "data version 1" in said
