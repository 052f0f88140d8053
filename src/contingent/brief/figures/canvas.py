"""How is a picture put on paper: shapes of one look in one path, values on their axes, to the half pixel?

A still picture inside a page of text needs no groups, names or repeated attributes; all marks of one colour
are one path, so a chart is 1 to 4 kB. Text and axes take the colour of the text around; data takes at most
four hues, each at least 3:1 on white and on #14181d (Okabe & Ito's palette, the four that pass both).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from math import ceil, floor, log10
from textwrap import wrap
from xml.sax.saxutils import escape, quoteattr

from contingent.brief.number import plain, signed

HUES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7")
BLUE, RED = HUES[:2]
LIGHT, DARK = "#ffffff", "#14181d"
INK = "currentColor"
FULL, SMALL = 640, 320  # pixels: over the page, and over one of the two columns of the brief proper
WIDE = 700  # pixels that an annex has at most
SIZE, LINE = 12, 13.5  # pixels of the letters, and from line to line
LETTER = 6.3  # pixels of a letter of the widest common faces, on average


@dataclass
class Canvas:
    """A picture under way; `width` in pixels, positions from the top left."""

    width: float
    looks: dict[tuple[tuple[str, str], ...], list[str]] = field(default_factory=dict)
    words: dict[tuple[str, bool], list[str]] = field(default_factory=dict)

    @property
    def small(self) -> bool:
        """Whether it stands in a column."""
        return self.width <= SMALL

    def draw(self, path: str, **look: str | float) -> None:
        """A path with a look: `fill`, `stroke`, `width`, `dash`, `opacity`, `cap`."""
        named = {"width": "stroke-width", "dash": "stroke-dasharray", "cap": "stroke-linecap"}
        key = tuple((named.get(name, name), str(value)) for name, value in look.items())
        self.looks.setdefault(key, []).append(path)

    def line(self, x: float, y: float, to_x: float, to_y: float, **look: str | float) -> None:
        """A straight line."""
        way = f"V{at(to_y)}" if x == to_x else f"H{at(to_x)}" if y == to_y else f"L{at(to_x)} {at(to_y)}"
        self.draw(f"M{at(x)} {at(y)}{way}", **{"stroke": INK, **look})

    def bar(self, x: float, y: float, width: float, height: float, fill: str) -> None:
        """A filled rectangle, one pixel wide at least where it is more than nothing."""
        if width:
            wide = max(width, 1)
            self.draw(f"M{at(x)} {at(y)}h{at(wide)}v{at(height)}h{at(-wide)}z", fill=fill)

    def dot(self, x: float, y: float, size: float, colour: str) -> None:
        """A filled circle of a diameter: a line of no length with round ends, the shortest way to say it."""
        self.draw(f"M{at(x)} {at(y)}h.01", stroke=colour, width=at(size), cap="round")

    def ring(self, x: float, y: float, size: float, colour: str, **look: str | float) -> None:
        """An open circle of a diameter."""
        r = at(size / 2)
        arc = f"a{r} {r} 0 1 0 {at(size)} 0a{r} {r} 0 1 0 {at(-size)} 0"
        self.draw(f"M{at(x - size / 2)} {at(y)}{arc}", stroke=colour, width=1.5, **look)

    def diamond(self, x: float, y: float, size: float, **look: str | float) -> None:
        """A square on its corner, of a diameter."""
        r = at(size / 2)
        self.draw(f"M{at(x)} {at(y - size / 2)}l{r} {r}l-{r} {r}l-{r} -{r}z", **look)

    def cross(self, x: float, y: float, size: float) -> None:
        """A diagonal cross of a diameter."""
        w = at(size)
        self.draw(f"M{at(x - size / 2)} {at(y - size / 2)}l{w} {w}m0-{w}l-{w} {w}", stroke=INK, width=1.3)

    def whisker(self, low: float, high: float, y: float, colour: str = BLUE, *, ends: float = 4) -> None:
        """An interval with its ends."""
        path = f"M{at(low)} {at(y)}H{at(high)}"
        if ends:
            path += f"M{at(low)} {at(y - ends)}v{at(2 * ends)}M{at(high)} {at(y - ends)}v{at(2 * ends)}"
        self.draw(path, stroke=colour, width=1.8)

    def text(self, x: float, y: float, words: str, *, anchor: str = "start", bold: bool = False) -> None:
        """Words whose middle is at `y`."""
        found = f'<text x="{at(x)}" y="{at(y + 4)}">{escape(words)}</text>'
        self.words.setdefault((anchor, bold), []).append(found)

    def lines(self, x: float, y: float, lines: Sequence[str], *, anchor: str = "start", bold: bool = False) -> None:
        """Lines of words around `y`."""
        for index, words in enumerate(lines):
            self.text(x, y + LINE * (index - (len(lines) - 1) / 2), words, anchor=anchor, bold=bold)

    def svg(self, height: float, label: str) -> str:
        """The picture, with `label` as its accessible name; the same marks always give the same bytes."""
        w, h = at(self.width), at(height)
        body = []
        for look, paths in self.looks.items():
            said = "".join(f' {name}="{value}"' for name, value in look)
            fill = "" if any(name == "fill" for name, _ in look) else ' fill="none"'
            body.append(f'<path{said}{fill} d="{"".join(paths)}"/>')
        for (anchor, bold), found in self.words.items():
            said = ("" if anchor == "start" else f' text-anchor="{anchor}"') + (' font-weight="600"' if bold else "")
            body.append(f"<g{said}>{''.join(found)}</g>")
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" '
            f'aria-label={quoteattr(label)} font-family="sans-serif" font-size="{SIZE}" fill="{INK}">'
            f"{''.join(body)}</svg>"
        )


def at(value: float) -> str:
    """A position to the nearest half: finer than any screen shows, and half as long."""
    return f"{round(2 * value) / 2:g}"


def fold(words: str, width: float) -> list[str]:
    """Words in lines that fit a width in pixels."""
    return wrap(words, max(int(width / LETTER + 1e-6), 6), break_long_words=False) or [""]


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
    "box": lambda canvas, x, y, colour: canvas.draw(f"M{at(x)} {at(y - 5)}h12v10h-12z", stroke=colour, width=1.2),
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
