"""Which states come into play for a force outside the UN, and who of them contributes?

Hurdle model: a ridge logistic regression of being in play, times the record's chance that a state in play agrees.

    P(contributes) = P(in play) x P(agrees | asked)

In play is a state that came, offered, refused, was noted to stay away or was kept out by the host; silence is not (the
regression is `propensity`'s). The second factor is `contingent.precedents.forecast`, the one answer of the whole
product. Features are known before the start and coded for every state and force by one rule; what is not known of a
state counts as the taught mean. Any uniformed contribution of ten people counts: the tables taught with do not tell
troops, police, training and bases apart, and say nothing of money.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from contingent.errors import InputError, did_you_mean
from contingent.force.propensity import Propensity
from contingent.force.states import DATA, State, belongs, distances, memberships, state, states
from contingent.precedents.cases import CODES, Query, asked, known, shipped_cases

TREATIES = ("nato", "rio_treaty", "us_treaty", "csto", "gcc", "arab_league", "ecowas", "sadc", "eccas")  # of defence
SHARED = ("nato", "eu", "au", "ecowas", "sadc", "eac", "eccas", "igad", "gcc", "arab_league", "oic", "asean", "csto",
          "pif", "caricom", "oas", "oecd")  # fmt: skip
FLAGS = ("shares_subregion_org", "neighbour", "lead_defence_pact", "lead_any_pact", "host_defence_pact",
         "us_defence_pact", "nato", "mnna", "eu")  # fmt: skip
RANKED = ("dist_km", "ideal_lead_gap", "ideal_us_gap", "shared_igo_host", "shared_igo_lead", "us_arms_tiv_5y",
          "us_exercises_5y", "milper_k")  # fmt: skip
COUNTED = ("earlier_coalitions", "earlier_with_lead")
NEAR = 100.0  # km: who is nearer is as near
FEW = 3  # earlier forces: while the most active state was in fewer, a share of them says little


@dataclass(frozen=True, slots=True)
class Force:
    """A force as it is known before it starts."""

    host: State
    lead: State | None
    organisation: str | None
    """That sends it, as in `data/memberships.toml`; None where states gather by themselves."""
    year: int
    """The last whole year before it starts: nothing later is used."""


def force(host: str, lead: str | None, organisation: str | None, start: date) -> Force:
    """A force by the codes people write.

    Raises:
        InputError: no such state or organisation.
    """
    if organisation is not None and organisation.lower() not in memberships():
        choice = did_you_mean(organisation.lower(), sorted(memberships()))
        raise InputError(f"--organisation {organisation}: its members are not known here; {choice}")
    sends = organisation.lower() if organisation else None
    return Force(state(host, "--host"), state(lead, "--lead") if lead else None, sends, start.year - 1)


def facts(of: Force) -> pd.DataFrame:
    """What is known of every state from what comes with the package; shape (state, feature).

    Member and outsider: of the organisation that sends the force, neither where none does. Distance: log km between
    capitals. Ally: a treaty of mutual defence shared with the lead state. Past: log of one plus the forces outside the
    UN that the record of decisions knows the state to have joined.
    """
    there, year, lead = list(states()), of.year, of.lead
    sent = of.organisation

    def both(names: tuple[str, ...], other: str) -> NDArray[np.float64]:
        held = [name for name in names if belongs(name, other, year)]
        return np.array([sum(belongs(name, code, year) for name in held) for code in there], float)

    member = np.array([float(sent is not None and belongs(sent, code, year)) for code in there])
    joined: dict[str, set[str]] = {}
    for case in known(asked(shipped_cases()), date(year + 1, 1, 1)):
        if case.joined and not case.query.un_led:
            joined.setdefault(case.query.iso3, set()).add(case.op_key)
    unknown = np.full(len(there), np.nan)
    return pd.DataFrame(
        {
            "member": member,
            "outsider": 1 - member if sent else np.zeros(len(there)),
            "distance": np.log(np.maximum(distances(of.host), NEAR)),
            "borders": [float(code in of.host.neighbours) for code in there],
            "ally": np.minimum(both(TREATIES, lead.iso3), 1.0) if lead else unknown,
            "shared with host": both(SHARED, of.host.iso3),
            "nato": [float(belongs("nato", code, year)) for code in there],
            "oecd like lead": both(("oecd",), lead.iso3) if lead else unknown,
            "past": [np.log1p(len(joined.get(code, ()))) for code in there],
        },
        index=pd.Index(there, name="iso3"),
    )


def coded(table: pd.DataFrame) -> pd.DataFrame:
    """The same from a table of forces and states with more columns (`coalition_backtest`); shape (row, feature).

    What states have more or less of counts by rank within a force: levels drift over four decades. A rank that is not
    known is the middle one, a flag that is not known 0.
    """
    inside = table.groupby("force")
    sent, member = table["org"].notna(), table["in_org"].eq(1)
    found = {"member": member.astype(float), "outsider": (sent & ~member).astype(float)}
    found |= {name: table[name].fillna(0.0) for name in FLAGS}
    middle = inside["dist_km"].transform("median").to_numpy(float)
    away = table["dist_km"].to_numpy(float)
    known_of = np.where(np.isnan(away), np.where(np.isnan(middle), np.nanmedian(away), middle), away)
    found["distance"] = np.log(np.maximum(known_of, NEAR))
    found |= {f"rank of {name}": inside[name].rank(pct=True).fillna(0.5) - 0.5 for name in RANKED}
    most = inside["earlier_coalitions"].transform("max").clip(lower=FEW)
    found["earlier_coalitions"] = table["earlier_coalitions"].fillna(0.0) / most
    found["earlier_with_lead"] = np.log1p(table["earlier_with_lead"].fillna(0.0))
    return pd.DataFrame(found)


def generic(code: str, *, un_led: bool, neighbour: bool = False) -> Query:
    """A decision of which no more is known: a mandate and consent, no kin, combat possible."""
    given = {"un_led": float(un_led), "regional_neighbour": float(neighbour)}
    usual = dict.fromkeys(("un_mandate", "host_consent", "combat_expected"), 1.0)
    return Query(code, **(dict.fromkeys(CODES, 0.0) | usual | given))  # pyright: ignore[reportArgumentType]


GROUPS = ("oic", "au", "ecowas", "nato", "eu", "arab_league", "asean", "oas", "sadc", "eccas", "igad")
ALONE = ("nato", "oic", "oecd")
TAUGHT_UNTIL = "2016-04"  # when the last mission that taught about UN missions was closed


def un_facts(host: State, year: int, people: Mapping[str, float]) -> pd.DataFrame:
    """What is known of every state that a UN mission might ask; shape (state, feature).

    Log of one plus its people in UN missions lately; whether it is on the host's continent, shares an organisation with
    it, or is in one: the columns of the table taught with, which counts America south of the United States as one.
    """

    def continent(of: State) -> str:
        return "SA" if of.continent == "NA" and of.iso3 not in ("USA", "CAN") else of.continent

    there = states()
    table: dict[str, list[float]] = {
        "l_tot24": [float(np.log1p(people.get(code, 0.0))) for code in there],
        "same_continent": [float(continent(each) == continent(host)) for each in there.values()],
    }
    for name in GROUPS:
        hosted = belongs(name, host.iso3, year)
        table[f"both_{name}"] = [float(hosted and belongs(name, code, year)) for code in there]
    table |= {f"is_{name}": [float(belongs(name, code, year)) for code in there] for name in ALONE}
    return pd.DataFrame(table, index=pd.Index(there, name="iso3"))


@dataclass(frozen=True, slots=True)
class Shipped:
    """What comes with the package: a model of who comes, and how it fared on forces left out."""

    model: Propensity
    said: str
    """Its score in a sentence."""
    source: str


@lru_cache(maxsize=2)
def shipped(name: str = "contributors") -> Shipped:
    """The coefficients made by `benchmarks/freeze_contributors.py`: on `facts`, of being in play for a force outside
    the UN; `un_contributors`, on `un_facts`, of contributing to a UN mission.
    """
    held = json.loads((DATA / f"{name}.json").read_text("utf-8"))
    about = held["features"]
    mean, scale, weight = (np.array([row[key] for row in about.values()]) for key in ("mean", "scale", "weight"))
    covariance, sizes = np.array(held["covariance"]), np.array(held["sizes"], float)
    model = Propensity(tuple(about), mean, scale, weight, held["intercept"], covariance, sizes)
    return Shipped(model, held["score"], held["source"])
