"""What every run has learnt, side by side, and where they differ."""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from time import perf_counter
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app import theme
from app.choice import choice
from app.live.compare.arena import Arena
from app.live.compare.groups import Group, groups_of
from app.live.compare.page import Page
from app.live.compare.tiles import TILE, MapTile, RunTile, Tile, drop
from app.live.fit import OF_PICTURE, WAYS
from app.live.key import Entry
from app.live.picks import Picks
from app.live.share import Columns
from engine.compare.maps import Dated, difference, disagreement_of, table_of_map
from engine.compare.standing import Standing
from engine.insight.pictures import BoundaryPicture, Kind, Picture
from engine.insight.questions import Fit

NAME: Final = "fit"
SHARE: Final = 0.05  # of the time that pictures may cost the contest
SOONEST: Final = 0.1  # s between two rounds of questions
LARGEST: Final = 80  # places along a side of a plane
ASPECT: Final = 1.1  # width over height that a tile should have
WAITING: Final = "Press Play above: what each run has learnt appears here."


class PicturesPage(Page):
    title = "Pictures"
    tip = "What each run has learnt, and where they differ"

    def __init__(self, arena: Arena) -> None:
        super().__init__(arena)
        self.kind = choice("Kind of picture")
        self.kind.activated.connect(self._hurry)
        self.controls = [self.kind]
        self._kinds: tuple[Kind, ...] = ()
        self.picks = Picks(self)
        self.picks.changed.connect(self._hurry)
        self._word = QLabel(WAITING)
        self._word.setWordWrap(True)
        self._word.setAlignment(Qt.AlignmentFlag.AlignCenter)
        theme.set_role(self._word, "dim")
        self._body = QWidget()
        self._grid = QGridLayout(self._body)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(0)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setWidget(self._body)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._word, 1)
        column.addWidget(self._scroll, 1)
        self.tiles: dict[int, RunTile] = {}
        self.maps: dict[str, MapTile] = {}
        self._order: list[Tile] = []
        self._of: object = None  # the contest that the tiles belong to
        self._columns = 0
        self._asked = 0.0
        self._asked_for: object = None
        self._resolution = LARGEST
        self._seconds = 0.0

    def entries(self, standings: Sequence[Standing]) -> list[Entry]:
        """A tile for everybody who takes part, and one for what sets them apart."""
        again = self.arena.contest is not self._of
        self._of = self.arena.contest
        keys = set() if again else {standing.key for standing in standings}
        for key in self.tiles.keys() - keys:
            drop(self.tiles.pop(key))
        for standing in standings:
            if standing.key not in self.tiles:
                self.tiles[standing.key] = RunTile(self.picks)
            self.tiles[standing.key].call(standing.name, self.arena.difference(standing))
        groups = groups_of(standings)
        wanted = [f"{group.name} disagree" for group in groups if group.is_fan]
        if self._pair(groups) is not None:
            wanted.append("difference")
        for name in self.maps.keys() - set(() if again else wanted):
            drop(self.maps.pop(name))
        for name in wanted:
            self.maps.setdefault(name, MapTile())
        self._order = [*self.tiles.values(), *self.maps.values()]
        self._columns = 0
        self._arrange()
        self._hurry()
        return []

    def _pair(self, groups: Sequence[Group]) -> tuple[Standing, Standing] | None:
        """The two whose answers are subtracted: the first of the list, and the chosen one or else the second."""
        singles = [group.members[0] for group in groups if not group.is_fan]
        if len(singles) < 2:
            return None
        chosen = next((each for each in singles[1:] if each.key == self.arena.chosen), singles[1])
        return singles[0], chosen

    def refresh(self, standings: Sequence[Standing]) -> str:
        contest = self.arena.contest
        if contest is None:
            return ""
        fresh = False
        for standing in standings:
            answer = contest.answer(standing.key, NAME)
            tile = self.tiles.get(standing.key)
            if answer is not None and tile is not None and answer[1] is not tile.picture:
                tile.draw(*answer)
                fresh = True
        pictures = [tile.picture for tile in self.tiles.values() if tile.picture is not None]
        self._word.setVisible(not pictures)
        self._scroll.setVisible(bool(pictures))
        if fresh:
            self._seconds = sum(picture.seconds for picture in pictures)
            self._offer(pictures[0])
            self._agree_on_size(pictures)
            self._compare(standings)
        self._ask(standings)
        return self._words(standings)

    def _ask(self, standings: Sequence[Standing]) -> None:
        """Everybody at once, when the last round has been answered and paid for, and something has changed since.

        That somebody has moved on, or that a tile has another shape: what was asked for before there were any is for
        a square.
        """
        contest = self.arena.contest
        steps = {standing.key: standing.step for standing in standings}
        first = next(iter(self.tiles.values()), None)
        aspect = first.aspect if first is not None else 1.0
        asks_for = steps, aspect
        now = perf_counter()
        if contest is None or asks_for == self._asked_for or now - self._asked < max(SOONEST, self._seconds / SHARE):
            return
        self._asked, self._asked_for = now, asks_for
        wanted = self.kind.currentData()
        picks = self.picks
        question = Fit(self._resolution, aspect, wanted, 0, picks.features, picks.held, picks.of)
        for key in steps:
            contest.ask(key, NAME, Dated(question))

    def _compare(self, standings: Sequence[Standing]) -> None:
        groups = groups_of(standings)
        for group in groups:
            tile = self.maps.get(f"{group.name} disagree")
            pictures = [self.tiles[each.key].picture for each in group.members if each.key in self.tiles]
            known = [picture for picture in pictures if picture is not None]
            if tile is not None and len(known) == len(group.members):
                tile.draw("Disagreement", f"Where the seeds of {group.name} disagree", disagreement_of(known))
        pair, tile = self._pair(groups), self.maps.get("difference")
        # on another page runs may come and go before their tiles do
        if pair is not None and tile is not None and all(each.key in self.tiles for each in pair):
            first, second = (self.tiles[each.key].picture for each in pair)
            if first is not None and second is not None:
                tile.draw("Difference", f"{pair[0].name} − {pair[1].name}", difference(first, second))

    def _agree_on_size(self, pictures: Sequence[Picture]) -> None:
        """A large network answers on a coarser grid: then all do, so that they can be subtracted."""
        sides = {each.values.shape[0] for each in pictures if isinstance(each, BoundaryPicture)}
        if len(sides) > 1 and min(sides) < self._resolution:
            self._resolution = min(sides)
            self._hurry()

    def _offer(self, picture: Picture) -> None:
        if picture.kinds != self._kinds:
            self._kinds = picture.kinds
            self.kind.clear()
            for kind in picture.kinds:
                self.kind.addItem(WAYS[kind].title, kind)
            self.kind.setCurrentIndex(self.kind.findData(OF_PICTURE[type(picture)]))

    def _words(self, standings: Sequence[Standing]) -> str:
        if len(standings) == 1:
            return "Add a second run to see where they differ"
        return ""

    def _hurry(self, *_: object) -> None:
        """What is wanted has changed: ask again, whether anybody has moved or not."""
        self._asked, self._asked_for = 0.0, None

    def _arrange(self) -> None:
        """As many columns as make the tiles nearly square."""
        count = max(len(self._order), 1)
        width, height = max(self.width(), 1), max(self.height(), 1)

        def crooked(columns: int) -> float:
            rows = -(-count // columns)
            narrow = max(TILE[0] * columns / width, 1.0)  # nobody scrolls sideways
            return abs(log((width / columns) / max(height / rows, TILE[1]) / ASPECT)) + 9 * log(narrow)

        columns = min(range(1, count + 1), key=crooked)
        if columns == self._columns:
            return
        self._columns = columns
        for tile in self._order:
            self._grid.removeWidget(tile)
        for number, tile in enumerate(self._order):
            self._grid.addWidget(tile, number // columns, number % columns)
            tile.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
        self._hurry()

    def repaint_all(self) -> None:
        for tile in self.tiles.values():
            if tile.picture is not None:
                tile.draw(tile.step, tile.picture)
        self._compare(self.arena.standings)

    def parts(self) -> list[QWidget]:
        return [self._body if self._scroll.isVisible() else self._word]

    def columns(self) -> Columns:
        """The map, a row per place."""
        tile = next((each for each in self.maps.values() if each.map is not None), None)
        if tile is None or tile.map is None:
            return {}
        return table_of_map(tile.map)
