"""ICD 203 words, numbers as they are printed, and messages."""

import pytest

from contingent.brief import number
from contingent.brief.document.blocks import Strong, words
from contingent.brief.document.catalogue import Catalogue, filled
from contingent.brief.sections.annexes import level
from contingent.errors import InputError

HERE = number.on_card("runs")


@pytest.mark.parametrize(
    ("p", "word"),
    [
        (0.0, "almost_no_chance"), (0.049, "almost_no_chance"), (0.05, "very_unlikely"), (0.2, "unlikely"),
        (0.44, "unlikely"), (0.45, "roughly_even"), (0.549, "roughly_even"), (0.55, "likely"), (0.65, "likely"),
        (0.8, "very_likely"), (0.95, "almost_certain"), (1.0, "almost_certain"),
    ],
)  # fmt: skip
def test_likelihood_words(p, word):
    assert number.likelihood(p) == word


@pytest.mark.parametrize(
    ("edge", "below", "above"),
    [
        (0.05, "almost_no_chance", "very_unlikely"), (0.20, "very_unlikely", "unlikely"),
        (0.45, "unlikely", "roughly_even"), (0.55, "roughly_even", "likely"), (0.80, "likely", "very_likely"),
        (0.95, "very_likely", "almost_certain"),
    ],
)  # fmt: skip
def test_a_likelihood_word_begins_at_the_edge_of_its_band(edge, below, above):
    assert number.likelihood(edge - 1e-6) == below
    assert number.likelihood(edge) == above
    assert number.likelihood(edge - 1e-12) == above, "nine decimals are what two ways of adding may differ by"


@pytest.mark.parametrize(
    ("judged", "single", "spread", "reason"),
    [
        (0.5, 0, 0.1, "some_judged"), (0.501, 0.9, 0.9, "judged"), (0.2, 0, 0.1, "sound"),
        (0.201, 0, 0.1, "some_judged"),
        (0.1, 0.501, 0.9, "single"), (0.1, 0.5, 0.1, "sound"), (0.1, 0, 0.6, "spread"), (0.1, 0, 0.601, "spread"),
        (0.1, 0, 0.35, "sound"), (0.1, 0, 0.351, "spread"), (None, 0, 0, "few"),
    ],
)  # fmt: skip
def test_confidence_falls_beyond_its_thresholds_and_is_never_high(judged, single, spread, reason):
    low = judged is None or max(judged, single) > 0.5 or spread > 0.6
    found = level(judged=judged, single=single, spread=spread, tested=True)
    assert found == ("low" if low else "moderate", reason)
    if reason == "sound":
        untested = level(judged=judged, single=single, spread=spread, tested=False)
        assert untested == ("moderate", "untested")


@pytest.mark.parametrize("language", ["en", "ur", "ar"])
@pytest.mark.parametrize("n", [0, 1, 2, 3, 11, 100])
def test_no_message_changes_its_words_with_a_number(language, n):
    """No language needs plural forms: every message with a count reads alike for 0, 1, 2, 3, 11 and 100."""
    for key in ("since.more", "passing.chances_reading"):
        parts = dict.fromkeys(("option", "share", "dots", "n"), "-")
        counted = number.exact(n, HERE)
        said = words(Catalogue(language).say(key, **{**parts, "n": counted, "dots": counted, "share": counted}))
        other = words(Catalogue(language).say(key, **{**parts, "n": "#", "dots": "#", "share": "#"}))
        assert said.replace(str(n), "#") == other


@pytest.mark.parametrize("p", [-0.1, 1.1])
def test_not_a_probability(p):
    with pytest.raises(ValueError, match="not a probability"):
        number.likelihood(p)


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (number.percent(0.654, HERE), "65\u00a0%"),
        (number.percent(0, HERE), "0\u00a0%"),
        (number.percent(0.001, HERE), "<1\u00a0%"),
        (number.percent(0.003, HERE), "<1\u00a0%"),
        (number.percent(0.005, HERE), "<1\u00a0%"),  # one run of two hundred
        (number.percent(0.0051, HERE), "1\u00a0%"),
        (number.percent(0.9949, HERE), "99\u00a0%"),
        (number.percent(0.995, HERE), ">99\u00a0%"),
        (number.percent(0.9999, HERE), ">99\u00a0%"),
        (number.percent(1, HERE), "100\u00a0%"),
        (number.chance(0, HERE), "<1\u00a0%"),
        (number.chance(1, HERE), ">99\u00a0%"),
        (number.chance(0.5, HERE), "50\u00a0%"),
        (number.rough(0, HERE), "0"),
        (number.rough(0.4, HERE), "<1"),
        (number.rough(0.6, HERE), "1"),
        (number.rough(7.4, HERE), "7"),
        (number.rough(1670, HERE), "1\u202f700"),
        (number.rough(0.514, HERE, whole=False), "0.51"),
        (number.rough(422.0, HERE, whole=False), "420"),
        (number.points(-0.062, HERE), "\u22126"),
        (number.points(0.062, HERE), "+6"),
        (number.points(-0.002, HERE), "0"),
        (number.points(0.004, HERE), "0"),
        (number.count(0.0996, HERE), "0.1"),
        (number.count(9.96, HERE), "10"),
        (number.count(99.4, HERE), "99"),
        (number.count(999.6, HERE), "1\u202f000"),
        (number.count(2345, HERE), "2\u202f340"),
        (number.count(-12, HERE, sign=True), "\u221212"),
        (number.count(float("inf"), HERE), "none"),
        (number.exact(999.6, HERE), "1\u202f000"),
        (number.decimal(1.25, HERE, places=1), "1.2"),
        (number.decimal(-1.26, HERE, places=1), "\u22121.3"),
        (number.decimal(0.0001, HERE, sign=True), "0.00"),
        (number.count(1234567, HERE), "1\u202f230\u202f000"),
        (number.count(0.04567, HERE), "0.046"),
        (number.count(-3.14159, HERE), "\u22123.1"),
        (number.count(99.6, HERE), "100"),
        (number.count(12, HERE, sign=True), "+12"),
        (number.count(0, HERE), "0"),
        (number.count(float("nan"), HERE), "none"),
        (number.exact(20251028, HERE), "20\u202f251\u202f028"),
        (number.decimal(-0.001, HERE), "0.00"),
        (number.decimal(0.126, HERE, sign=True), "+0.13"),
    ],
)
def test_numbers_as_printed(made, text):
    assert made.text == text


def test_messages_are_filled_and_emphasized():
    made = filled("**{who}** waits {n} days", {"who": "Cabinet", "n": number.exact(3, HERE)})
    assert made[0] == Strong(("Cabinet",))
    assert words(made) == "Cabinet waits 3 days"
    with pytest.raises(KeyError, match="not closed"):
        filled("**open", {})


def test_unknown_language():
    with pytest.raises(InputError, match="'fr'; there are: en, ur, ar"):
        Catalogue("fr")
    assert Catalogue("ur").direction == "rtl"
