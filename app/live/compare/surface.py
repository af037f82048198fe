"""The loss surface through the weights of the chosen run, with the paths of all, computed whenever the runs rest."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

import numpy as np
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.choice import choice
from app.live.compare.arena import Arena
from app.live.compare.landscape import Landscape
from app.live.compare.page import Page
from app.live.empty import EmptyWord
from app.live.key import Entry, SignButton
from app.live.numbers import short, whole
from app.live.share import Columns
from engine.compare.maps import Dated
from engine.compare.path import Path, finite
from engine.compare.standing import Standing
from engine.compare.surface import Surface, Whole, surface
from engine.compare.table import table_of
from engine.compare.task import Newest

NAME: Final = "whole"
KINDS: Final = (("Along the paths", "path"), ("Random directions", "random"))
LEARNING: Final = "When the runs pause or end, the loss around their weights appears here."
COMING: Final = "The loss around the weights of the runs is being computed."
WAITING: Final = "Press Play above. When the runs pause or end, the loss around their weights appears here."


class SurfacePage(Page):
    title = "Surface"
    tip = "The loss around the weights of the chosen run, with the paths of all that train the same network"

    def __init__(self, arena: Arena) -> None:
        super().__init__(arena)
        self._word = EmptyWord(WAITING)
        self.landscape = Landscape(self._word)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.landscape.plot)
        self.directions = choice(
            "Directions of the surface",
            "Along the paths: the two directions in which the runs have moved most, their principal components (PC); "
            "the axes say what share of the way lies along each. Random directions: filter by filter as long as the "
            "weights.",
        )
        for title, kind in KINDS:
            self.directions.addItem(title, kind)
        self.dice = SignButton("mdi6.dice-multiple-outline", "Other random directions")
        self.dice.clicked.connect(self._throw)
        self.controls = [self.directions, self.dice]
        self._seed = 0
        self._tasks = Newest[Surface]()
        self._wanted: tuple[object, ...] = ()
        self._asked: tuple[object, ...] = ()
        self._drawn: Surface | None = None
        self._of: object = None  # the contest to which it belongs
        self._hidden: set[int] = set()  # the marks themselves go when another page is looked at

    def entries(self, standings: Sequence[Standing]) -> list[Entry]:
        if self.arena.contest is not self._of:  # what was computed is of other runs
            self._of, self._drawn, self._wanted, self._asked = self.arena.contest, None, (), ()
            self._tasks.let_go()
            self.landscape.clear()
        self._hidden &= {standing.key for standing in standings}
        marks = []
        for standing in standings:
            mark = Entry(standing.name, "line", self.arena.color(standing.key), toggles=True)
            mark.setChecked(standing.key not in self._hidden)
            mark.toggled.connect(partial(self._on_toggled, standing.key))
            marks.append(mark)
        return marks

    def _on_toggled(self, key: int, shown: bool) -> None:
        self._hidden = self._hidden - {key} if shown else self._hidden | {key}
        self._draw()

    def refresh(self, standings: Sequence[Standing]) -> str:
        standing = self._middle(standings)
        contest = self.arena.contest
        if contest is None or standing is None:
            return ""
        at_rest = not contest.playing and all(
            each.phase == "failed" or (each.finals is not None and each.finals.step == each.step) for each in standings
        )
        if at_rest and standing.phase != "failed":
            self._begin(standing, standings)
        task = self._tasks.task
        if task is not None and task.latest is not None and task.latest is not self._drawn:
            self._drawn = task.latest
            self._draw()
        return self._words(standing, contest.playing)

    def _middle(self, standings: Sequence[Standing]) -> Standing | None:
        """The chosen run; the one with the least loss while none is chosen."""
        best = table_of(standings).best.get("train loss", 0)
        if self.arena.chosen is None and best < len(standings):
            return standings[best]
        return self.arena.standing

    def _begin(self, standing: Standing, standings: Sequence[Standing]) -> None:
        """Ask for the weights in the middle; once they are there, compute."""
        contest = self.arena.contest
        assert contest is not None
        steps = tuple((each.key, each.step) for each in standings)
        wanted = (contest, standing.key, steps, self.directions.currentData(), self._seed)
        if wanted == self._wanted:
            return
        if self._asked != wanted:
            self._asked = wanted
            contest.ask(standing.key, NAME, Dated(Whole()))
            return
        answer = contest.answer(standing.key, NAME)
        if answer is None or answer[0] != standing.step:
            return
        document, prepared, state = answer[1]
        self._wanted = wanted
        self._drawn = None
        paths, kind, seed = self._paths(standing, standings), wanted[3], self._seed
        # the paths, which may be long, are read beside the window, too
        self._tasks.begin("surface", lambda: surface(document, prepared, state, kind, finite(paths), seed))

    def _paths(self, standing: Standing, standings: Sequence[Standing]) -> dict[int, Path]:
        """The paths that lie on the same surface: those of one network and one task, however it was trained."""
        contest = self.arena.contest
        assert contest is not None
        own = contest.path(standing.key)
        paths = {each.key: contest.path(each.key) for each in standings}
        return {key: path for key, path in paths.items() if path and own and path.ground == own.ground}

    def _draw(self, *_: object) -> None:
        if self._drawn is not None:
            shown = [each.key for each in self.arena.standings if each.key not in self._hidden]
            roles = {key: self.arena.color(key) for key in shown}
            self.landscape.draw(self._drawn, roles)

    def _words(self, standing: Standing, playing: bool) -> str:
        task = self._tasks.task
        if task is not None and task.failure:
            self._word.setText(task.failure)
            self.landscape.clear()
            return ""
        self._word.setText(LEARNING if playing else COMING if task is not None else WAITING)
        drawn = self._drawn
        if playing:
            return "Pause to compute it anew" if drawn is not None else ""
        if drawn is None:
            return "Computing …" if task is not None else ""
        if drawn.done < 1:
            return f"Computing: {100 * drawn.done:.0f} %"
        sample = "" if drawn.rows == drawn.of else f", on {whole(drawn.rows)} of {whole(drawn.of)} rows"
        return f"Loss {short(drawn.centre)}, {standing.name}{sample}"

    def _throw(self) -> None:
        self._seed += 1
        self.directions.setCurrentIndex(self.directions.findData("random"))

    def repaint_all(self) -> None:
        self._draw()

    def parts(self) -> list[QWidget]:
        return [self.landscape.plot]

    def columns(self) -> Columns:
        """A row per node of the surface."""
        drawn = self._drawn
        if drawn is None:
            return {}
        left, right, bottom, top = drawn.slice.span
        side = len(drawn.values)
        a, b = np.meshgrid(np.linspace(left, right, side), np.linspace(bottom, top, side))
        rows: dict[str, Any] = {"first": a.ravel(), "second": b.ravel(), "loss": drawn.values.ravel()}
        return rows

    def stop(self) -> None:
        self._tasks.close()
