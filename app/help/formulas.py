"""Formulas as Qt's rich text: raised and lowered parts, stacked fractions, slanted letters."""

from __future__ import annotations

import re
from html import escape
from typing import Final

GAP: Final = '<p style="font-size: 3px; margin: 0px;">&nbsp;</p>'
RAISED: Final = re.compile(r"\^\{([^{}]*)\}")
LOWERED: Final = re.compile(r"_\{([^{}]*)\}")
# A letter alone is a variable and slanted; a word (max, tanh, if) is a name and upright.
VARIABLE: Final = re.compile(r"(?<![A-Za-z&;#])([A-Za-zα-ωŷ]\u0302?)(?![A-Za-z;])")


def formula_block(lines: list[str]) -> str:
    """Formulas below each other. ``{a}/{b}`` at the top level of a line stands as a fraction."""
    rows = "".join(f"<tr><td>{_line(line)}</td></tr>" for line in lines if line.strip())
    # Qt gives a table no margin of its own between paragraphs: thin lines stand above and below.
    return f'{GAP}<table class="formula" width="100%" cellspacing="0" cellpadding="6">{rows}</table>{GAP}'


def inline(text: str) -> str:
    """A formula within a line: ``w_{ij}``, ``e^{−x}``."""
    html = VARIABLE.sub(r"<i>\1</i>", escape(text, quote=False))
    html = html.replace("<i>f</i>′", '<i style="letter-spacing: 2px">f</i>′')  # its hook would hide the prime
    # Lowered parts first: those within a raised one are then no braces any more.
    html = LOWERED.sub(_lowered, html)
    return RAISED.sub(r"<sup>\1</sup>", html)


def _lowered(match: re.Match[str]) -> str:
    """A lowered part; two letters are two indices."""
    within = match[1]
    return f"<sub><i>{within}</i></sub>" if len(within) == 2 and within.isalpha() else f"<sub>{within}</sub>"


def _line(line: str) -> str:
    parts = fractions(line.strip())
    if len(parts) == 1 and isinstance(parts[0], str):
        return inline(parts[0])
    cells = "".join(
        f'<td valign="middle">{inline(part)}</td>' if isinstance(part, str) else _fraction(*part) for part in parts
    )
    return f'<table cellspacing="0" cellpadding="2"><tr>{cells}</tr></table>'


def _fraction(above: str, below: str) -> str:
    return (
        '<td valign="middle"><table cellspacing="0" cellpadding="1">'
        f'<tr><td class="above" align="center">{inline(above)}</td></tr>'
        f'<tr><td align="center">{inline(below)}</td></tr></table></td>'
    )


def fractions(line: str) -> list[str | tuple[str, str]]:
    """A line cut at its fractions: ``y = {1}/{1 + e^{−x}}`` is ``["y = ", ("1", "1 + e^{−x}")]``."""
    parts: list[str | tuple[str, str]] = []
    plain, at = "", 0
    while at < len(line):
        above = _group(line, at) if line[at] == "{" and line[at - 1 : at] not in ("^", "_") else None
        below = _group(line, above + 1) if above is not None and line[above : above + 1] == "/" else None
        if above is None or below is None:
            plain += line[at]
            at += 1
            continue
        if plain.strip():
            parts.append(plain.strip())
        parts.append((line[at + 1 : above - 1], line[above + 2 : below - 1]))
        plain, at = "", below
    if plain.strip():
        parts.append(plain.strip())
    return parts


def _group(line: str, at: int) -> int | None:
    """Where the braces that open at ``at`` are closed: the place behind; None where they are not."""
    if line[at : at + 1] != "{":
        return None
    depth = 0
    for place in range(at, len(line)):
        depth += (line[place] == "{") - (line[place] == "}")
        if depth == 0:
            return place + 1
    return None
