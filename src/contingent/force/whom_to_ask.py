"""Will a state contribute to this force: would it be asked, would it agree, and what would it bring?

The one answer of `ask`, `record`, precedents and the case.

    P(contributes) = P(in play) x P(agrees | asked)

P(agrees | asked) is `contingent.precedents.forecast`, of the case's own codes for the state that decides, which is what
the consultation takes as the record, and of the same codes by one rule for every other (`question`). P(in play) of a
force outside the UN is `coalition`'s. What past UN missions teach (`service`) is P(contributes) of a UN mission, and
P(in play) is what remains: at most 1, and then the record's word is the lower and holds. The state that the case is
about, the one that leads and those it names with a claim are in play; whom a party refuses is not.

What becomes of a pledge is a beta-binomial: each kind of force keeps its own rate, drawn towards that of all kinds
together as far as its own cases are few. One case is a named contributor's pledge, kept if at least three quarters of
it were there in time.
"""

import tomllib
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, ndtri
from scipy.stats import beta

from contingent.countries import OWN_NAMES
from contingent.errors import InputError
from contingent.force.analysis import Analysis
from contingent.force.coalition import TAUGHT_UNTIL, Force, facts, shipped, un_facts
from contingent.force.eligibility import contributor_status, refused
from contingent.force.plan import plan
from contingent.force.propensity import Propensity, rows
from contingent.force.service import Service
from contingent.force.states import DATA, State, belongs, states
from contingent.precedents.cases import CODES, Query, asked, known, shipped_cases
from contingent.precedents.forecast import Forecast, forecast
from contingent.scenario.model import Scenario

SUBREGION = ("ecowas", "sadc", "eac", "eccas", "igad", "lcbc", "g5", "gcc", "asean", "csto", "pif", "caricom")
NORMAL = ndtri((np.arange(41) + 0.5) / 41)  # equally likely values of a standard normal
CHANCES = ("in_play", "agrees", "limited", "contributes", "low", "high")
Payer = Literal["assessed", "voluntary", "own"]
PAYERS: tuple[Payer, ...] = ("assessed", "voluntary", "own")


@dataclass(frozen=True, slots=True)
class Case:
    """Pledges of one kind in one mission."""

    mission: str
    payer: Payer
    made: int
    kept: int
    source: str


CASES = tuple(Case(**row) for row in tomllib.loads((DATA / "pledges_kept.toml").read_text("utf-8"))["case"])
STRENGTH = 4.0  # cases the common rate counts as, in a kind's own: a judgement


@dataclass(frozen=True, slots=True)
class Rate:
    """A belief about the share of pledges that are kept: a beta distribution."""

    a: float
    b: float

    @property
    def mean(self) -> float:
        """Its mean."""
        return self.a / (self.a + self.b)

    def interval(self) -> tuple[float, float]:
        """Its 90 % interval."""
        low, high = beta.ppf([0.05, 0.95], self.a, self.b)
        return float(low), float(high)


def rate(payer: Payer, cases: tuple[Case, ...] = CASES) -> Rate:
    """The belief for one kind of force, after the cases given."""
    common = together(cases)
    mine = [c for c in cases if c.payer == payer]
    kept, made = sum(c.kept for c in mine), sum(c.made for c in mine)
    return Rate(common.mean * STRENGTH + kept, (1 - common.mean) * STRENGTH + made - kept)


def together(cases: tuple[Case, ...] = CASES) -> Rate:
    """The belief if all kinds kept their pledges alike: the baseline."""
    kept, made = sum(c.kept for c in cases), sum(c.made for c in cases)
    return Rate(1.0 + kept, 1.0 + made - kept)


def question(scenario: Scenario, code: str, host: State) -> Query:
    """The codes of the decision that a state would take.

    Those typed in the case for the state it is about. For every other the force's codes are the same, and its own go by
    one rule: a religious tie where host and state are both in the Organisation of Islamic Cooperation; kin may be
    coerced where there is a tie and the task may coerce; a neighbour borders the host or shares a subregional
    organisation with it; what it would gain is not known: 0.
    """
    typed = scenario.alike
    codes: dict[str, Any] = {name: float(getattr(typed, name)) for name in CODES}
    whole = Query(iso3=typed.country, **codes)
    if code == typed.country:
        return whole
    year = scenario.as_of.year - 1
    both = {name for name in ("oic", *SUBREGION) if belongs(name, code, year) and belongs(name, host.iso3, year)}
    tie = "oic" in both
    tied = bool(typed.kin_or_religious_tie_with_host or typed.coerce_kin)
    coercive = bool(typed.coerce_kin) if tied else any(task.coercive for task in scenario.mandate.tasks.values())
    return replace(
        whole, iso3=code, coerce_kin=float(tie and coercive), kin_or_religious_tie_with_host=float(tie),
        material_benefit=0.0, regional_neighbour=float(code in host.neighbours or bool(both - {"oic"})),
    )  # fmt: skip


def agreements(scenario: Scenario, codes: list[str], host: State) -> list[Forecast]:
    """The record's forecast for each state; those with no decision on record and the same codes share one."""
    on_record = {case.query.iso3 for case in known(asked(shipped_cases()), scenario.as_of)}
    cache: dict[Query, Forecast] = {}
    found = []
    for code in codes:
        query = question(scenario, code, host)
        if code not in on_record and code != scenario.alike.country:
            query = replace(query, iso3="")
        if query not in cache:
            cache[query] = forecast(query, scenario.as_of)
        found.append(cache[query])
    return found


@dataclass(frozen=True, slots=True)
class Answer:
    """Of every state asked about, in the order of `codes`; each array (state,). `contributes` is the product."""

    codes: list[str]
    names: list[str]
    in_play: NDArray[np.float64]
    agrees: NDArray[np.float64]
    contributes: NDArray[np.float64]
    low: NDArray[np.float64]
    """Of `contributes`, 90 %."""
    high: NDArray[np.float64]
    limited: NDArray[np.float64]
    """Of a yes: that it is to a limited part (support, ships, training, a token, strictly defensive)."""
    sizes: NDArray[np.float64]
    """Persons that past contributors sent."""
    rests_on: str
    """What taught P(in play), and how it fared on forces it had not seen."""


def answer(scenario: Scenario, base: Scenario, what: Force, service: Service | None = None) -> Answer:
    """The one answer for every state but the host.

    Args:
        scenario: under an option, or as described.
        base: as described.
        what: the force, as known before it starts.
        service: of states in UN missions; what is not from before the scenario's date is not used.

    Raises:
        InputError: the force is no UN mission, or older than what past missions teach.
        DataError: the service holds nothing from before the scenario's date.
    """
    un, since = "un" in scenario.mandate.likes, f"{scenario.as_of:%Y-%m}"
    if service and not un:
        raise InputError("--data tells who serves in UN missions, and this force is none: leave it out")
    if service and since <= TAUGHT_UNTIL:
        raise InputError(f"--data: what past missions teach was known in {TAUGHT_UNTIL}, and the case is of {since}")
    held = shipped("un_contributors" if service else "contributors")
    there = un_facts(what.host, what.year, service.before(since).lately()) if service else facts(what)
    said = held.said + ("; taught on no UN mission, give --data for what those teach" if un and not service else "")
    model, table = held.model, rows(there, there.index.to_numpy() != what.host.iso3)
    codes = table.index.astype(str).tolist()
    names = [states()[code].name for code in codes]
    heard = agreements(scenario, codes, what.host)
    agrees = np.array([f.probability for f in heard])
    if service:
        low, high = model.interval(table)
        in_play = np.minimum(model.probability(table) / agrees, 1.0)
        low, high = np.minimum(low, in_play * agrees), np.maximum(np.minimum(high, 1.0), in_play * agrees)
    else:
        in_play = model.probability(table)
        low, high = _band(model, table, heard)
    sure, out = _in_play_already(base, what), refused(scenario)
    for i, code in enumerate(codes):
        if code in out:
            in_play[i] = low[i] = high[i] = 0.0
        elif code in sure:
            in_play[i], low[i], high[i] = 1.0, heard[i].low, heard[i].high
    names = [OWN_NAMES.get(code, name) for code, name in zip(codes, names, strict=True)]
    limited = np.array([f.limited for f in heard])
    return Answer(codes, names, in_play, agrees, in_play * agrees, low, high, limited, model.sizes, said)


def _in_play_already(base: Scenario, what: Force) -> set[str]:
    """The state the case is about, those it names with a claim as offering, and the state that leads."""
    offered = {base.state_of(pledge.contributor) for pledge in base.pledges if pledge.claims}
    return offered | {base.alike.country} | ({what.lead.iso3} if what.lead else set())


def _band(model: Propensity, table: pd.DataFrame, heard: list[Forecast]) -> tuple[NDArray, NDArray]:
    """90 % of the product of two uncertain chances; each (state,)."""
    score, spread = model.logit(table)
    low, high = np.empty(len(heard)), np.empty(len(heard))
    for i, one in enumerate(heard):
        play, agrees = expit(score[i] + spread[i] * NORMAL), expit(np.quantile(one.logits, (np.arange(41) + 0.5) / 41))
        low[i], high[i] = np.quantile(np.outer(play, agrees), [0.05, 0.95])
    middle = expit(score) * np.array([one.probability for one in heard])
    return np.minimum(low, middle), np.maximum(high, middle)


def whom_to_ask(
    base: Scenario,
    option: str | None,
    what: Force,
    service: Service | None = None,
    *,
    parties: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Every state by its chance to contribute, the likeliest first, as plain values.

    Args:
        base: the scenario as described.
        option: whose shortfall and terms count; None for the scenario as described.
        what: the force; `coalition.force` makes one from codes.
        service: of states in UN missions (`service.read_service`); for a UN mission.
        parties: codes of states that are parties to the conflict, and are not listed.

    Raises:
        InputError, DataError: the service does not go with the force (`answer`).
    """
    scenario = base.under(option) if option else base
    found = answer(scenario, base, what, service)
    missing = float(plan(scenario).shortfall.sum(["unit_type", "sector", "task"]).max())
    useful = float(np.minimum(found.sizes, missing).mean())
    return {
        "service": service.before(f"{scenario.as_of:%Y-%m}").source if service else None,
        "rests_on": found.rests_on,
        "missing": round(missing),
        "wanted_most": [{"unit": c.what, "critical": round(c.critical, 1), "short": round(c.short, 1)}
                        for c in Analysis(scenario).one_more() if c.felt],
        "size_if_it_comes": [round(float(q)) for q in np.quantile(found.sizes, [0.1, 0.5, 0.9])],
        "states": [
            {
                "state": found.names[i],
                "code": found.codes[i],
                **{name: round(float(getattr(found, name)[i]), 4) for name in CHANCES},
                "useful_persons": round(float(found.contributes[i]) * useful),
                "standing": contributor_status(scenario, found.codes[i], base),
            }
            for i in np.argsort(-found.contributes, kind="stable")
            if found.codes[i] not in parties
        ],
        "no_states": [who.label for code, who in base.contributors.items() if not base.state_of(code)],
        "kept": {
            payer: [round(value, 2) for value in (rate(payer).mean, *rate(payer).interval())] for payer in PAYERS
        },
    }  # fmt: skip
