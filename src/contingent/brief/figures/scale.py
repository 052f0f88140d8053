"""Where does a value stand on an axis, and which values are named on it?"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from contingent.brief.figures.canvas import LETTER, LINE, Canvas, fold
from contingent.brief.number import plain, signed

Band = tuple[float, float]  # from where to where, downwards
FAINT = 0.15  # opacity of the lines of a grid: felt, not read


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from `low` to `high` on the pixels from `start` to `end`; `share` prints them as per cent."""

    low: float
    high: float
    start: float
    end: float
    share: bool = False

    def __call__(self, value: float) -> float:
        """Where a value stands, in pixels."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def ticks(self) -> list[tuple[float, str]]:
        """Round values within the scale, with their names; as many as there is room for."""
        room = max(2, int(abs(self.end - self.start) / 52))
        step = nice((self.high - self.low) / room)
        first, last = ceil(self.low / step - 1e-9), floor(self.high / step + 1e-9)
        return [(step * k, self._name(step * k, step)) for k in range(first, last + 1)]

    def _name(self, value: float, step: float) -> str:
        if self.share:
            return f"{signed(f'{100 * value:.{1 if step < 0.01 else 0}f}')}\u00a0%"
        if step >= 1:
            return signed(f"{value:,.0f}").replace(",", "\u202f")
        return signed(f"{value:.{ceil(-log10(step) - 1e-9)}f}") if value else plain(0)


def nice(step: float) -> float:
    """The smallest of 1, 2, 2.5 and 5 times a power of ten that is no smaller than a step."""
    if step <= 0:
        return 1.0
    power = 10.0 ** floor(log10(step))
    return next(power * k for k in (1, 2, 2.5, 5, 10) if power * k >= step * (1 - 1e-9))


def around(values: Iterable[float], start: float, end: float, *, zero: bool = False, share: bool = False) -> Scale:
    """A scale that holds the values, and a little more; from zero if asked for."""
    found = [value for value in values if value == value]
    low, high = (min(found), max(found)) if found else (0.0, 1.0)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        low, high = low - (0 if zero and low == 0 else 0.5), high + (1.0 if zero and low == 0 else 0.5)
    step = nice((high - low) / 8)
    return Scale(step * floor(low / step + 1e-9), step * ceil(high / step - 1e-9), start, end, share)


def axis(
    canvas: Canvas, scale: Scale, top: float, bottom: float, title: str | None, bands: Sequence[Band] = ()
) -> float:
    """Grid, names of the ticks and title below; where the next thing may begin. `bands` hold the grid."""
    names = scale.ticks()
    for value, _ in names:
        for start, end in bands or ((top, bottom),):
            canvas.line(scale(value), start, scale(value), end, opacity=FAINT)
    canvas.line(scale.start, bottom, scale.end, bottom, opacity=0.5)
    for value, name in names:
        half = LETTER * len(name) / 2
        where = min(max(scale(value), half), canvas.width - half)
        canvas.text(where, bottom + 11, name, anchor="middle")
    if not title:
        return bottom + 20
    lines = fold(title, canvas.width)
    half = LETTER * max(map(len, lines)) / 2
    middle = max(min((scale.start + scale.end) / 2, canvas.width - half), half)
    canvas.lines(middle, bottom + 13 + LINE * (len(lines) + 1) / 2, lines, anchor="middle")
    return bottom + 22 + LINE * len(lines)


MARKS: dict[str, Callable[[Canvas, float, float, str], None]] = {
    "dot": lambda canvas, x, y, colour: canvas.dot(x + 6, y, 9, colour),
    "ring": lambda canvas, x, y, colour: canvas.ring(x + 6, y, 9, colour),
    "cross": lambda canvas, x, y, _: canvas.cross(x + 6, y, 8),
    "diamond": lambda canvas, x, y, colour: canvas.diamond(x + 6, y, 10, fill=colour),
    "open": lambda canvas, x, y, colour: canvas.diamond(x + 6, y, 10, stroke=colour, width=1.5),
    "bar": lambda canvas, x, y, colour: canvas.bar(x, y - 5, 12, 10, colour),
    "line": lambda canvas, x, y, colour: canvas.line(x, y, x + 14, y, stroke=colour, width=2.5),
    "dash": lambda canvas, x, y, colour: canvas.line(x, y, x + 14, y, stroke=colour, width=2.5, dash="5 3"),
}
"""How each mark of a legend is drawn at the beginning of its words."""


def legend(canvas: Canvas, start: float, items: list[tuple[str, str, str]]) -> float:
    """Marks with their words in a row at the top; each is (mark, colour, words). Where the next thing may begin."""
    x, y = start, 8.0
    for mark, colour, words in items:
        long = 22 + LETTER * len(words)
        if x > start and x + long > canvas.width:
            x, y = start, y + LINE + 3
        MARKS[mark](canvas, x, y, colour)
        canvas.text(x + 18, y, words)
        x += long + 14
    return y + 14
