"""How is a chart drawn that has values on two axes?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from contingent.brief.figures.canvas import BLUE, LETTER, LINE, RED, Canvas, fold
from contingent.brief.figures.scale import FAINT, Scale, axis

Row = dict[str, Any]


def matrix(canvas: Canvas, rows: Sequence[Row], *, x: str | None) -> float:
    """A share in every cell, as the size of a disc and as a number.

    Rows of a `group` stand together beside its name. A `mark` makes the disc `red`, or a `cross` instead.
    """
    names = list(dict.fromkeys((str(row.get("group", "")), str(row["row"])) for row in rows))
    columns = list(dict.fromkeys(str(row["column"]) for row in rows))
    aside = min(LETTER * max(len(group) for group, _ in names), 0.2 * canvas.width) + 12 if names[0][0] else 0
    left = aside + min(LETTER * max(len(name) for _, name in names), (0.22 if aside else 0.36) * canvas.width) + 8
    apart = min((canvas.width - left) / len(columns), 92)
    heads = [fold(column, apart - 6) for column in columns]
    y, free, last = 0.0, 0.0, ""
    if x:
        canvas.text(left + apart * len(columns) / 2, 8, x, anchor="middle")
        y = LINE + 3
    tall = LINE * max(map(len, heads))
    for index, lines in enumerate(heads):
        canvas.lines(left + apart * (index + 0.5), y + tall / 2, lines, anchor="middle")
    y += tall + 3
    for group, name in names:
        if group != last:
            last, y, said = group, max(y, free) + 3, fold(group, aside - 12)
            canvas.line(0, y - 1, left + apart * len(columns), y - 1, opacity=FAINT)
            canvas.lines(0, y + 13 + LINE * (len(said) - 1) / 2, said, bold=True)
            free = y + LINE * len(said) + 6
        lines = fold(name, left - aside - 8)
        high = max(26, LINE * len(lines) + 4)
        canvas.lines(left - 8, y + high / 2, lines, anchor="end")
        for row in rows:
            if (str(row.get("group", "")), row["row"]) == (group, name):
                middle = left + apart * (columns.index(row["column"]) + 0.5)
                if row.get("mark") == "cross":
                    canvas.cross(middle - 14, y + high / 2, 9)
                size = 20 * min(row["value"], 1) ** 0.5
                canvas.dot(middle - 14, y + high / 2, size, RED if row.get("mark") == "red" else BLUE)
                canvas.text(middle, y + high / 2, row["label"])
        y += high
    return max(y, free) + 2


def calibration(canvas: Canvas, rows: Sequence[Row], *, x: str, y: str) -> float:
    """How often it happened, beside how likely it was said to be; the broken line is a perfect record."""
    edge, side = 46.0, 250.0
    across = Scale(0, 1, edge, edge + side, share=True)
    up = Scale(0, 1, side + 22, 22, share=True)
    canvas.text(0, 8, y)
    for value, name in up.ticks():
        canvas.line(edge, up(value), edge + side, up(value), opacity=FAINT)
        canvas.text(edge - 6, up(value), name, anchor="end")
    foot = axis(canvas, across, 22, side + 22, x)
    canvas.line(across(0), up(0), across(1), up(1), dash="4 3")
    for row in rows:
        middle = across(row["said"])
        canvas.line(middle, up(row["low"]), middle, up(row["high"]), stroke=BLUE, width=1.8)
        canvas.dot(middle, up(row["happened"]), 11, BLUE)
    return foot
