"""What is a chart before it is drawn, and how is it drawn at the width of a page or of a column?

Eleven kinds of statistical chart as SVG, one function a kind.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from contingent.brief.figures.canvas import FULL, INK, SMALL, Canvas
from contingent.brief.figures.panels import calibration, criteria, fan, matrix
from contingent.brief.figures.rows import bars, chance, interval, ladder, process, tornado
from contingent.errors import ExtraError

KINDS = {
    "bars": bars, "calibration": calibration, "chance": chance, "criteria": criteria,
    "difference": partial(interval, zero=True), "fan": fan, "interval": interval,
    "ladder": ladder, "matrix": matrix, "process": process, "tornado": tornado,
}  # fmt: skip


FACES = '"Libertinus Serif, Noto Naskh Arabic"'
PIXELS = 192  # an inch: two for each of the screen's


ROOM = 24  # pixels left and right of a picture in a document
WIDTH = re.compile(r'viewBox="0 0 (\S+) (\S+)" width="[^"]+"')


@dataclass(frozen=True, slots=True)
class Chart:
    """A kind of chart of `figures`, its data by row, and its words; `width` in pixels."""

    kind: str
    rows: tuple[dict[str, Any], ...] = field(repr=False)
    words: dict[str, Any] = field(repr=False)
    width: int = FULL


def chart(
    kind: str, rows: Sequence[dict[str, Any]], /, *, small: bool = False, width: int = FULL, **words: Any
) -> Chart:
    """A chart as wide as the page, or as one of the two columns of the brief proper."""
    return Chart(kind, tuple(rows), words, SMALL if small else width)


def svg(chart: Chart, *, label: str) -> str:
    """The picture, with `label` as its accessible name; the same chart always gives the same bytes.

    Raises:
        KeyError: there is no such kind of chart, or a row lacks a value it needs.
        TypeError: the chart lacks a word that its kind needs.
    """
    canvas = Canvas(chart.width)
    height = KINDS[chart.kind](canvas, chart.rows, **chart.words)
    return canvas.svg(height, label)


def _roomier(found: re.Match[str]) -> str:
    """The frame with room left and right, for words that stand out of a picture: a page shows, paper clips them."""
    wide = float(found[1]) + 2 * ROOM
    return f'viewBox="-{ROOM} 0 {wide:g} {found[2]}" width="{wide:g}"'


def png(chart: Chart) -> bytes:
    """The picture in print colours, for documents that hold no drawing: dark ink on white, at twice the size.

    Raises:
        ExtraError: what turns drawings into pictures is not installed.
    """
    try:
        import typst
    except ImportError:
        raise ExtraError("a Word document needs the extra `word`: pip install 'contingent[word]'") from None
    drawn = svg(chart, label="").replace(INK, "#16191d").replace('"sans-serif"', FACES)
    drawn = WIDTH.sub(_roomier, drawn, count=1)
    page = b'#set page(width: auto, height: auto, margin: 0pt)\n#image("chart.svg")'
    compile_: Any = typst.compile  # its types know no files in memory
    return bytes(compile_({"main": page, "chart.svg": drawn.encode()}, format="png", ppi=PIXELS))
