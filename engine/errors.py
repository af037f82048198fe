"""The errors that a user may see: each names the thing, the reason and the way out."""

from __future__ import annotations


class NetloomError(Exception):
    """A fault in what the user gave, said in the user's words.

    Attributes:
        thing: what is at fault: a file with its line, a node, a field.
        reason: what is wrong with it.
        remedy: what would be right; empty where nothing can be advised.
    """

    def __init__(self, thing: str, reason: str, remedy: str = "") -> None:
        self.thing, self.reason, self.remedy = thing, reason, remedy
        super().__init__(": ".join(part for part in (thing, reason) if part) + (f". {remedy}" if remedy else ""))

    def __reduce__(self) -> tuple[type[NetloomError], tuple[str, str, str]]:
        """An error that happens in another process arrives whole."""
        return type(self), (self.thing, self.reason, self.remedy)


class DesignError(NetloomError):
    """The design cannot be read or cannot be trained."""


class DataError(NetloomError):
    """The data cannot be read or cannot be learnt from."""


class ProjectError(NetloomError):
    """A project file cannot be read or written."""


class Diverged(NetloomError):
    """Training left the range of finite numbers; the last good weights were kept."""
