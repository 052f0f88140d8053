"""What is a printed number, where does it come from, and which word goes with a probability?

Every number in a brief is a `Number`: its value, the text that prints it, and a `Trace` that resolves in
one step to a result of the run, a parameter of the scenario, a claim of the ledger, or the run itself.
Likelihood words and bands are those of US Intelligence Community Directive 203 (2 January 2015, section
D.6.e.2.a), never printed without the number and its interval, and never in one sentence with a
statement of confidence (the same directive, D.6.e.2.b).
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from math import floor, isfinite, log10
from typing import Literal, SupportsFloat

from contingent.atomic import canonical_json

BANDS: tuple[float, ...] = (0.05, 0.20, 0.45, 0.55, 0.80, 0.95)
WORDS = ("almost_no_chance", "very_unlikely", "unlikely", "roughly_even", "likely", "very_likely", "almost_certain")
Kind = Literal["result", "parameter", "claim", "run", "precedent"]


@dataclass(frozen=True, slots=True, order=True)
class Trace:
    """Where a number comes from.

    `name` is a result (`consultation.passes`), a parameter's dotted path, a claim's identifier, an entry of the
    run card, or a precedent; `where` narrows it down (`option=decline`); `how` says what was done to it
    (`mean over runs`).
    """

    kind: Kind
    name: str
    how: str = ""
    where: tuple[tuple[str, str], ...] = ()

    @property
    def label(self) -> str:
        """`consultation.passes[option=decline]`."""
        inside = ", ".join(f"{key}={value}" for key, value in self.where)
        return f"{self.name}[{inside}]" if inside else self.name


@dataclass(frozen=True, slots=True)
class Number:
    """A printed number: `text` is what the reader sees, `value` what was computed."""

    value: float
    text: str
    trace: Trace

    def __str__(self) -> str:
        return self.text


def result(name: str, how: str = "", /, **where: object) -> Trace:
    """The trace of a result of the run."""
    return Trace("result", name, how, tuple((key, str(value)) for key, value in where.items()))


def parameter(path: str, how: str = "") -> Trace:
    """The trace of a number of the scenario."""
    return Trace("parameter", path, how)


def on_card(name: str) -> Trace:
    """The trace of an entry of the run card."""
    return Trace("run", name)


def _traced(trace: Trace | str, how: str, where: dict[str, object]) -> Trace:
    """Where a number comes from, or the result that is named."""
    return result(trace, how, **where) if isinstance(trace, str) else trace


def percent(value: SupportsFloat, trace: Trace | str, how: str = "", /, **where: object) -> Number:
    """A share as whole per cent; what would round to 0 or 100 without being it says so.

    Here and below, a name in place of a trace is that of a result, with `how` and `where` as in `result`.
    """
    share = float(value)
    text = "<1" if 0 < share <= 0.005 else ">99" if 0.995 <= share < 1 else f"{100 * share:.0f}"
    return Number(share, f"{text}\u00a0%", _traced(trace, how, where))


def chance(value: SupportsFloat, trace: Trace | str, how: str = "", /, **where: object) -> Number:
    """A probability as whole per cent, from `<1 %` to `>99 %`: a model is never surer (ICD 203 ends at 1 and 99)."""
    share = float(value)
    told = percent(min(max(share, 0.001), 0.999), trace, how, **where)
    return Number(share, told.text, told.trace)


def rough(value: SupportsFloat, trace: Trace | str, how: str = "", /, *, whole: bool = True, **where: object) -> Number:
    """An amount to two figures; of whole things, what is more than none and less than one says so."""
    amount = float(value)
    places = 1 - floor(log10(abs(amount))) if amount else 0
    text = "<1" if whole and 0 < amount < 0.5 else plain(round(amount, min(places, 0) if whole else places))
    return Number(amount, text, _traced(trace, how, where))


def points(value: SupportsFloat, trace: Trace | str, how: str = "", /, **where: object) -> Number:
    """A difference of two shares in percentage points, with its sign; none where it rounds to nothing."""
    difference = float(value)
    text = signed(f"{100 * difference:+.0f}") if round(100 * difference) else "0"
    return Number(difference, text, _traced(trace, how, where))


def count(value: SupportsFloat, trace: Trace | str, how: str = "", /, *, sign: bool = False, **where: object) -> Number:
    """A count or an amount, to the precision it deserves: two figures below a hundred, three above."""
    return Number(float(value), plain(float(value), sign=sign), _traced(trace, how, where))


def exact(value: SupportsFloat, trace: Trace | str, how: str = "", /, **where: object) -> Number:
    """A number that is known exactly, such as the number of runs."""
    return Number(float(value), f"{float(value):,.0f}".replace(",", "\u202f"), _traced(trace, how, where))


def decimal(
    value: SupportsFloat, trace: Trace | str, how: str = "", /, *, places: int = 2, sign: bool = False, **where: object
) -> Number:
    """A number with a fixed number of decimals."""
    text = f"{float(value):{'+' * sign}.{places}f}"
    if float(text) == 0:
        text = f"{0:.{places}f}"
    return Number(float(value), signed(text), _traced(trace, how, where))


def plain(value: float, *, sign: bool = False) -> str:
    """A number as text: grouped by thousands, no more figures than the model can carry."""
    if not isfinite(value):
        return "none"
    if value == 0:
        return "0"
    digits = 2 if abs(value) < 100 else 3
    places = digits - 1 - floor(log10(abs(value)))
    rounded = round(value, places)
    text = f"{rounded:,.{max(0, min(places, 6))}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return signed(("+" if sign and rounded > 0 else "") + text.replace(",", "\u202f"))


def signed(text: str) -> str:
    """The same text with a true minus sign."""
    return text.replace("-", "\u2212")


def likelihood(probability: float) -> str:
    """The word for a probability; a probability on a boundary takes the word of the band above it.

    Raises:
        ValueError: not a probability.
    """
    if not 0 <= probability <= 1:
        raise ValueError(f"{probability} is not a probability")
    return WORDS[bisect_right(BANDS, round(probability, 9))]


def printed(numbers: Iterable[Number]) -> str:
    """The SHA-256 of all printed numbers with the labels of their traces; what is said of an earlier run is left out.

    Sorted, so that a language may say them in another order.
    """
    found = {(_label(number), number.text) for number in numbers if not number.trace.name.startswith("since.")}
    return sha256(canonical_json(sorted(found))).hexdigest()


def _label(number: Number) -> str:
    trace = number.trace
    return f"{trace.kind}:{trace.label}" + (f" ({trace.how})" if trace.how else "")
