"""How is a chart drawn that spreads over the plane: by row and column, on two axes, one panel a measure?

Heat maps, reliability diagrams, small multiples and fan charts.
"""

from collections.abc import Sequence
from typing import Any

from contingent.brief.figures.canvas import (
    BLUE,
    FAINT,
    LETTER,
    LINE,
    RED,
    Canvas,
    Scale,
    around,
    at,
    axis,
    fold,
    legend,
)

Row = dict[str, Any]


def criteria(canvas: Canvas, rows: Sequence[Row], *, panels: Sequence[str]) -> float:
    """Every option on every criterion: a dot with its 90 % interval, each criterion on its own scale."""
    names = list(dict.fromkeys(str(row["row"]) for row in rows))
    left = min(LETTER * max(map(len, names)), 0.4 * canvas.width) + 8
    wide = (canvas.width - left) / 2 - 14
    labels = [fold(name, left - 8) for name in names]
    high = max(18.0, LINE * max(map(len, labels)) + 3)
    y, deepest = 0.0, 0.0
    for index, panel in enumerate(panels):
        start = left + (wide + 24) * (index % 2)
        if index % 2 == 0:
            y = deepest + (8 if index else 0)
        head = fold(panel, wide + 12)
        canvas.lines(start, y + LINE * len(head) / 2, head, bold=True)
        top = y + LINE * max(len(fold(p, wide + 12)) for p in panels[index - index % 2 : index - index % 2 + 2]) + 4
        mine = {row["row"]: row for row in rows if row["criterion"] == panel}
        values = [v for row in mine.values() for v in (row["low"], row["high"], row["value"])]
        scale = around(values, start + 4, start + wide - 4, share=bool(next(iter(mine.values())).get("share")))
        bottom = top + high * len(names)
        deepest = max(deepest, axis(canvas, scale, top, bottom, None))
        for place, name in enumerate(names):
            middle = top + high * (place + 0.5)
            if index % 2 == 0:
                canvas.lines(left - 8, middle, labels[place], anchor="end")
            canvas.whisker(scale(mine[name]["low"]), scale(mine[name]["high"]), middle, ends=0)
            canvas.dot(scale(mine[name]["value"]), middle, 8, BLUE)
    return deepest


def fan(canvas: Canvas, rows: Sequence[Row], *, x: str, options: Sequence[str], panels: Sequence[str]) -> float:
    """The median and the 90 % interval over time, one panel a measure."""
    looks: list[tuple[str, dict[str, str]]] = [(BLUE, {}), (RED, {"dash": "5 3"})]
    marks = ("line", "dash")
    y = legend(canvas, 0, [(marks[i], looks[i][0], words) for i, words in enumerate(options)])
    wide, tall, deepest = (canvas.width - 30) / 2, 105.0, 0.0
    for index, panel in enumerate(panels):
        if index % 2 == 0 and index:
            y = deepest + 10
        start = (wide + 30) * (index % 2)
        canvas.text(start, y + 4, panel, bold=True)
        mine = [row for row in rows if row["measure"] == panel]
        scale = around([v for row in mine for v in (row["low"], row["high"])], y + 18 + tall, y + 18, zero=True)
        names = [(value, name) for value, name in scale.ticks()]
        edge = start + LETTER * max(len(name) for _, name in names) + 6
        for value, name in names:
            canvas.line(edge, scale(value), start + wide, scale(value), opacity=FAINT)
            canvas.text(edge - 5, scale(value), name, anchor="end")
        last = max(row["week"] for row in mine)
        time = Scale(0, last, edge, start + wide)
        deepest = max(deepest, axis(canvas, time, y + 18, y + 18 + tall, x if index >= len(panels) - 2 else None))
        for option, (colour, dash) in zip(options, looks, strict=False):
            line = [row for row in mine if row["option"] == option]
            xs = [time(row["week"]) for row in line]
            low, middle, top = ([scale(row[key]) for row in line] for key in ("low", "median", "high"))
            canvas.draw(way(xs, low) + way(xs[::-1], top[::-1]).replace("M", "L", 1) + "z", fill=colour, opacity=0.14)
            canvas.draw(way(xs, low) + way(xs, top), stroke=colour, width=1, **dash)
            canvas.draw(way(xs, middle), stroke=colour, width=2.5, **dash)
    return deepest


def way(xs: Sequence[float], ys: Sequence[float]) -> str:
    """A line through points."""
    first, *more = (f"{at(x)} {at(y)}" for x, y in zip(xs, ys, strict=True))
    return f"M{first}L{' '.join(more)}"


def matrix(canvas: Canvas, rows: Sequence[Row], *, x: str | None) -> float:
    """A share in every cell, as the size of a disc and as a number."""
    names = list(dict.fromkeys(str(row["row"]) for row in rows))
    columns = list(dict.fromkeys(str(row["column"]) for row in rows))
    left = min(LETTER * max(map(len, names)), 0.36 * canvas.width) + 8
    apart = min((canvas.width - left) / len(columns), 92)
    heads, y = [fold(column, apart - 6) for column in columns], 0.0
    if x:
        canvas.text(left + apart * len(columns) / 2, 8, x, anchor="middle")
        y = LINE + 3
    tall = LINE * max(map(len, heads))
    for index, lines in enumerate(heads):
        canvas.lines(left + apart * (index + 0.5), y + tall / 2, lines, anchor="middle")
    y += tall + 3
    for name in names:
        lines = fold(name, left - 8)
        high = max(26, LINE * len(lines) + 4)
        canvas.lines(left - 8, y + high / 2, lines, anchor="end")
        for row in rows:
            if row["row"] == name:
                middle = left + apart * (columns.index(row["column"]) + 0.5)
                canvas.dot(middle - 14, y + high / 2, 20 * min(row["value"], 1) ** 0.5, BLUE)
                canvas.text(middle, y + high / 2, row["label"])
        y += high
    return y + 2


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
