"""How is a picture put on paper: shapes of one look in one path, positions to the half pixel?

A still picture inside a page of text needs no groups, names or repeated attributes; all marks of one colour
are one path, so a chart is 1 to 4 kB. Text and axes take the colour of the text around; data takes at most
four hues, each at least 3:1 on white and on #14181d (Okabe & Ito's palette, the four that pass both).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from textwrap import wrap
from xml.sax.saxutils import escape, quoteattr

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
