"""Finds a name from a few of its letters, as people type them into a palette."""

from __future__ import annotations

START, RUN, SKIP = 8, 5, -1  # a letter that begins a word; that follows the one before; each letter passed over
FIRST = 6  # the first letter of all


def score(typed: str, name: str) -> int | None:
    """How well ``name`` is meant by ``typed``, larger is better; None where its letters are not there in order.

    Letters that begin words and letters in a row count most: "ap" finds "Add PReLU" before "Gaps". Spaces in
    ``typed`` part words, each of which may stand anywhere.
    """
    total = 0
    for word in typed.casefold().split():
        best = _word_score(word, name.casefold())
        if best is None:
            return None
        total += best
    return total - len(name) // 8


def _word_score(word: str, name: str) -> int | None:
    whole = name.find(word)
    while whole > 0 and name[whole - 1].isalnum():  # rather at the start of a word
        further = name.find(word, whole + 1)
        if further < 0:
            break
        whole = further
    if whole >= 0:
        return START * 2 + RUN * len(word) + (FIRST if whole == 0 else 0) + (START if _begins(name, whole) else 0)
    if len(word) < 2:
        return None
    return _scattered(word, name)


def _scattered(word: str, name: str) -> int | None:
    """Letters in order, with others between."""
    total, at, before = 0, 0, -2
    for letter in word:
        starts = [place for place in range(at, len(name)) if name[place] == letter and _begins(name, place)]
        place = at if name[at : at + 1] == letter and before == at - 1 else next(iter(starts), name.find(letter, at))
        if place < 0:
            return None
        total += START if _begins(name, place) else RUN if before == place - 1 else SKIP
        total += SKIP * min(place - at, 4)
        before, at = place, place + 1
    return total if total > 0 else None


def _begins(name: str, place: int) -> bool:
    return place == 0 or not name[place - 1].isalnum()
