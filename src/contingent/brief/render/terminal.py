"""How does a brief read on a terminal of up to a hundred columns, or piped into a file as plain ASCII?"""

import re
import textwrap
import unicodedata
from itertools import zip_longest

from contingent.brief.document import Document, blocks
from contingent.brief.document.blocks import Block, Entry, Number, Section, Strong, Table, Text, flat, words

WIDTH = 100
BAR = 20  # columns of a full bar
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
BOLD, DIM, RESET = "\x1b[1m", "\x1b[2m", "\x1b[0m"
ASCII = str.maketrans(
    {"\u2212": "-", "\u202f": " ", "\u00a0": " ", "\u2013": "-", "\u2014": "-", "\u2019": "'", "\u2018": "'",
     "\u201c": '"', "\u201d": '"', "\u2026": "...", "\u00b7": "|", "\u2500": "-", "\u2550": "=", "\u2588": "#",
     "\u258c": "|", "\u2022": "*", "\u00d7": "x", "\u25b2": "!", "\u00b1": "+/-", "\u2265": ">=", "\u2264": "<="}
)  # fmt: skip


def plain(brief: Document, *, annexes: bool = False, width: int = WIDTH) -> str:
    """The brief without colour; in English with nothing but ASCII, in other languages in their own script."""
    text = ESCAPE.sub("", screen(brief, annexes=annexes, width=width))
    if brief.catalogue.language != "en":
        return text
    bare = unicodedata.normalize("NFKD", text.translate(ASCII))
    return bare.encode("ascii", "ignore").decode()


def screen(brief: Document, *, annexes: bool = False, width: int = WIDTH) -> str:
    """The brief with emphasis, for a terminal that shows it; the annexes only if asked for."""
    lines = [brief.marking.center(width).rstrip()] if brief.marking else []
    lines += [DIM + line + RESET for line in wrapped("  \u00b7  ".join(brief.heading), width)]
    lines += ["", *(BOLD + line + RESET for line in wrapped(brief.question, width)), ""]
    for section in brief.sections:
        if annexes or not section.annex:
            lines += section_lines(section, width)
    if brief.run and not annexes:
        lines += ["", *wrapped(DIM + brief.catalogue.word("page.annexes", run=brief.run) + RESET, width)]
    if brief.marking:
        lines += ["", brief.marking.center(width).rstrip()]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def section_lines(section: Section, width: int) -> list[str]:
    """A section with its heading."""
    lines = ["", *(BOLD + line + RESET for line in wrapped(section.heading, width))]
    lines.append("\u2550" * min(width, len(section.heading)))
    for block in section.blocks:
        if not (isinstance(block, Table) and block.id):  # printed where its figure stands
            lines += [*block_lines(block, width), ""]
    return lines[:-1]


def block_lines(block: Block, width: int = WIDTH) -> list[str]:
    """One block as lines of at most `width` columns."""
    match block:
        case blocks.Paragraph():
            return wrapped(styled(block.text), width)
        case blocks.Bullets():
            return [line for item in block.items for line in wrapped(styled(item), width, "\u2022 ", "  ")]
        case blocks.Box():
            inner = [line for part in block.blocks for line in block_lines(part, width - 2)]
            return [DIM + block.title.upper() + RESET, *("\u258c " + line for line in inner)]
        case blocks.Keys():
            told = (f"{BOLD}{key.number.text}{RESET}  {words(key.label)}; {words(key.interval)}" for key in block.items)
            return [line for key in told for line in wrapped(key, width, "", "    ")]
        case Table():
            return [*wrapped(BOLD + block.caption + RESET, width), *table_lines(block, width)]
        case blocks.Figure():
            return [
                *wrapped(BOLD + block.question + RESET, width), *wrapped(styled(block.reading), width),
                *table_lines(block.table, width, bars=True), *wrapped(DIM + words(block.source) + RESET, width),
            ]  # fmt: skip
        case blocks.Entries():
            return [line for entry in block.items for line in _entry(entry, width)]


def _entry(entry: Entry, width: int) -> list[str]:
    mark = "\u25b2 " if entry.flag else ""
    lines = wrapped(mark + BOLD + words(entry.title) + RESET, width, "", "    ")
    for line in entry.lines:
        lines += wrapped(words(line), width, "    ", "    ")
    return lines + (wrapped(f"\u201c{entry.quote}\u201d", width, "    ", "    ") if entry.quote else [])


def table_lines(table: Table, width: int = WIDTH, *, bars: bool = False) -> list[str]:
    """A table in columns as wide as they need to be; with `bars`, the first share of a row is drawn beside it."""
    rows = [[words(cell) for cell in row] for row in table.rows]
    widths = [max(map(len, column)) for column in zip(table.columns, *rows, strict=True)]
    spare = width - 2 * (len(widths) - 1)
    while sum(widths) > spare:
        widest = max(range(len(widths)), key=widths.__getitem__)
        widths[widest] -= 1
    room = spare - sum(widths) - 2
    drawn = [bar(row) for row in table.rows] if bars and room >= BAR else [""] * len(rows)
    lines = [DIM + line + RESET for line in _row(list(table.columns), widths, table.numeric)]
    lines.append("\u2500" * min(width, sum(widths) + 2 * (len(widths) - 1)))
    for row, picture in zip(rows, drawn, strict=True):
        first, *more = _row(row, widths, table.numeric)
        lines += [f"{first}  {picture}".rstrip(), *more]
    return lines


def bar(row: tuple[Text, ...]) -> str:
    """A bar for the first share in a row, nothing if it has none."""
    for cell in row[1:]:
        for span in flat(cell):
            if isinstance(span, Number) and span.text.endswith("%") and 0 <= span.value <= 1:
                return "\u2588" * round(BAR * span.value)
    return ""


def _row(cells: list[str], widths: list[int], numeric: tuple[int, ...]) -> list[str]:
    folded = [textwrap.wrap(cell, width) or [""] for cell, width in zip(cells, widths, strict=True)]
    lines = []
    for parts in zip_longest(*folded, fillvalue=""):
        sized = enumerate(zip(parts, widths, strict=True))
        row = "  ".join(part.rjust(width) if index in numeric else part.ljust(width) for index, (part, width) in sized)
        lines.append(row.rstrip())
    return lines


def styled(text: Text) -> str:
    """A text with its emphasis as terminal codes."""
    return "".join(BOLD + words(span.spans) + RESET if isinstance(span, Strong) else words((span,)) for span in text)


def wrapped(text: str, width: int = WIDTH, first: str = "", rest: str = "") -> list[str]:
    """Lines of at most `width` visible columns, in ASCII too; terminal codes take no room."""
    lines, line, used = [], first, len(first)
    for word in text.split(" "):
        size = len(ESCAPE.sub("", word).translate(ASCII))
        if used + size > width and line.strip():
            lines.append(line.rstrip())
            line, used = rest, len(rest)
        line += word + " "
        used += size + 1
    return [*lines, line.rstrip()]
