"""Where a reader has been: back, forward, and how far down each page was read."""

from __future__ import annotations


class History:
    """Addresses in the order in which they were read, with a place in each."""

    def __init__(self) -> None:
        self._visited: list[tuple[str, int]] = []
        self._at = -1

    @property
    def address(self) -> str:
        """The page that is open; empty before the first."""
        return self._visited[self._at][0] if self._visited else ""

    @property
    def place(self) -> int:
        """How far down the open page was read when it was left."""
        return self._visited[self._at][1] if self._visited else 0

    @property
    def can_go_back(self) -> bool:
        return self._at > 0

    @property
    def can_go_forward(self) -> bool:
        return self._at < len(self._visited) - 1

    def visit(self, address: str) -> None:
        """A page was opened by a link: what lay ahead is forgotten. A search in the making is one page."""
        if address == self.address:
            return
        if address.startswith("search:") and self.address.startswith("search:"):
            self._at -= 1
        self._visited[self._at + 1 :] = [(address, 0)]
        self._at += 1

    def leave(self, place: int) -> None:
        """Remember how far down the open page is read."""
        if self._visited:
            self._visited[self._at] = (self.address, place)

    def go(self, steps: int) -> str:
        """Back (-1) or forward (1), where there is anything; returns the page."""
        self._at = min(max(self._at + steps, 0), len(self._visited) - 1)
        return self.address
