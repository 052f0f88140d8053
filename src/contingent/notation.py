"""How numbers are written in a scenario file, and read back with every fault named.

`3000`, `2000 to 6000`, `3000 (2000 to 6000)`, `2 to 4 months`, `55 %`, `2/3`, or a mapping
`{best, low, high, claims, assumption}`. The named field types at the end carry unit and range.
"""

import re
import sys
from dataclasses import replace
from math import isfinite
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError, core_schema

from contingent.quantities import DAYS, Estimate, Unit

HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
"""Control characters, and those that turn the order of what a reader sees (Unicode Technical Report 36, 2.9)."""
FORMULA = re.compile(r"\s*[-=+@\t\r]")


def legible(told: Any) -> Any:
    """A text from elsewhere, or a record of such, with a sign in place of every character that nobody sees."""
    if isinstance(told, dict):
        return {key: legible(value) for key, value in told.items()}
    return HIDDEN.sub("\ufffd", told) if isinstance(told, str) else told


def cell_of(value: Any) -> Any:
    """A cell of delimited text; words that a spreadsheet would run as a formula begin with an apostrophe."""
    return f"'{legible(value)}" if isinstance(value, str) and FORMULA.match(value) else value


INTEGER = re.compile(r"[-+]?[0-9]+$")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$")
CONSTANTS = {"true": True, "false": False, "null": None, "~": None, "": None}
CONSTANTS |= {word.capitalize(): value for word, value in list(CONSTANTS.items()) if word.isalpha()}
NUMBER = r"[-+]?(?:(?:[1-9]\d{0,2}(?:,\d{2,3})*,\d{3}|\d[\d_]*)\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?:/[1-9]\d*)?"
NOTATION = re.compile(
    rf"^\s*(?P<first>{NUMBER})\s*(?:\(\s*(?P<inner_low>{NUMBER})\s+to\s+(?P<inner_high>{NUMBER})\s*\)"
    rf"|to\s+(?P<second>{NUMBER}))?\s*(?P<unit>%|[A-Za-z][A-Za-z /]*)?\s*$"
)

MEANT = {
    r"(\d)\s*[–—-]\s*(?=\d)": r"\1 to ",
    r"(?<=\d),(?=\d{1,2}(\D|$))": ".",
    r"(?<=\d)[ \u00a0\u202f'’.](?=\d{3}\b)": "",
    r"(?i)per\s?cents?\b|percentage points?\b|\bpct\b": "%",
    r"(?i)\b(mths?|mos?)\b\.?": "months",
    r"(?i)\b(wks?|w)\b\.?": "weeks",
    r"(?i)\b(yrs?|y)\b\.?": "years",
    r"(?i)(?<=\d)\s?k\b": "000",
    r"(?i)[$€£~<>≤≥≈]|\b(about|around|approx\w*|circa|ca|some|up to|or so|usd)\b\.?": "",
    r"(?i)\b(at (least|most)|(more|less|fewer) than)\b": "",
}
"""How people write numbers elsewhere, and how these are written here."""


class Quantity:
    """Annotation that makes a pydantic field an `Estimate` in one unit: `Annotated[Estimate, Quantity(unit)]`."""

    def __init__(self, unit: Unit):
        self.unit = unit

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return quantity_schema(self.unit)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return notation_schema(self.unit)


def plain(text: str) -> Any:
    """The value of an unquoted YAML scalar under the core schema; what is no number or constant is text."""
    if text in CONSTANTS:
        return CONSTANTS[text]
    if INTEGER.match(text) and len(text) < 19:
        return int(text)
    if FLOAT.match(text):
        return float(text)
    return text


def notation_schema(unit: Unit) -> JsonSchemaValue:
    """The JSON Schema of every notation of an estimate in this unit; bounds hold for plain numbers only."""
    plain = {"type": "number"}
    plain |= {key: bound for key, bound in (("minimum", unit.at_least), ("maximum", unit.at_most)) if isfinite(bound)}
    text = {"type": "string", "pattern": rf"^\s*{NUMBER}(?:\s*\(\s*{NUMBER}\s+to\s+{NUMBER}\s*\)|\s+to\s+{NUMBER})?"
                                         rf"\s*(?:{unit_words(unit)})?\s*$"}  # fmt: skip
    names = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
    said = {part: {"anyOf": [plain, text]} for part in ("best", "low", "high")}
    whole = {
        "type": "object", "properties": {**said, "claims": names, "assumption": {"type": "string"}},
        "anyOf": [{"required": ["best"]}, {"required": ["low", "high"]}], "additionalProperties": False,
    }  # fmt: skip
    limits = "" if unit.range.startswith("any") else f", {unit.range.removeprefix('it must be ')}"
    return {"anyOf": [plain, text, whole], "examples": examples(unit), "x-unit": unit.name + limits}


def unit_words(unit: Unit) -> str:
    """A pattern of what may follow a number in this unit."""
    if unit.name in DAYS:
        return "|".join(f"{word}s?" for word in DAYS)
    more = {"1": ["%"], "person": ["people"]}.get(unit.name, [])
    named = [] if unit.name == "1" else [f"{re.escape(unit.name)}s?"]
    return "|".join([*named, *more])


def examples(unit: Unit) -> list[Any]:
    """How numbers in this unit may be written: best value, interval, both."""
    match unit.name, unit.at_most:
        case "1", 1:
            return [0.6, "60 %", "0.4 to 0.8", "0.6 (0.4 to 0.8)"]
        case "1", 100:
            return [60, "40 to 80", "60 (40 to 80)"]
        case "day" | "week" | "month", _:
            return [30, f"20 to 60 {unit.name}s", "30 (20 to 60)"]
        case "1", _:
            return [1, "0.5 to 2", "1 (0.5 to 2)"]
    return [3000, "2000 to 6000", "3000 (2000 to 6000)"]


def quantity_schema(unit: Unit) -> core_schema.CoreSchema:
    """The pydantic schema that reads every notation of an estimate in this unit and writes it back."""
    return core_schema.no_info_plain_validator_function(
        lambda value: parse_estimate(value, unit),
        serialization=core_schema.plain_serializer_function_ser_schema(write_estimate),
    )


def parse_estimate(value: Any, unit: Unit) -> Estimate:
    """An estimate from any notation a scenario file may use.

    Raises:
        PydanticCustomError: not a number, wrong unit, outside the unit's range, or an interval upside down.

    """
    if isinstance(value, Estimate):
        return checked(replace(value, unit=unit))
    if isinstance(value, dict):
        return _from_mapping(value, unit)
    if isinstance(value, bool) or value is None:
        raise complaint("a number is needed here, found {found}", found=repr(value))
    if isinstance(value, int | float):
        if abs(value) > sys.float_info.max:
            raise complaint("a number must be finite")
        return checked(Estimate(float(value), float(value), float(value), unit=unit))
    low, best, high = _from_text(str(value), unit)
    return checked(Estimate(middle(low, high, unit) if best is None else best, low, high, unit=unit))


def _from_mapping(value: dict[str, Any], unit: Unit) -> Estimate:
    known = {"best", "low", "high", "claims", "assumption"}
    if unknown := sorted(set(map(str, value)) - known):
        raise complaint("unknown key {key} in a number; write best, low, high, claims, assumption", key=unknown[0])
    if "best" not in value and not {"low", "high"} <= set(value):
        raise complaint("a number needs `best`, or both `low` and `high`")
    for key in ("best", "low", "high"):
        if isinstance(value.get(key), dict):
            raise complaint("`{key}` must be a number; claims and assumption stand beside it", key=key)
    parts = {key: parse_estimate(value[key], unit) for key in ("best", "low", "high") if key in value}
    for key in ("low", "high"):
        if key in parts and not parts[key].certain:
            raise complaint("`{key}` must be one number, found {found}", key=key, found=str(value[key]))
    best = parts.get("best")
    low = parts["low"].best if "low" in parts else best.low  # pyright: ignore[reportOptionalMemberAccess]
    high = parts["high"].best if "high" in parts else best.high  # pyright: ignore[reportOptionalMemberAccess]
    claims, assumption = value.get("claims"), value.get("assumption")
    if claims is None or isinstance(claims, str):
        claims = [claims] if claims else []
    if not isinstance(claims, list | tuple) or not all(isinstance(claim, str) for claim in claims):
        raise complaint("`claims` must be names of claims; write claims: C07, or claims: [C07, C08]")
    if not isinstance(assumption, str | None):
        raise complaint("`assumption` must be a sentence: why the number is what it is")
    centre = best.best if best else middle(low, high, unit)
    return checked(Estimate(centre, low, high, tuple(claims), assumption or "", unit))


def _from_text(text: str, unit: Unit) -> tuple[float, float | None, float]:
    match = NOTATION.match(text)
    if not match:
        raise complaint("`{text}` is not a number", _meant(text, unit), text=text)
    factor = 1.0
    if match["unit"]:
        found = unit.factor(match["unit"])
        if found is None:
            raise complaint(
                "`{text}` is in {found}, but this number is in {unit}", _meant(text, unit), text=text,
                found=match["unit"].strip(), unit=unit.name if unit.name != "1" else "a plain share",
            )  # fmt: skip
        factor = found
    first = number(match["first"]) * factor
    if match["second"]:
        return first, None, number(match["second"]) * factor
    if match["inner_low"]:
        return number(match["inner_low"]) * factor, first, number(match["inner_high"]) * factor
    return first, first, first


def _meant(text: str, unit: Unit) -> str:
    """A question whether a number was meant that one written in another way looks like; empty if it looks like none."""
    said = text
    for pattern, here in MEANT.items():
        said = re.sub(pattern, here, said)
    match = NOTATION.match(said := " ".join(said.split()))
    fits = match and said != text and (not match["unit"] or unit.factor(match["unit"]) is not None)
    return f"did you mean `{said}`?" if fits else ""


def number(text: str) -> float:
    """A float from text that may group its digits with `,` or `_`, or be a fraction: two thirds end in no decimal."""
    above, _, below = text.replace(",", "").replace("_", "").partition("/")
    return float(above) / float(below or 1)


def middle(low: float, high: float, unit: Unit) -> float:
    """The median of an interval whose best value was not written down."""
    if low > high:
        fix = f"did you mean {high:g} to {low:g}?"
        raise complaint("the interval is upside down: {low} is above {high}", fix, low=f"{low:g}", high=f"{high:g}")
    return Estimate.between(low, high, unit).best


def checked(estimate: Estimate) -> Estimate:
    """The estimate itself, if it is finite, ordered and inside its unit's range."""
    low, best, high, unit = estimate.low, estimate.best, estimate.high, estimate.unit
    if not (isfinite(low) and isfinite(best) and isfinite(high)):
        raise complaint("a number must be finite")
    if not low <= best <= high:
        within = f"say {low:g} to {high:g}, or a best value within it"
        raise complaint(
            "the interval is upside down: low {low}, best {best}, high {high} must rise",
            f"did you mean {best:g} ({high:g} to {low:g})?" if high <= best <= low else within,
            low=f"{low:g}", best=f"{best:g}", high=f"{high:g}",
        )  # fmt: skip
    if low < unit.at_least or high > unit.at_most:
        percent = f"did you mean {estimate} %?" if unit.at_most == 1 and low >= 0 and 2 <= high <= 100 else ""
        raise complaint(
            "{value} is not allowed: {range}{unit}", percent, value=str(estimate), range=unit.range,
            unit=f" {unit.name}" if unit.name != "1" else "",
        )  # fmt: skip
    return estimate


def write_estimate(estimate: Estimate) -> Any:
    """The shortest notation that reads back as the same estimate."""
    best, low, high = (
        int(x) if x == int(x) and abs(x) < 1e15 else x for x in (estimate.best, estimate.low, estimate.high)
    )
    text = best if estimate.certain else f"{best!r} ({low!r} to {high!r})"
    if not (estimate.claims or estimate.assumption):
        return text
    sources = {"claims": list(estimate.claims)} if estimate.claims else {}
    return {"best": text, **sources, **({"assumption": estimate.assumption} if estimate.assumption else {})}


def complaint(template: str, fix: str = "", **context: str) -> PydanticCustomError:
    """A validation error whose message is shown to the user as it stands, and what to write instead, if known."""
    told = {**context, "fix": fix}
    return PydanticCustomError("quantity", template, told)  # pyright: ignore[reportArgumentType]


Persons = Annotated[Estimate, Quantity(Unit("person", 0))]
Days = Annotated[Estimate, Quantity(Unit("day", 0))]
Weeks = Annotated[Estimate, Quantity(Unit("week", 0))]
Months = Annotated[Estimate, Quantity(Unit("month", 0))]
Share = Annotated[Estimate, Quantity(Unit("1", 0, 1))]
Scale = Annotated[Estimate, Quantity(Unit("1", 0, 100))]
Positive = Annotated[Estimate, Quantity(Unit("1", 0))]
Real = Annotated[Estimate, Quantity(Unit("1"))]
DollarsPerPersonMonth = Annotated[Estimate, Quantity(Unit("USD/person/month", 0))]
Dollars = Annotated[Estimate, Quantity(Unit("USD", 0))]
TrucksPerDay = Annotated[Estimate, Quantity(Unit("truck/day", 0))]
Tonnes = Annotated[Estimate, Quantity(Unit("tonne", 0))]
SquareKilometres = Annotated[Estimate, Quantity(Unit("km**2", 0))]
