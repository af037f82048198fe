"""The formulas of a stage, or a weight's chain, as rich text in the colours of the theme."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Final

from app import theme
from app.help.formulas import fractions, inline
from app.help.render import SERIF
from engine.insight.trace import Chain, LayerTrace, Line, Stage, Trace, backward_lines, figure, forward_lines, plain
from engine.insight.trace.record import place_of
from engine.insight.trace.words import largest_of

FACTOR: Final = 9  # letters that a factor of a chain takes, with its number below
UNITS: Final = ("dense", "maxout")
INDENT: Final = ' style="margin-left: 20px"'  # of the numbers below their letters


def style_sheet() -> str:
    """How a page looks; Qt's rich text knows a part of CSS."""
    colors = theme.current()
    return f"""
    body, td {{ color: {colors.text}; }}
    p {{ margin-top: 2px; margin-bottom: 4px; }}
    .head {{ font-weight: 600; }}
    .dim {{ color: {colors.dim}; }}
    .value {{ color: {colors.accent}; font-weight: 600; }}
    .good {{ color: {colors.healthy}; }}
    .bad {{ color: {colors.sick}; }}
    .formula {{ font-family: {SERIF}; }}
    .above {{ border-bottom: 1px solid {colors.text}; }}
    """


def stage_page(trace: Trace, stage: Stage, layer: LayerTrace, unit: int, weight: tuple[str, int] | None) -> str:
    """What happens to the chosen unit of a layer in a stage; ``weight``: the chosen one, where it is of this unit."""
    if stage == "loss":
        head = f"Loss: {escape(trace.loss.title)}"
        said = f"wanted {escape(trace.loss.wanted)}, answered {escape(trace.loss.shown)}"
        return _page(head, said, _lines(trace.loss.lines), trace.remarks)
    label = escape(layer.label)
    if stage == "update":
        chosen = weight or _steepest(trace, layer, unit)
        if chosen is None:
            return _page(label, "", "<p>This layer has no weights: there is nothing to update.</p>", trace.remarks)
        name = f"{escape(chosen[0])}{place_of(chosen[1], trace.updated.by_key[chosen[0]].shape)}"
        return _page(name, _moment(trace), _lines(trace.updated.lines(*chosen)), trace.remarks)
    many = layer.output.value.size > 1
    head = f"{label}{f', {_unit(layer.layer.kind)} {unit + 1}' if many else ''}"
    if not layer.sources:
        return _page(label, "the example as the network takes it", _example(trace, layer), trace.remarks)
    lines = forward_lines(trace, layer.node, unit) if stage == "forward" else backward_lines(trace, layer.node, unit)
    if not lines:
        return _page(head, layer.layer.summary, "<p>Its numbers stand above.</p>", trace.remarks)
    return _page(head, escape(layer.layer.title), _lines(lines), trace.remarks)


def chain_page(chain: Chain, trace: Trace, width: int) -> str:
    """Why a weight's gradient is what it is; ``width`` letters are there for it."""
    head = inline(figure(chain.value))
    said = f"{escape(chain.says)}; on the command line {escape(chain.name)}"
    parts = [_factors(chain, max((width - 8) // FACTOR, 3)), _beside(chain)]
    heading = ""
    for link in chain.links:
        before = heading
        kind = trace.by_node[link.node].layer.kind if link.node in trace.by_node else ""
        heading = f"{escape(link.label)}{f', {_unit(kind)} {link.unit + 1}' if link.node else ''}"
        parts += [f'<p class="dim">{heading}</p>' if heading != before else "", _lines(link.lines)]
    return _page(head, said, "".join(parts), ())


def _unit(kind: str) -> str:
    return "unit" if kind in UNITS else "number"


def _beside(chain: Chain) -> str:
    """The backward pass beside what differences say."""
    measured = chain.measured
    if measured.corner or measured.value != measured.value:
        return f'<p class="{"good" if measured.agrees else "bad"}">{escape(plain(chain.comparison))}</p>'
    verdict = "good" if measured.agrees else "bad"
    values = (
        f"Backward pass {inline(figure(chain.gradient, 6))}, finite difference {inline(figure(measured.value, 6))},"
    )
    return f'<p>{values} <span class="{verdict}">they {plain(measured.verdict)}</span></p>'


def _page(head: str, said: str, body: str, remarks: Iterable[str]) -> str:
    note = "".join(f'<p class="dim">{escape(remark)}</p>' for remark in remarks)
    beside = f' <span class="dim">{said.replace(" %", "&nbsp;%")}</span>' if said else ""
    return f'<html><body><p><span class="head">{head}</span>{beside}</p>{body}{note}</body></html>'


def _moment(trace: Trace) -> str:
    return f"step {trace.step + 1:,}"


def _example(trace: Trace, layer: LayerTrace) -> str:
    rows = [
        f'<tr><td>{escape(name)}&nbsp;&nbsp;</td><td align="right">{inline(figure(raw))}&nbsp;&nbsp;</td>'
        f'<td align="right" class="dim">x = {inline(figure(float(x)))}</td></tr>'
        for (name, raw), x in zip(trace.example[:64], layer.output.value.ravel(), strict=False)
    ]
    more = f'<p class="dim">… {len(trace.example) - 64} more</p>' if len(trace.example) > 64 else ""
    return f'<table cellspacing="0" cellpadding="2">{"".join(rows)}</table>{more}'


def _steepest(trace: Trace, layer: LayerTrace, unit: int) -> tuple[str, int] | None:
    """The weight of a layer, in a dense one of a unit, by which the loss is steepest."""
    best: tuple[float, str, int] | None = None
    width = layer.output.value.shape[-1]
    first, step = (unit % width, width) if layer.layer.kind == "dense" else (0, 1)
    for key in layer.parameters:
        gradient = trace.updated.gradient(key).ravel()[first::step]
        place = largest_of(gradient, 1)[0]
        if best is None or abs(float(gradient[place])) > best[0]:
            best = (abs(float(gradient[place])), key, first + step * place)
    return None if best is None else best[1:]


def _lines(lines: Iterable[Line]) -> str:
    """Each equation below the one before: in letters, and below it with its numbers."""
    found = []
    for line in lines:
        value = "" if line.value is None else f'<span class="value">{inline(figure(line.value))}</span>'
        filled = fractions(line.filled)
        formula = [*fractions(line.symbol), "=", *fractions(line.formula)] if line.formula else fractions(line.symbol)
        found.append(_equation(formula, "" if filled else value))
        if filled:
            found.append(_equation(["=", *filled], value, indent=True))
    return "".join(found)


def _equation(parts: list[str | tuple[str, str]], value: str, indent: bool = False) -> str:
    """One line of a formula. Where it has fractions it is a table of two rows, else text that may break.

    No tables within tables: laying them out would take most of a frame.
    """
    end, style = f" = {value}" if value else "", INDENT if indent else ""
    if all(isinstance(part, str) for part in parts):
        return f'<p class="formula"{style}>{" ".join(inline(part) for part in parts if isinstance(part, str))}{end}</p>'
    above = "".join(
        f'<td rowspan="2" valign="middle">&nbsp;{inline(part)}&nbsp;</td>'
        if isinstance(part, str)
        else f'<td class="above" align="center">{inline(part[0])}</td>'
        for part in parts
    )
    below = "".join(f'<td align="center">{inline(part[1])}</td>' for part in parts if not isinstance(part, str))
    last = f'<td rowspan="2" valign="middle">&nbsp;{end}</td>' if end else ""
    rows = f"<tr>{above}{last}</tr><tr>{below}</tr>"
    return f'<table class="formula"{style} cellspacing="0" cellpadding="1">{rows}</table>'


def _factors(chain: Chain, per_row: int) -> str:
    """The product of the lecture: each derivative with its number below."""
    blocks = []
    gradient = f'<span class="value">{inline(figure(chain.gradient))}</span>'
    for start in range(0, len(chain.factors), per_row):
        rows: list[list[str]] = [[], [], []]
        lead: list[tuple[str, float | None]] = [("{∂E}/{∂w}", None)] if not start and chain.ways == 1 else []
        for symbol, value in (*lead, *chain.factors[start : start + per_row]):
            (above, below), *_ = fractions(symbol)
            sign = "=" if value is None else "·"
            rows[0].append(
                f'<td class="above" align="center">{inline(above)}</td>'
                f'<td rowspan="2" valign="middle">&nbsp;{sign}&nbsp;</td>'
            )
            rows[1].append(f'<td align="center">{inline(below)}</td>')
            rows[2].append(f'<td align="center">{"" if value is None else inline(figure(value))}</td><td></td>')
        if start + per_row >= len(chain.factors):
            rows[0][-1] = rows[0][-1].replace("&nbsp;·&nbsp;", f"&nbsp;= {gradient}" if chain.ways == 1 else "")
        body = "".join(f"<tr>{''.join(row)}</tr>" for row in rows)
        blocks.append(f'<table class="formula" cellspacing="0" cellpadding="1">{body}</table>')
    if chain.ways == 1:
        return "".join(blocks)
    said = (
        f"<p>The strongest of {chain.ways:,} ways to the loss carries {inline(figure(chain.strongest))}; "
        f"all together ∂E/∂w = {gradient}</p>"
    )
    return said + "".join(blocks)
