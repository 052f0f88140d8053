"""How is a brief written for a mail, a wiki or a pull request?"""

import re

from contingent.brief.document import Document, blocks
from contingent.brief.document.blocks import Block, Strong, Table, Text, words


def markdown(brief: Document) -> str:
    """The brief as CommonMark with tables; figures as their data tables."""
    marking = [f"*{escaped(brief.marking)}*", ""] if brief.marking else []
    lines = [*marking, f"# {escaped(brief.question)}", "", escaped(" · ".join(brief.heading)), ""]
    for section in brief.sections:
        lines += [f"## {escaped(section.heading)}", ""]
        for block in section.blocks:
            if not (isinstance(block, Table) and block.id):  # printed where its figure stands
                lines += [*block_lines(block), ""]
    return "\n".join([*lines, *marking]).rstrip() + "\n"


def block_lines(block: Block, level: int = 3) -> list[str]:
    """One block as Markdown lines."""
    match block:
        case blocks.Paragraph():
            return [inline(block.text)]
        case blocks.Bullets():
            return [f"- {inline(item)}" for item in block.items]
        case blocks.Box():
            inner = [line for part in block.blocks for line in (*block_lines(part, level + 1), "")][:-1]
            return [f"> **{escaped(block.title)}**", ">", *(f"> {line}".rstrip() for line in inner)]
        case blocks.Keys():
            return [f"- **{key.number.text}** {inline(key.label)}; {inline(key.interval)}" for key in block.items]
        case Table():
            return [f"**{escaped(block.caption)}**", "", *table_lines(block)]
        case blocks.Figure():
            return [
                f"{'#' * level} {escaped(block.question)}", "", inline(block.reading), "",
                *table_lines(block.table), "", f"*{inline(block.source)}*",
            ]  # fmt: skip
        case blocks.Entries():
            lines = []
            for entry in block.items:
                lines.append(f"- {'▲ ' if entry.flag else ''}**{escaped(words(entry.title))}**")
                lines += [f"  {inline(line)}  " for line in entry.lines]
                lines += [f"  “{escaped(entry.quote)}”"] if entry.quote else []
            return lines


def table_lines(table: Table) -> list[str]:
    """A table with its alignment."""
    rule = ["---:" if index in table.numeric else "---" for index in range(len(table.columns))]
    rows = [map(escaped, table.columns), rule, *([inline(cell) for cell in row] for row in table.rows)]
    return ["| " + " | ".join(row) + " |" for row in rows]


def inline(text: Text) -> str:
    """A text with its emphasis."""
    return "".join(
        f"**{inline(span.spans)}**" if isinstance(span, Strong) else escaped(words((span,))) for span in text
    )


def escaped(text: str) -> str:
    """Words that Markdown must not read as markup: emphasis, links, pictures, tags, or a block of its own."""
    text = re.sub(r"([\\`*_|\[\]<#])", r"\\\1", " ".join(text.splitlines()) if "\n" in text else text)
    return re.sub(r"^(\s*\d*)([-+=>.)])(?=\s)", r"\1\\\2", text)
