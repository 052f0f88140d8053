"""How does a Vega-Lite specification become a picture that fits any page?

The specifications are the JSON files of `figures/`, each readable on its own in any Vega editor once its
data and its `$names` are filled in. Colour follows role: at most four hues, each at least 3:1 on white and
on #14181d (Okabe & Ito's palette, the four that pass both); text and axes take the colour of the text around.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

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
    "legend": {"labelColor": INK, "titleColor": INK, "labelFontSize": 12, "titleFontSize": 12, "labelLimit": 260,
               "titleFontWeight": "normal", "symbolStrokeWidth": 1.5},
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
    return {**spec, "data": {"values": list(rows)}, "config": THEME}


def _fill(node: Any, words: dict[str, Any]) -> Any:
    if isinstance(node, str) and node.startswith("$") and node != "$schema":
        return words[node[1:]]
    if isinstance(node, dict):
        return {key: value if key == "$schema" else _fill(value, words) for key, value in node.items()}
    return [_fill(item, words) for item in node] if isinstance(node, list) else node


def svg(spec: dict[str, Any], *, label: str) -> str:
    """The picture, with `label` as its accessible name; the same specification always gives the same bytes."""
    import vl_convert  # slow to load, and only a brief needs it

    return slim(vl_convert.vegalite_to_svg(spec), label)


def slim(picture: str, label: str) -> str:
    """The picture without what a still image inside a page has no use for; half the size.

    Vega names every mark for screen readers; a page that gives the same data as a table names the whole instead.
    """
    for pattern in (
        r' (?:role|aria-[a-z]+|class|pointer-events|style|xmlns:xlink|version)="[^"]*"',
        r' (?:opacity|stroke-opacity|fill-opacity)="1"',
        r' font-family="[^"]*"',
        r'<path d="(?:M0,0h0v0h0Z)?"(?: [a-z-]+="[^"]*")*/>',
        r'<path(?: transform="[^"]*")? d="M[-\d.]+,[-\d.]+h[-\d.]+v[-\d.]+h[-\d.]+Z"/>',
        r' transform="translate\(0,0\)"',
        r"<title>.*?</title>",
    ):
        picture = re.sub(pattern, "", picture)
    picture = re.sub(r"-?\d+\.\d{3,}", lambda found: f"{float(found[0]):.2f}".rstrip("0").rstrip("."), picture)
    before = ""
    while before != picture:
        before, picture = picture, re.sub(r"<g(?: [a-z-]+=\"[^\"]*\")*></g>", "", picture)
    picture = re.sub(r"<g>((?:(?!<g[ >]|</g>).)*)</g>", r"\1", picture)
    width, height = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', picture).groups()  # pyright: ignore[reportOptionalMemberAccess]
    root = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="{_quoted(label)}" font-family="sans-serif">'
    )
    return re.sub(r"^<svg[^>]*>", lambda _: root, picture)


def _quoted(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
