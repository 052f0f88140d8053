"""Which word goes with which probability, and how is a number said in a sentence?

Likelihood words and bands are those of US Intelligence Community Directive 203 (2 January 2015, section
D.6.e.2.a), never printed without the number and its interval, and never in one sentence with a
statement of confidence (the same directive, D.6.e.2.b).
"""

from bisect import bisect_right
from typing import Literal

Likelihood = Literal[
    "almost_no_chance", "very_unlikely", "unlikely", "roughly_even", "likely", "very_likely", "almost_certain"
]
BANDS: tuple[float, ...] = (0.05, 0.20, 0.45, 0.55, 0.80, 0.95)
WORDS: tuple[Likelihood, ...] = (
    "almost_no_chance", "very_unlikely", "unlikely", "roughly_even", "likely", "very_likely", "almost_certain",
)  # fmt: skip
Level = Literal["low", "moderate", "high"]


def likelihood(probability: float) -> Likelihood:
    """The word for a probability; a probability on a boundary takes the word of the band above it.

    Raises:
        ValueError: not a probability.
    """
    if not 0 <= probability <= 1:
        raise ValueError(f"{probability} is not a probability")
    return WORDS[bisect_right(BANDS, round(probability, 9))]


def confidence(*, unsourced: float | None, spread: float, tested: bool) -> tuple[Level, str]:
    """How much confidence a judgement deserves, and the message that says why.

    `unsourced` is the share of influence that rests on assumptions without a claim (None: no influence can be told
    from chance), `spread` the width of the
    90 % interval of the probability (0 to 1), `tested` whether the record of past decisions beat its base rate. The
    thresholds are a judgement: half of what moves the answer unsourced is low; so is an interval that spans
    three likelihood words. None is high: a decision as a whole, gates and conditions together, was never scored.
    """
    if unsourced is None:
        return "low", "few"
    if unsourced > 0.5:
        return "low", "unsourced"
    if spread > 0.6:
        return "low", "spread"
    if unsourced > 0.2:
        return "moderate", "some_unsourced"
    if spread > 0.35:
        return "moderate", "spread"
    if not tested:
        return "moderate", "untested"
    return "moderate", "sound"
