"""How does a Vega-Lite specification become a picture that fits any page?

The specifications are the JSON files of `figures/`, each readable on its own in any Vega editor once its
data and its `$names` are filled in. Colour follows role: at most four hues, each at least 3:1 on white and
on #14181d (Okabe & Ito's palette, the four that pass both); text and axes take the colour of the text around.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files
from textwrap import wrap
from typing import Any
from xml.etree import ElementTree

LINE, COLUMN, FOLD = (
    46,
    13,
    "|",
)  # characters in a line of an axis label, and what stands for its end in the specifications
HUES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7")
LIGHT, DARK = "#ffffff", "#14181d"
INK = "currentColor"
FAINT = {"gridColor": INK, "gridOpacity": 0.13, "domainColor": INK, "domainOpacity": 0.5, "tickColor": INK}
THEME: dict[str, Any] = {
    "background": None,
    "font": "sans-serif",
    "padding": 4,
    "view": {"stroke": None},
    "axis": {
        **FAINT,
        "tickOpacity": 0.5,
        "labelColor": INK,
        "titleColor": INK,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelFontWeight": "normal",
    },
    "legend": {
        "labelColor": INK,
        "titleColor": INK,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "labelLimit": 260,
        "titleFontWeight": "normal",
        "symbolStrokeWidth": 1.5,
    },
    "header": {"labelColor": INK, "titleColor": INK, "labelFontSize": 12},
    "text": {"color": INK, "fontSize": 12},
    "rule": {"color": INK},
    "range": {"category": list(HUES)},
}


@cache
def template(name: str) -> str:
    """The specification of that name, as text."""
    return files("contingent.brief").joinpath("figures", f"{name}.vl.json").read_text(encoding="utf-8")


def chart(name: str, rows: Sequence[dict[str, Any]], /, **words: Any) -> dict[str, Any]:
    """A complete specification: the named one with its data, its `$names` filled in, and the theme.

    Raises:
        KeyError: the specification has a `$name` that was not given.
    """
    spec = _fill(json.loads(template(name)), words)
    return {**spec, "data": {"values": [_folded(row) for row in rows]}, "config": THEME}


def _folded(row: dict[str, Any]) -> dict[str, Any]:
    """The row with its axis labels in lines that fit."""
    lines = {"row": LINE, "column": COLUMN}
    return {
        key: FOLD.join(wrap(value, lines[key])) if key in lines and isinstance(value, str) else value
        for key, value in row.items()
    }


def _fill(node: Any, words: dict[str, Any]) -> Any:
    if isinstance(node, str) and node.startswith("$") and node != "$schema":
        return words[node[1:]]
    if isinstance(node, dict):
        return {key: value if key == "$schema" else _fill(value, words) for key, value in node.items()}
    return [_fill(item, words) for item in node] if isinstance(node, list) else node


def svg(spec: dict[str, Any], *, label: str) -> str:
    """The picture, with `label` as its accessible name; the same specification always gives the same bytes."""
    return slim(drawn(json.dumps(spec)), label)


@lru_cache(maxsize=64)
def drawn(spec: str) -> str:
    """Vega's own picture of a specification in JSON; a brief in two forms draws each chart once."""
    import vl_convert  # slow to load, and only a brief needs it

    return vl_convert.vegalite_to_svg(spec)


def slim(picture: str, label: str) -> str:
    """The picture without what a still image inside a page has no use for; a third of the size.

    Vega names every mark for screen readers; a page that gives the same data as a table names the whole instead.
    """
    root = ElementTree.fromstring(picture)
    width, height = root.attrib["viewBox"].split()[2:]
    _clean(root)
    root.tag = "svg"
    root.attrib.clear()
    root.attrib.update(
        {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {width} {height}", "width": width, "height": height,
         "role": "img", "aria-label": label,
         "font-family": "sans-serif", "font-size": "12"}
    )  # fmt: skip
    return ElementTree.tostring(root, encoding="unicode", short_empty_elements=True)


KEPT = frozenset(
    ("d", "transform", "x", "y", "x1", "x2", "y1", "y2", "r", "cx", "cy", "width", "height", "fill", "fill-opacity",
     "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "opacity", "font-size", "font-weight",
     "text-anchor", "dx", "dy")
)  # fmt: skip
EXACT = frozenset(("opacity", "fill-opacity", "stroke-opacity", "fill", "stroke", "stroke-dasharray"))
INHERITED = (
    "fill",
    "fill-opacity",
    "stroke",
    "stroke-width",
    "stroke-opacity",
    "font-size",
    "font-weight",
    "text-anchor",
)
DEFAULTS = {
    ("opacity", "1"), ("stroke-opacity", "1"), ("fill-opacity", "1"), ("transform", "translate(0,0)"),
    ("font-weight", "normal"), ("stroke-width", "1"), ("font-size", "12px"),
    ("x1", "0"), ("x2", "0"), ("y1", "0"), ("y2", "0"),
}  # fmt: skip
NUMBER = re.compile(r"-?\d+\.\d+")


def _half(found: re.Match[str]) -> str:
    """A position to the nearest half: finer than any screen shows, and half as long."""
    return f"{round(2 * float(found[0])) / 2:.1f}".removesuffix(".0")


def _clean(node: ElementTree.Element) -> None:
    """Drop what is invisible or said twice, round positions, and say shared attributes once."""
    for child in list(node):
        child.tag = child.tag.rpartition("}")[2]
        child.attrib = {
            key: value if key in EXACT else NUMBER.sub(_half, value)
            for key, value in child.attrib.items()
            if key in KEPT and (key, value) not in DEFAULTS
        }
        for paint in ("fill", "stroke"):
            if child.attrib.get(paint) == "transparent":
                child.attrib[paint] = "none"
        _clean(child)
        invisible = child.tag == "path" and not (
            child.attrib.get("fill", "none") != "none" or child.attrib.get("stroke")
        )
        empty = child.tag in ("defs", "clipPath", "title") or (child.tag == "g" and not len(child))
        if invisible or empty or child.attrib.get("d") in ("", "M0,0h0v0h0Z"):
            node.remove(child)
    for name in INHERITED if len(node) > 1 else ():
        values = {child.attrib.get(name) for child in node}
        if len(values) == 1 and None not in values and name not in node.attrib:
            node.attrib[name] = values.pop() or ""
            for child in node:
                del child.attrib[name]
    for child in list(node):
        if child.tag == "g" and not child.attrib and node.tag == "g":
            place = list(node).index(child)
            node.remove(child)
            for offset, inner in enumerate(list(child)):
                node.insert(place + offset, inner)


def png(spec: dict[str, Any]) -> bytes:
    """The picture in print colours, for documents that hold no drawing: dark ink on white, at twice the size."""
    import vl_convert

    return vl_convert.vegalite_to_png(json.loads(json.dumps(spec).replace(INK, "#16191d")), scale=2)
