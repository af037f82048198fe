"""Back and forward."""

from __future__ import annotations

from app.help.history import History


def test_that_back_and_forward_return_to_where_one_was() -> None:
    history = History()
    assert history.address == ""
    assert not history.can_go_back
    history.visit("a")
    history.leave(120)
    history.visit("b")
    assert history.go(-1) == "a"
    assert history.place == 120
    assert history.can_go_forward
    assert history.go(1) == "b"
    assert history.go(1) == "b"


def test_that_a_new_way_forgets_what_lay_ahead() -> None:
    history = History()
    for address in ("a", "b", "c"):
        history.visit(address)
    history.go(-1)
    history.go(-1)
    history.visit("d")
    assert not history.can_go_forward
    assert history.go(-1) == "a"


def test_that_a_search_in_the_making_is_one_page() -> None:
    history = History()
    for address in ("a", "search:o", "search:ov", "search:over"):
        history.visit(address)
    assert history.go(-1) == "a"
    assert history.go(1) == "search:over"
