"""What if, on its pages: the amounts stand in the address, and nothing is invented where no range is known."""

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

Run = Callable[..., AppTest]


def said(app: AppTest) -> str:
    return " ".join(one.value for one in (*app.caption, *app.info, *app.markdown, *app.warning))


def test_posts_fewer_stand_in_the_address(shell: Run) -> None:
    address = {"workforce_tab": "capacity", "month": "2024-10"}
    app = shell("chief", "workforce", **address)
    assert "Choose how many posts fewer" in said(app)
    app = shell("chief", "workforce", **address, posts_lost="5")
    assert app.slider(key="own_posts_lost").value == 5
    assert "No area shown had more than 5 neighbourhood posts" in said(app)
    app.slider(key="own_posts_lost").set_value(7).run()
    assert app.query_params["posts_lost"] == "7"
    app.slider(key="own_posts_lost").set_value(0).run()
    assert "posts_lost" not in app.query_params


def test_an_amount_that_cannot_be_chosen_is_said(shell: Run) -> None:
    for given in ("999", "-1", "2.5", "²", "1" * 5000):
        app = shell("chief", "workforce", workforce_tab="capacity", month="2024-10", posts_lost=given)
        assert not app.exception
        assert "it is 0 to 50, in steps of 1" in said(app)
        assert app.slider(key="own_posts_lost").value == 0
