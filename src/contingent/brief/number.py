"""What is a printed number, and where does it come from?

Every number in a brief is a `Number`: its value, the text that prints it, and a `Trace` that resolves in
one step to a result of the run, a parameter of the scenario, a claim of the ledger, or the run itself.
"""

from dataclasses import dataclass
from math import floor, isfinite, log10
from typing import Literal

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


def percent(value: float, trace: Trace | str, how: str = "", /, **where: object) -> Number:
    """A share as whole per cent; what would round to 0 or 100 without being it says so.

    Here and below, a name in place of a trace is that of a result, with `how` and `where` as in `result`.
    """
    value = float(value)
    if 0 < value <= 0.005:
        text = "<1\u00a0%"
    elif 0.995 <= value < 1:
        text = ">99\u00a0%"
    else:
        text = f"{100 * value:.0f}\u00a0%"
    return Number(value, text, _traced(trace, how, where))


def points(value: float, trace: Trace | str, how: str = "", /, **where: object) -> Number:
    """A difference of two shares in percentage points, with its sign; none where it rounds to nothing."""
    text = signed(f"{100 * value:+.0f}") if round(100 * value) else "0"
    return Number(float(value), text, _traced(trace, how, where))


def count(value: float, trace: Trace | str, how: str = "", /, *, sign: bool = False, **where: object) -> Number:
    """A count or an amount, to the precision it deserves: two figures below a hundred, three above."""
    return Number(float(value), plain(float(value), sign=sign), _traced(trace, how, where))


def exact(value: float, trace: Trace | str, how: str = "", /, **where: object) -> Number:
    """A number that is known exactly, such as the number of runs."""
    return Number(float(value), f"{value:,.0f}".replace(",", "\u202f"), _traced(trace, how, where))


def decimal(
    value: float, trace: Trace | str, how: str = "", /, *, places: int = 2, sign: bool = False, **where: object
) -> Number:
    """A number with a fixed number of decimals."""
    text = f"{value:+.{places}f}" if sign else f"{value:.{places}f}"
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
