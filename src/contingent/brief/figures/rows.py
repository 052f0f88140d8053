"""How is a chart drawn that has one line for each thing?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from contingent.brief.figures.canvas import (
    BLUE,
    INK,
    LETTER,
    LINE,
    RED,
    Band,
    Canvas,
    Scale,
    around,
    at,
    axis,
    fold,
    legend,
)

Row = dict[str, Any]
SHORT = 21  # letters up to which a name stands beside its line in a column; a longer one stands above it
GAP = 8  # pixels between a name and its line


@dataclass(frozen=True, slots=True)
class Lines:
    """Where the lines of a chart run: from `left` to `right` at `middles`, between `top` and `bottom`.

    `bands` are where a grid may stand without crossing the names.
    """

    left: float
    right: float
    top: float
    bottom: float
    middles: tuple[float, ...]
    bands: tuple[Band, ...]


def lay(canvas: Canvas, names: Sequence[str], top: float, step: float, *, margin: float = 8) -> Lines:
    """Write the names and say where each line runs; `margin` is left free at the end."""
    longest = max(map(len, names))
    right = canvas.width - margin
    middles, y = [], top
    if canvas.small and longest > SHORT:
        for name in names:
            lines = fold(name, canvas.width)
            canvas.lines(0, y + LINE * len(lines) / 2, lines)
            y += LINE * len(lines)
            middles.append(y + 7.5)
            y += 18
        return Lines(6, right, top, y - 2, tuple(middles), tuple((at - 8, at + 8) for at in middles))
    left = min(LETTER * longest, 0.4 * canvas.width) + GAP
    for name in names:
        lines = fold(name, left - GAP)
        high = max(step, LINE * len(lines) + 4)
        canvas.lines(left - GAP, y + high / 2, lines, anchor="end")
        middles.append(y + high / 2)
        y += high
    return Lines(left, right, top, y, tuple(middles), ((top, y),))


def room(rows: Sequence[Row]) -> float:
    """Pixels that the longest label needs."""
    return LETTER * max(len(str(row["label"])) for row in rows) + 8


def chance(canvas: Canvas, rows: Sequence[Row], *, outcomes: Sequence[str]) -> float:
    """Twenty dots a line: out of twenty runs, how many end in which outcome."""
    marks = ("dot", "ring", "cross")
    y = legend(canvas, 0, [(marks[i], BLUE, outcomes[i]) for i in range(3)])
    names = list(dict.fromkeys(str(row["row"]) for row in rows))
    lines = lay(canvas, names, y, 24, margin=room(rows))
    apart = (lines.right - lines.left) / max(row["dot"] for row in rows)
    size = min(0.72 * apart, 12)
    for row in rows:
        x, middle = lines.left + apart * (row["dot"] - 0.5), lines.middles[names.index(row["row"])]
        match outcomes.index(row["outcome"]):
            case 0:
                canvas.dot(x, middle, size, BLUE)
            case 1:
                canvas.ring(x, middle, size - 1, BLUE)
            case _:
                canvas.cross(x, middle, size - 3)
        if row["dot"] == 1:
            canvas.text(lines.right + 6, middle, str(row["label"]))
    return lines.bottom + 2


def bars(
    canvas: Canvas, rows: Sequence[Row], *, x: str | None, share: bool = False, parts: Sequence[str] = ()
) -> float:
    """A bar and its number, one a line, from zero; of two named `parts`, the first is as long as the row's `part`.

    Where a row says the `most` that could come, that is an outline around the bar, and `parts` names both.
    """
    mark, colour = ("box", INK) if any("most" in row for row in rows) else ("bar", RED)
    top = legend(canvas, 0, [("bar", BLUE, parts[0]), (mark, colour, parts[1])]) if parts else 2
    lines = lay(canvas, [row["row"] for row in rows], top, 24, margin=room(rows))
    scale = around([row.get("most", row["value"]) for row in rows], lines.left, lines.right, zero=True, share=share)
    return _bars(canvas, rows, lines, scale, x)


def process(canvas: Canvas, rows: Sequence[Row], *, x: str) -> float:
    """The chance at every gate, in the order in which they are passed."""
    lines = lay(canvas, [row["row"] for row in rows], 2, 26, margin=room(rows))
    return _bars(canvas, rows, lines, Scale(0, 1, lines.left, lines.right, share=True), x)


def _bars(canvas: Canvas, rows: Sequence[Row], lines: Lines, scale: Scale, x: str | None) -> float:
    foot = lines.bottom + 2 if x is None else axis(canvas, scale, lines.top, lines.bottom, x, lines.bands)
    for row, middle in zip(rows, lines.middles, strict=True):
        first = scale(row.get("part", row["value"])) - scale(0)
        canvas.bar(scale(0), middle - 6, first, 12, BLUE)
        canvas.bar(scale(0) + first, middle - 6, scale(row["value"]) - scale(0) - first, 12, RED)
        most = scale(max(row["value"], row.get("most", 0)))
        if "most" in row:
            box = f"M{at(scale(0))} {at(middle - 6)}H{at(most)}V{at(middle + 6)}H{at(scale(0))}z"
            canvas.draw(box, stroke=INK, width=1.2)
        canvas.text(most + 5, middle, str(row["label"]))
    return foot


def tornado(canvas: Canvas, rows: Sequence[Row], *, x: str, sides: Sequence[str]) -> float:
    """How far each driver moves the answer, from its low to its high value."""
    names, wide = list(dict.fromkeys(str(row["row"]) for row in rows)), room(rows)
    lines = lay(canvas, names, legend(canvas, 0, [("bar", RED, sides[0]), ("bar", BLUE, sides[1])]), 28, margin=wide)
    scale = around([v for row in rows for v in (row["to"], row["from"])], lines.left + wide, lines.right, share=True)
    foot = axis(canvas, scale, lines.top, lines.bottom, x, lines.bands)
    for row in rows:
        middle = lines.middles[names.index(row["row"])]
        start, end = scale(row["from"]), scale(row["to"])
        canvas.bar(min(start, end), middle - 6.5, abs(end - start), 13, RED if row["side"] == sides[0] else BLUE)
        below = row["to"] < row["from"]
        canvas.text(end - 5 if below else end + 5, middle, row["label"], anchor="end" if below else "start")
    for start, end in lines.bands:
        canvas.line(scale(rows[0]["from"]), start, scale(rows[0]["from"]), end)
    return foot


def interval(
    canvas: Canvas, rows: Sequence[Row], *, x: str | None, share: bool = False, words: Sequence[str] = (),
    zero: bool = False,
) -> float:  # fmt: skip
    """A dot with its 90 % interval, one a line; where it started, if given, as a diamond; zero as a broken line."""
    y = legend(canvas, 0, [("open", RED, words[0]), ("dot", BLUE, words[1])]) if words else 4
    lines = lay(canvas, [row["row"] for row in rows], y, 26 if zero else 20 if canvas.small else 25, margin=14)
    values = [row[key] for row in rows for key in ("value", "low", "high", "start") if key in row]
    scale = around(values, lines.left + 5, lines.right, zero=zero, share=share)
    foot = axis(canvas, scale, lines.top, lines.bottom, x, lines.bands)
    for start, end in lines.bands if zero else ():
        canvas.line(scale(0), start, scale(0), end, dash="4 3", width=1.3)
    for row, middle in zip(rows, lines.middles, strict=True):
        canvas.whisker(scale(row["low"]), scale(row["high"]), middle)
        canvas.dot(scale(row["value"]), middle, 9, BLUE)
        if "start" in row:
            canvas.diamond(scale(row["start"]), middle, 10, stroke=RED, width=1.5)
    return foot


def ladder(
    canvas: Canvas, rows: Sequence[Row], *, x: str, size: str, sizes: Sequence[float], kinds: Sequence[str]
) -> float:
    """Where each stakeholder stands on an issue, how far that is known, and how much it weighs."""
    y = legend(canvas, 0, [("dot", BLUE, kinds[0]), ("diamond", RED, kinds[1])])
    top = max(row["weight"] for row in rows) or 1.0
    place = canvas.width
    for value in reversed(sizes):
        place -= LETTER * len(f"{value:g}") + 4
        canvas.text(place, 8, f"{value:g}")
        place -= _size(value, top) / 2 + 5
        canvas.dot(place, 8, _size(value, top), INK)
        place -= _size(value, top) / 2 + 10
    canvas.text(place, 8, size, anchor="end")
    lines = lay(canvas, [row["row"] for row in rows], y + 4, 20, margin=14)
    scale = Scale(0, 100, lines.left + 5, lines.right)
    foot = axis(canvas, scale, lines.top, lines.bottom, x, lines.bands)
    for row, middle in zip(rows, lines.middles, strict=True):
        canvas.whisker(scale(row["low"]), scale(row["high"]), middle, INK, ends=0)
        if row["kind"] == kinds[0]:
            canvas.dot(scale(row["value"]), middle, _size(row["weight"], top), BLUE)
        else:
            canvas.diamond(scale(row["value"]), middle, _size(row["weight"], top) * 1.2, fill=RED)
    return foot


def _size(weight: float, top: float) -> float:
    """Diameter whose area stands for a weight."""
    return 5 + 13 * (weight / top) ** 0.5
