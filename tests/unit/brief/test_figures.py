"""Where marks stand: scales, ticks, bars, dots and whiskers at positions reckoned by hand."""

import re

import pytest

from contingent.brief.figures import KINDS, chart, svg
from contingent.brief.figures.canvas import BLUE, RED, Canvas, Scale, around, at, axis, fold, legend, nice
from contingent.brief.figures.panels import way


@pytest.mark.parametrize(
    ("step", "rounded"),
    [
        (0.013, 0.02), (0.1, 0.1), (0.11, 0.2), (0.21, 0.25), (0.26, 0.5), (0.6, 1), (2.5, 2.5), (3, 5), (7, 10),
        (0, 1), (-1, 1),
    ],
)  # fmt: skip
def test_steps_are_round(step, rounded):
    assert nice(step) == pytest.approx(rounded)


def test_a_scale_is_linear_and_may_run_upwards():
    across, up = Scale(0, 10, 100, 200), Scale(0, 1, 272, 22)
    assert [across(v) for v in (0, 2.5, 10, -1)] == [100, 125, 200, 90]
    assert [up(v) for v in (0, 0.5, 1)] == [272, 147, 22]


def test_ticks_are_round_values_within_the_scale_as_many_as_there_is_room_for():
    assert Scale(0, 10, 0, 260).ticks() == [(0, "0"), (2, "2"), (4, "4"), (6, "6"), (8, "8"), (10, "10")]
    assert [name for _, name in Scale(0, 1, 0, 260, share=True).ticks()] == [
        f"{n}\u00a0%" for n in (0, 20, 40, 60, 80, 100)
    ]
    assert [name for _, name in Scale(-1, 1, 0, 208).ticks()] == ["−1.0", "−0.5", "0", "0.5", "1.0"]
    assert [name for _, name in Scale(0, 20000, 0, 104).ticks()] == ["0", "10\u202f000", "20\u202f000"]
    assert [name for _, name in Scale(0, 0.01, 0, 104, share=True).ticks()] == [
        "0.0\u00a0%",
        "0.5\u00a0%",
        "1.0\u00a0%",
    ]
    assert [name for _, name in Scale(0, 3, 0, 20).ticks()] == ["0", "2"], "at least two steps are tried"
    assert [value for value, _ in Scale(0.3, 0.9, 0, 104).ticks()] == pytest.approx([0.5])


@pytest.mark.parametrize(
    ("values", "choices", "ends"),
    [
        ([3, 47], {}, (0, 50)),  # 44 / 8 = 5.5, so steps of 10
        ([3, 47], {"zero": True}, (0, 50)),
        ([20, 28], {}, (20, 28)),
        ([20, 28], {"zero": True}, (0, 30)),  # 28 / 8 = 3.5: steps of 5
        ([-20, -28], {"zero": True}, (-30, 0)),
        ([5, 5], {}, (4.4, 5.6)),  # half a unit each way; 1 / 8: steps of .2
        ([0, 0], {"zero": True}, (0, 1)),
        ([], {}, (0, 1)),
        ([1, float("nan"), 2], {}, (1, 2)),
    ],
)
def test_a_scale_holds_the_values_and_a_little_more(values, choices, ends):
    made = around(values, 0, 100, **choices)
    assert (made.low, made.high) == pytest.approx(ends)
    assert (made.start, made.end) == (0, 100)


def test_an_axis_has_a_line_and_a_name_at_every_tick():
    canvas = Canvas(300)
    assert axis(canvas, Scale(0, 10, 20, 280), 5, 105, None) == 125
    assert axis(Canvas(300), Scale(0, 10, 20, 280), 5, 105, "what") == 105 + 22 + 13.5
    picture = canvas.svg(125, "")
    assert re.findall(r"M([\d.]+) 5V105", picture) == ["20", "72", "124", "176", "228", "280"]
    assert re.findall(r'x="([\d.]+)" y="120">(\d+)<', picture) == [
        ("20", "0"), ("72", "2"), ("124", "4"), ("176", "6"), ("228", "8"), ("280", "10")
    ]  # fmt: skip


def test_bands_hold_the_grid():
    canvas = Canvas(300)
    axis(canvas, Scale(0, 10, 20, 280), 0, 60, None, [(10, 20), (30, 40)])
    assert re.findall(r"M72 (\d+)V(\d+)", canvas.svg(60, "")) == [("10", "20"), ("30", "40")]


def test_a_legend_breaks_its_row_where_it_is_full():
    canvas = Canvas(200)
    assert legend(canvas, 0, [("dot", BLUE, "one"), ("bar", RED, "two")]) == 22
    assert legend(Canvas(100), 0, [("dot", BLUE, "one" * 4), ("line", RED, "two")]) == 22 + 16.5


@pytest.mark.parametrize(("value", "text"), [(1.24, "1"), (1.26, "1.5"), (-0.2, "0"), (7, "7"), (100.75, "101")])
def test_positions_are_to_the_nearest_half(value, text):
    assert at(value) == text


def test_shapes_as_paths():
    canvas = Canvas(100)
    canvas.bar(10, 20, 30, 12, BLUE)
    canvas.bar(10, 20, 0, 12, BLUE)
    canvas.bar(10, 40, 0.2, 12, BLUE)
    canvas.dot(50, 60, 9, RED)
    canvas.cross(50, 60, 8)
    canvas.diamond(50, 60, 10, fill=RED)
    canvas.ring(50, 60, 10, BLUE)
    canvas.whisker(20, 80, 30)
    picture = canvas.svg(100, "a < b")
    assert f'<path fill="{BLUE}" d="M10 20h30v12h-30zM10 40h1v12h-1z"/>' in picture, (
        "nothing has no bar; a little has one"
    )
    assert f'<path stroke="{RED}" stroke-width="9" stroke-linecap="round" fill="none" d="M50 60h.01"/>' in picture
    assert 'd="M46 56l8 8m0-8l-8 8"' in picture
    assert 'd="M50 55l5 5l-5 5l-5 -5z"' in picture
    assert 'd="M45 60a5 5 0 1 0 10 0a5 5 0 1 0 -10 0"' in picture
    assert 'd="M20 30H80M20 26v8M80 26v8"' in picture
    assert 'aria-label="a &lt; b"' in picture
    assert 'viewBox="0 0 100 100"' in picture


def test_lines_of_words_stand_around_their_middle():
    canvas = Canvas(100)
    canvas.lines(5, 50, ["one", "two", "three"])
    assert re.findall(r'y="([\d.]+)">(\w+)', canvas.svg(100, "")) == [("40.5", "one"), ("54", "two"), ("67.5", "three")]
    assert fold("some words here", 63) == ["some words", "here"]
    assert fold("", 63) == [""]
    assert way([1, 2, 3], [4, 5, 6]) == "M1 4L2 5 3 6"


def drawn(kind, rows, **words):
    return svg(chart(kind, rows, **words), label="What?")


def numbers(pattern, picture):
    return [tuple(float(part) for part in found) for found in re.findall(pattern, picture)]


BAR = r"M([\d.]+) ([\d.]+)h([\d.]+)v([\d.]+)h-[\d.]+z"


def test_bars_are_as_long_as_their_values():
    rows = [
        {"row": "a", "value": 20, "label": "20"},
        {"row": "b", "value": 5, "label": "5"},
        {"row": "c", "value": 0, "label": "0"},
    ]
    found = numbers(BAR, drawn("bars", rows, x=None))
    assert len(found) == 2
    (left, _, long, high), (start, _, short, _) = found
    assert (left, high) == (start, 12)
    assert long == pytest.approx(4 * short, abs=1)


def test_a_bar_of_two_parts_is_split_where_the_first_ends():
    rows = [{"row": "a", "value": 20, "part": 15, "label": ""}]
    picture = drawn("bars", rows, x=None, parts=["fund", "own"])
    blue = numbers(BAR, re.search(rf'<path fill="{BLUE}"[^>]*>', picture)[0])[-1]
    red = numbers(BAR, re.search(rf'<path fill="{RED}"[^>]*>', picture)[0])[-1]
    assert blue[2] == pytest.approx(3 * red[2], abs=1.5)
    assert red[0] == pytest.approx(blue[0] + blue[2], abs=0.5)


def test_gates_stand_on_the_whole_of_a_chance():
    rows = [{"row": "a", "value": 0.5, "label": "50"}, {"row": "b", "value": 1.0, "label": "100"}]
    (_, _, half, _), (_, _, whole, _) = numbers(BAR, drawn("process", rows, x="chance"))
    assert whole == pytest.approx(2 * half, abs=1)


def test_an_interval_has_its_dot_between_its_ends():
    rows = [{"row": "a", "value": 0.4, "low": 0.2, "high": 0.8}, {"row": "b", "value": 1.0, "low": 0.0, "high": 1.0}]
    picture = drawn("interval", rows, x=None, share=True)
    (low, _, high), (start, _, end) = numbers(r"M([\d.]+) ([\d.]+)H([\d.]+)M", picture)
    dots = [x for x, _ in numbers(r"M([\d.]+) ([\d.]+)h\.01", picture)]
    unit = end - start
    assert ((low - start) / unit, (high - start) / unit) == pytest.approx((0.2, 0.8), abs=0.01)
    assert [(x - start) / unit for x in dots] == pytest.approx([0.4, 1.0], abs=0.01)


def test_where_it_started_is_an_open_diamond():
    row = {"row": "a", "value": 0.4, "low": 0.2, "high": 0.8, "start": 0.6}
    picture = drawn("interval", [row], x=None, share=True, words=["then", "now"])
    (low, _, high) = numbers(r"M([\d.]+) ([\d.]+)H([\d.]+)M", picture)[0]
    diamond = numbers(r"M([\d.]+) ([\d.]+)l5 5", picture)[-1][0]
    assert (diamond - low) / (high - low) == pytest.approx(2 / 3, abs=0.01)


def test_dots_of_a_chance_are_filled_ringed_and_crossed():
    rows = [
        {"row": "a", "dot": k, "outcome": "yes" if k <= 6 else "other" if k <= 11 else "no", "label": "30"}
        for k in range(1, 21)
    ]
    picture = drawn("chance", rows, outcomes=["yes", "other", "no"])
    # each kind stands once more in the legend
    assert len(re.findall(r"h\.01", picture)) == 6 + 1
    assert len(re.findall(r"a[\d.]+ [\d.]+ 0 1 0 [\d.]+ 0a", picture)) == 5 + 1
    assert len(re.findall(r"l[\d.]+ [\d.]+m0-", picture)) == 9 + 1


def test_a_tornado_grows_from_the_mean_to_either_side():
    base = {"row": "a", "centre": 0.5, "from": 0.5}
    rows = [{**base, "to": 0.2, "side": "low", "label": "20"}, {**base, "to": 0.9, "side": "high", "label": "90"}]
    picture = drawn("tornado", rows, x="chance", sides=["low", "high"])
    red = numbers(BAR, re.search(rf'<path fill="{RED}"[^>]*>', picture)[0])[-1]
    blue = numbers(BAR, re.search(rf'<path fill="{BLUE}"[^>]*>', picture)[0])[-1]
    assert red[0] + red[2] == pytest.approx(blue[0], abs=0.5)
    assert red[2] / blue[2] == pytest.approx(0.3 / 0.4, abs=0.02)


def test_a_difference_is_drawn_around_nought():
    rows = [{"row": "a", "value": 0.1, "low": -0.2, "high": 0.4}]
    picture = drawn("difference", rows, x="worth")
    low, _, high = numbers(r"M([\d.]+) ([\d.]+)H([\d.]+)M", picture)[0]
    nought = float(re.search(r'stroke-dasharray="4 3"[^>]* d="M([\d.]+)', picture)[1])
    assert (nought - low) / (high - low) == pytest.approx(1 / 3, abs=0.01)


def test_discs_have_an_area_by_their_share():
    rows = [
        {"row": "a", "column": "x", "value": 1.0, "label": "1"},
        {"row": "a", "column": "y", "value": 0.25, "label": ".25"},
    ]
    picture = drawn("matrix", rows, x=None)
    assert re.findall(r'stroke-width="([\d.]+)"[^>]*d="M[\d.]+ [\d.]+h\.01', picture) == ["20", "10"]


def test_calibration_stands_on_its_diagonal_where_it_is_perfect():
    rows = [{"said": 0.5, "happened": 0.5, "low": 0.3, "high": 0.9, "cases": 10, "label": ""}]
    picture = drawn("calibration", rows, x="said", y="happened")
    assert "M46 272L296 22" in picture  # from 0 % in both to 100 % in both, a side of 250
    assert "M171 147h.01" in picture
    assert "M171 197V47" in picture  # 272 - .3 * 250 and 272 - .9 * 250


def test_a_fan_has_its_band_and_its_median():
    rows = [
        {"measure": "m", "option": "a", "week": week, "low": 0, "median": 5, "high": 10} for week in (0, 10)
    ]  # fmt: skip
    picture = drawn("fan", rows, x="weeks", options=["a"], panels=["m"])
    (line,) = re.findall(r'stroke-width="2.5"[^>]*d="[^"]*M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)"/>', picture)
    band = re.search(r'd="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)z', picture)
    low, high = float(band[2]), float(band[6])
    assert low > high, "upwards is more"
    assert float(line[1]) == float(line[3]) == pytest.approx((low + high) / 2, abs=0.5)


def test_what_could_come_at_most_is_an_outline_around_the_bar():
    rows = [{"row": "a", "value": 20, "most": 40, "label": "20"}, {"row": "b", "value": 0, "most": 40, "label": "0"}]
    picture = drawn("bars", rows, x=None, parts=["likely", "at most"])
    bar = numbers(BAR, re.search(rf'<path fill="{BLUE}"[^>]*>', picture)[0])[-1]
    outlines = numbers(r"M([\d.]+) ([\d.]+)H([\d.]+)V([\d.]+)H\1z", picture)
    assert len(outlines) == 2
    assert outlines[0][2] - outlines[0][0] == pytest.approx(2 * bar[2], abs=0.5)


def test_a_ladder_sizes_its_marks_by_weight():
    rows = [
        {"row": "a", "value": 0, "low": 0, "high": 10, "weight": 40, "kind": "home"},
        {"row": "b", "value": 100, "low": 90, "high": 100, "weight": 10, "kind": "home"},
    ]
    picture = drawn("ladder", rows, x="join", size="weight", sizes=[10, 20, 40], kinds=["home", "abroad"])
    sizes = re.findall(rf'stroke="{BLUE}" stroke-width="([\d.]+)" stroke-linecap="round"[^>]*d="([^"]+)"', picture)
    assert {float(size) for size, path in sizes} >= {18.0, 11.5}  # 5 + 13 * 1; 5 + 13 * sqrt(1 / 4)


def test_every_option_has_its_dot_on_every_criterion():
    rows = [
        {"criterion": c, "row": r, "value": 5, "low": 1, "high": 9, "share": False}
        for c in ("x", "y", "z") for r in "ab"
    ]  # fmt: skip
    picture = drawn("criteria", rows, panels=["x", "y", "z"])
    assert len(re.findall(r"h\.01", picture)) == 6


def test_kinds_are_as_many_as_the_methods_page_says():
    assert len(KINDS) == 11
    with pytest.raises(KeyError):
        svg(chart("pie", [{}]), label="")
