"""A page as rich text, in the colours of a theme."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any, Final

from app.help.fields import FieldWords, fields_of
from app.help.formulas import formula_block, inline
from app.help.pages import INDEX, SECTIONS, SHORTCUTS, Page, group_address, pages
from app.help.sketches import DRAWN, Sketch
from app.help.texts import Text, text_of
from app.theme import Theme

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

PICTURE: Final = "picture:"
PLACE: Final = "<!--picture-->"
TRY: Final = "## What to try"


@dataclass(frozen=True, eq=False)
class Rendered:
    """A page that is ready to be shown.

    Its picture may come later, and is painted when its width is known: ``html`` holds `PLACE` until then.
    """

    address: str
    title: str
    html: str
    sketch: Sketch | None = None

    def drawn(self, sketch: Sketch | None) -> Rendered:
        """The page with its picture; without one, its place is closed."""
        html = self.html.replace(PLACE, "") if sketch is None else self.html.replace(PLACE, _image(self, sketch))
        return replace(self, html=html, sketch=sketch)


def rendered(address: str) -> Rendered:
    """The page at an address, its picture still to come. Reads and may import: not for the GUI thread.

    Raises:
        KeyError: there is no such page.
    """
    if address == INDEX:
        return Rendered(INDEX, "Help", _index())
    page = pages()[address]
    return Rendered(address, page.title, _page(page, text_of(address)))


def _image(page: Rendered, sketch: Sketch) -> str:
    return f'<p><img src="{PICTURE}{page.address}" alt="{_e(sketch.said)}"></p>'


def style_sheet(colors: Theme) -> str:
    """How pages look; Qt's rich text knows a part of CSS."""
    return f"""
    body {{ color: {colors.text}; }}
    h1 {{ font-size: x-large; font-weight: 600; margin-top: 0px; margin-bottom: 2px; }}
    h2 {{ font-size: large; font-weight: 600; margin-top: 16px; margin-bottom: 4px; }}
    p {{ margin-top: 4px; margin-bottom: 6px; }}
    li {{ margin-bottom: 5px; }}
    a {{ color: {colors.accent}; text-decoration: none; }}
    .path, .dim {{ color: {colors.dim}; }}
    .summary {{ color: {colors.dim}; margin-bottom: 10px; }}
    .formula {{ background-color: {colors.raised}; font-family: {SERIF}; font-size: large; margin-top: 4px; }}
    .above {{ border-bottom: 1px solid {colors.text}; }}
    code {{ font-family: {SERIF}; }}
    kbd, .keys {{ font-weight: 600; }}
    td.line {{ border-bottom: 1px solid {colors.border}; }}
    """


SERIF: Final = "'STIX Two Text', 'Cambria', 'Noto Serif', 'DejaVu Serif', 'Georgia', serif"


def _page(page: Page, text: Text) -> str:
    body = text.body or _derived(page)
    said, _, experiments = body.partition(TRY)
    group = text_of(group_address(page.group)) if page.family == "data" else Text()
    if not experiments:
        experiments = group.body.partition(TRY)[2]
    formula, said = _split_formula(said)
    parts = [_path(page), f"<h1>{_e(page.title)}</h1>", f'<p class="summary">{inline_text(page.summary)}</p>']
    if page.family in DRAWN:
        parts.append(PLACE)
    parts += [formula, markdown(said)]
    if page.family == "group":
        parts.append(_members(page))
    if experiments:
        parts.append(f"<h2>What to try</h2>{markdown(experiments)}")
    parts.append(_fields(page))
    parts.append(_see(page, text))
    return _whole(parts)


def _derived(page: Page) -> str:
    """What a declaration alone can say of itself, where nobody has written more."""
    return page.docstring


def _split_formula(body: str) -> tuple[str, str]:
    """The formulas before the text, and the text."""
    fence = "```formula\n"
    if not body.startswith(fence):
        return "", body
    block, _, rest = body[len(fence) :].partition("\n```")
    return formula_block(block.split("\n")), rest


def _path(page: Page) -> str:
    section, one = SECTIONS[page.family]
    group = f" · {_e(page.group)}" if page.group and page.family in ("layer", "data") else ""
    if page.family == "data":
        group = f" · {link(group_address(page.group), page.group[:1].upper() + page.group[1:])}"
    return f'<p class="path">{link(f"{INDEX}#{_anchor(section)}", one)}{group}</p>'


def _fields(page: Page) -> str:
    fields = fields_of(page)
    if not fields:
        return ""
    heading = "" if page.field else "<h2>Settings</h2>"
    return heading + "".join(_field(field, bool(page.field)) for field in fields)


def _field(field: FieldWords, alone: bool) -> str:
    """A field as a small table: its name and meaning, then what it may be and what it is at first."""
    facts = [
        f"{label} {_e(value)}"
        for label, value in (("usually", field.default), ("", field.bounds), ("in", field.unit))
        if value
    ]
    said = f'<span class="dim">{" &nbsp;·&nbsp; ".join(fact.strip() for fact in facts)}</span>'
    choices = ", ".join(link(address, title) for title, address in field.pages)
    lines = [] if alone else [f'<a name="{field.name}"></a><b>{_e(field.title)}</b>', inline_text(field.meaning)]
    lines += [said, choices and f"One of {choices}."]
    return f"<p>{'<br>'.join(line for line in lines if line)}</p>"


def _members(page: Page) -> str:
    rows = [
        f"<li>{link(other.address, other.title)}: {inline_text(other.summary)}</li>"
        for other in pages().values()
        if other.family == "data" and other.group == page.group
    ]
    return f"<ul>{''.join(rows)}</ul>"


def _see(page: Page, text: Text) -> str:
    known = pages()
    links = [link(address, known[address].title) for address in text.listed("see") if address in known]
    return f'<p class="dim">See also: {", ".join(links)}</p>' if links else ""


def _index() -> str:
    parts = [
        "<h1>Help</h1>",
        '<p class="summary">F1 on a layer, a setting or an entry of the palette opens its page. '
        f"{link(SHORTCUTS, 'All keys')} are on a page of their own.</p>",
    ]
    section = ""
    for page in pages().values():
        if page.section != section:
            section = page.section
            parts.append(f'<h2><a name="{_anchor(section)}"></a>{_e(section)}</h2>')
        if page.family == "group":
            parts.append(f"<p>{link(page.address, page.title)}: {_data_links(page.group)}</p>")
        elif page.family != "data":
            parts.append(f"<p>{link(page.address, page.title)}<br>"
                         f'<span class="dim">{inline_text(page.summary)}</span></p>')  # fmt: skip
    return _whole(parts)


def _data_links(group: str) -> str:
    kinds = [page for page in pages().values() if page.family == "data" and page.group == group]
    return ", ".join(link(page.address, page.title) for page in kinds)


def results(words: str, hits: list[Page]) -> Rendered:
    """The page that a search shows."""
    rows = [
        f"<p>{link(page.address, page.title)} <span class='dim'>{_e(SECTIONS[page.family][1])}<br>"
        f"{inline_text(page.summary)}</span></p>"
        for page in hits
    ]
    nothing = f"<p>No page speaks of “{_e(words)}”. {link(INDEX, 'All pages')}</p>"
    return Rendered(f"search:{words}", f"Search: {words}", _whole(["<h1>Search</h1>", *(rows or [nothing])]))


def found(words: str) -> list[Page]:
    """The pages that hold all the words, best first: the title counts most, then other names, then the text."""
    asked = words.casefold().split()
    ranked: list[tuple[int, int, Page]] = []
    for place, page in enumerate(pages().values()):
        text = text_of(page.address)
        title, also = page.title.casefold(), text.head.get("also", "").casefold()
        short = f"{title} {also} {page.address} {page.summary.casefold()}"
        if not all(word in short or word in text.body.casefold() for word in asked):
            continue
        whole = " ".join(asked)
        rank = 0 if title == whole else 1 if title.startswith(whole) else 2 if whole in f"{title} {also}" else 3
        ranked.append((rank if rank < 3 else 3 + (not all(word in short for word in asked)), place, page))
    return [page for _, _, page in sorted(ranked, key=lambda row: row[:2])]


def link(address: str, title: str) -> str:
    return f'<a href="{_e(address)}">{_e(title)}</a>'


def markdown(text: str) -> str:
    """Markdown as rich text; what stands as code is a formula."""
    html: str = _markdown().render(text)
    return html


def inline_text(text: str) -> str:
    """A line of plain text that may hold `formulas` between backticks."""
    parts = text.split("`")
    return "".join(f"<code>{inline(part)}</code>" if odd % 2 else _e(part) for odd, part in enumerate(parts))


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt  # takes a seventh of a second to import

    made = MarkdownIt("commonmark", {"html": False}).enable("table")

    def code(_self: Any, tokens: Any, at: int, _options: Any, _env: Any) -> str:
        return f"<code>{inline(tokens[at].content)}</code>"

    def fence(_self: Any, tokens: Any, at: int, _options: Any, _env: Any) -> str:
        return formula_block(tokens[at].content.split("\n"))

    made.add_render_rule("code_inline", code)
    made.add_render_rule("fence", fence)
    return made


def _whole(parts: list[str]) -> str:
    return f"<html><body>{''.join(part for part in parts if part)}</body></html>"


def _anchor(section: str) -> str:
    return section.casefold().replace(" ", "_")


def _e(text: str) -> str:
    return escape(text, quote=True)
