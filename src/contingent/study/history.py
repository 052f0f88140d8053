"""How does a forecast move with everything learnt or happened, and had past ones been moved so, were they better?

Sequential updating: one entry after the other, each beside the same day without it, so that time passing and what came
out are told apart. The backtest `timelines` replays past decisions: CSV files with the columns date, kind, actor, what
and direction. A row is read by kind, actor and words alone (`history.toml`); `direction`, and what came of it, are
looked at only to score. Rows after the date of a shipped case of that state are conditioned on in it; where none is
shipped, the record of past decisions alone is moved, by the same factors.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from importlib.resources import files
from math import exp, log, sqrt
from pathlib import Path
from typing import Any

import numpy as np

from contingent.consultation.consult import deliberate
from contingent.consultation.happened import effective, weighed
from contingent.consultation.outcome import STAGES, ladder
from contingent.countries import code_of
from contingent.ensemble.design import Design
from contingent.errors import DataError
from contingent.force.coalition import generic
from contingent.precedents.forecast import forecast
from contingent.scenario.model import Scenario, learned
from contingent.scenario.option import Happened
from contingent.scenario.read import read, shipped
from contingent.scoring import Scorecard, backtest_task, brier, means, sha256_of
from contingent.scoring.tables import DAY, TEXT, number, table

READ = tomllib.loads((files("contingent.study") / "history.toml").read_text("utf-8"))
WORDS = {name: re.compile(words, re.IGNORECASE) for name, words in READ["words"].items()}
COLUMNS = {
    **dict.fromkeys(("kind", "actor", "what"), TEXT),
    "date": replace(DAY, empty=None),
    "direction": number(-1, 1, empty=None),
}
STAGE, RUNS, SEED = "delivered", 200, 1  # of the replay


@dataclass(frozen=True, slots=True)
class Step:
    """One dated entry: the chance of each of `STAGES` for the lowest rung by the end of the horizon, before and after.

    `expected` is the chance that the case gave to what came, on what was known before; `effective` the effective number
    of runs after it.
    """

    on: date
    what: str
    says: str
    source: str
    before: dict[str, float]
    after: dict[str, float]
    effective: float
    expected: float | None = None


def outlook(scenario: Scenario, plain: Design) -> tuple[dict[str, float], float, float]:
    """The chance of each stage by the end of the horizon, the effective number of runs it rests on, and how likely what
    happened was, up to a factor.
    """
    design, weight, likely = weighed(scenario, plain) if scenario.happened else (plain, np.ones(len(plain.index)), 1.0)
    talks = deliberate(scenario, design)
    by = np.full(len(talks.deadline), 7.0 * scenario.horizon)
    chances = {stage: float((talks.outlook.rung(1, by, stage) * weight).mean()) for stage in STAGES}
    return chances, effective(weight), likely


def steps(written: Scenario, plain: Design) -> Iterator[Step]:
    """Every claim that moves a number, then everything that happened, in the order of their days.

    Args:
        written: the scenario as it is written, its numbers not yet moved by claims.
        plain: the runs to weigh.

    Raises:
        InputError: what happened is impossible in the case as it is written.
    """
    written = written.counted()
    if not ladder(written):
        return
    claims = [(_day(written, name), path, name) for path, names in written.learned.items() for name in names]
    told: dict[str, tuple[str, ...]] = {}
    base = written.model_copy(update={"learned": {}, "happened": ()})
    now, weighs, _ = outlook(base, plain)
    for on, path, name in sorted(claims, key=lambda each: each[0]):
        told = {**told, path: (*told.get(path, ()), name)}
        base, before = learned(written.model_copy(update={"learned": told, "happened": ()})), now
        now, weighs, _ = outlook(base, plain)
        claim = written.claims[name]
        yield Step(on, f"{path} by {name}", claim.says, claim.document, before, now, weighs)
    past: tuple[Happened, ...] = ()
    for one in sorted(written.happened, key=lambda each: each.on):
        quiet = base.model_copy(update={"happened": (*past, Happened(on=one.on, what="nothing"))})
        past = (*past, one)
        before, _, was = outlook(quiet, plain)
        now, weighs, likely = outlook(base.model_copy(update={"happened": past}), plain)
        given = likely / was if one.came is not None else None
        came = f"times {one.factor:g}" if one.factor else {True: "came", False: "is ruled out"}.get(bool(one.came), "")
        what = one.what if one.what == "nothing" else f"{one.what} {came}"
        yield Step(one.on, what, one.says, one.source or ", ".join(one.claims), before, now, weighs, given)


def _day(written: Scenario, name: str) -> date:
    claim = written.claims[name]
    return claim.date or written.documents[claim.document].published or written.as_of


Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Moved:
    """One row that was replayed: its day, the forecast before and after it, and how it looked on the day."""

    on: date
    before: float
    after: float
    direction: float


def points(kind: str, actor: str, what: str) -> int:
    """Which way a row points: by who speaks, else its first word for or against, else by what kind it is; 1 or -1."""
    if WORDS["critics"].search(actor):
        return -1
    found = ((one.start(), way) for name, way in (("for", 1), ("against", -1)) if (one := WORDS[name].search(what)))
    return min(found, default=(0, READ["usually"].get(kind, 1)))[1]


def deciding(rows: list[Row]) -> str:
    """The state whose decision a timeline is about: that of the actors of most of its rows."""
    named = Counter(code for row in rows if (code := of_state(row)))
    if not named:
        raise DataError("no actor's state is known; write it last in `actor`, behind a comma")
    return named.most_common(1)[0][0]


def of_state(row: Row) -> str:
    """The state of a row's actor, empty if none is named last."""
    return code_of(str(row["actor"]).rpartition(",")[2].strip()) or ""


def sign(row: Row, state: str, case: Scenario | None, past: list[Happened]) -> Happened:
    """A row as something that happened in a case; of signs of one kind that point alike, later ones count for less.

    What offices of the deciding state say or do counts for twice what others do; who goes to court is no court.
    """
    way, kind, on = points(row["kind"], row["actor"], row["what"]), row["kind"], row["date"].date()
    kind = "statement" if kind == "court" and not WORDS["courts"].search(row["actor"]) else kind
    own = of_state(row) == state and not WORDS["critics"].search(row["actor"])
    alike = sum(one.says == f"{kind} {way}" for one in past)
    factor = READ["factor"].get(kind, READ["factor"]["other"]) ** (way / sqrt(1 + alike) / (1 if own else 2))
    about, what = {"says": f"{kind} {way}", "on": on}, "arrival" if kind == "deployment" else "decision"
    ended = {one.what for one in past if one.came}
    for name in (name for name in (_bodies(row, case) if case else ()) if name not in ended):
        if way > 0 and kind in ("vote", "un_resolution"):
            return Happened(what=name, came=True, **about)
        what = name
    return Happened(what=what, factor=factor, **about)


def _bodies(row: Row, case: Scenario) -> Iterator[str]:
    """The events or gates of a case that a resolution, a vote or a ruling is about, by the words of their labels."""
    said = {word[:6] for word in re.findall(r"[A-Z]\w{3,}", row["actor"].rpartition(",")[0])}
    if row["kind"] == "un_resolution":
        yield from (name for name, event in case.process.events.items() if event.council is not None)
    elif row["kind"] in ("vote", "court"):
        kinds = ("vote", "veto") if row["kind"] == "vote" else ("chance",)
        gates = {n: g for n, g in case.process.gates.items() if g.kind in kinds and g.stage == "decision"}
        alike = {name: len(said & {w[:6] for w in re.findall(r"\w{4,}", gate.label)}) for name, gate in gates.items()}
        yield from (name for name in alike if alike[name] == max(alike.values()) > 0)


def case_of(state: str, first: date, last: date) -> Scenario | None:
    """The shipped case of a state whose date lies within a timeline, if there is one."""
    held = (read(name) for name in sorted(shipped()))
    return next((one for one in held if one.state_of(one.contributor) == state and first <= one.as_of <= last), None)


def replayed(rows: list[Row], state: str, case: Scenario | None) -> Iterator[Moved]:
    """Every row after the first day, with the forecast that people of the state will be there, before and after it."""
    start = case.as_of if case else rows[0]["date"].date()
    chance = _of_case(case) if case else _of_record(state, start)
    past: list[Happened] = []
    day, now = start, chance(past)
    yield Moved(start, now, now, 0.0)
    for row in rows:
        on = row["date"].date()
        if on <= start or (case and (on - start).days > 7 * case.horizon):
            continue
        if on > day:
            day, now = on, chance([*past, Happened(on=on, what="nothing")])
        past.append(sign(row, state, case, past))
        before, now = now, chance(past)
        yield Moved(on, before, now, row["direction"])


def _of_case(case: Scenario) -> Callable[[list[Happened]], float]:
    plain = Design(SEED, RUNS)
    return lambda past: outlook(case.model_copy(update={"happened": tuple(past)}), plain)[0][STAGE]


def _of_record(state: str, start: date) -> Callable[[list[Happened]], float]:
    found = forecast(generic(state, un_led=False), start)
    arrived, agreed = found.delivered
    first = found.probability * (arrived + 0.5) / (agreed + 1)
    odds = log(first / (1 - first))
    return lambda past: 1 / (1 + exp(-odds - sum(log(one.factor) for one in past if one.factor)))


@backtest_task(data="timelines")
def timelines(data: Path) -> Scorecard:
    """The backtest task `timelines` on a file of that layout, or a folder of them.

    Raises:
        DataError: no such file, or cells that are not of their kind.
    """
    paths = sorted(data.glob("*.csv")) if data.is_dir() else [data]
    if not paths:
        raise DataError(f"{data}: there is no CSV of a timeline here")
    losses: dict[str, list[float]] = {name: [] for name in ("ours", "first", "right", "up")}
    of_day, of_row, notes = list[str](), list[str](), list[str]()
    for path in paths:
        frame = table(path, "", COLUMNS)[1].sort_values("date", kind="stable")
        rows = frame.to_dict("records")
        state = deciding(rows)
        case = case_of(state, rows[0]["date"].date(), rows[-1]["date"].date())
        found = list(replayed(rows, state, case))
        came = any(row["kind"] == "deployment" and of_state(row) == state for row in rows)
        ends = [*(one.on for one in found[1:]), found[-1].on]
        said = np.concatenate([np.full((end - one.on).days, one.after) for one, end in zip(found, ends, strict=True)])
        dated = [one for one in found if one.direction]
        right = [(one.after - one.before) * one.direction > 0 for one in dated]
        ours, first = brier(said, float(came)), brier(np.full(len(said), found[0].after), float(came))
        up, beside = [one.direction > 0 for one in dated], sum(bool(row["direction"]) for row in rows) - len(dated)
        for name, each in zip(losses, (ours, first, right, up), strict=True):
            losses[name] += list(map(float, each))
        of_day, of_row = of_day + [path.stem] * len(said), of_row + [path.stem] * len(dated)
        notes.append(
            f"{path.stem}: {f'case {case.name}' if case else f'the record of {state} alone, no case is shipped'}; "
            f"{sum(right)} of {len(right)} dated events moved it the right way; {found[0].after:.0%} at first, "
            f"{found[-1].after:.0%} at last; Brier {ours.mean():.3f}, first day's {first.mean():.3f}"
            + f"; {beside} more, up to its first day or after its end, are not scored"
            * bool(beside)
        )
    days, events = np.array(of_day), np.array(of_row)
    score = means({"brier": losses["ours"]}, days) | means({"right_way_hit": losses["right"]}, events)
    return Scorecard(
        "timelines", sha256_of(*paths), "each day is forecast from rows up to it; how rows are read was set with the "
        "timelines of Kenya and Italy at hand", len(of_row), score,
        {"first day's forecast": means({"brier": losses["first"]}, days),
         "always up": means({"right_way_hit": losses["up"]}, events)}, tuple(notes),
    )  # fmt: skip
