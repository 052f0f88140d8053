"""A scenario small enough to plan in the head, and a programme's constraint families as readable linear programmes.

Two half-years (`entry`, `main`), two sectors (`north`, `south`), tasks `patrol` and `build`, infantry of 100 (lift 1),
engineers of 50 (lift .5, divisible); contributors AAA, BBB and CCC. What is not named here is the case of 2006.
"""

from __future__ import annotations

from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import numpy as np

from contingent.force.build_instance import build_instance
from contingent.force.gathering import _cohesion
from contingent.force.instance import Instance
from contingent.force.model import write_model
from contingent.force.symmetry import unsuited
from contingent.scenario.model import Scenario
from contingent.scenario.pledge import Caveat, Composition, Contributor, Pledge, Reimbursement, Route, Support
from contingent.scenario.read import read
from contingent.scenario.theatre import Phase, Requirement, Task, UnitType

PHASES = {"entry": Phase(label="Entry", start=0, end=26), "main": Phase(label="Main", start=26, end=52)}


def pledge(id: str, contributor: str = "AAA", unit: str = "inf", **more: Any) -> Pledge:  # noqa: A002
    """One unit of infantry at once, for a year, at 1,000 dollars a person-month, certain to come."""
    usual = {"strength": 100, "notice": 0, "tour": 12, "rotations": 1, "reliability": 1, "cost": 1000}
    return Pledge(id=id, contributor=contributor, unit=unit, **usual | more)


def need(wanted: float = 100, minimum: float | None = None, **more: Any) -> tuple[Requirement, ...]:
    """The same requirement in both phases, or in `phase` alone."""
    usual = {"unit": "inf", "sector": "north", "task": "patrol", "weight": 1} | more
    phases = [usual.pop("phase")] if "phase" in usual else list(PHASES)
    least = wanted if minimum is None else minimum
    return tuple(
        Requirement(id=f"{usual['sector']}_{usual['unit']}_{p}", phase=p, wanted=wanted, minimum=least, **usual)
        for p in phases
    )


def contributor(code: str, **more: Any) -> Contributor:
    """One that limits nothing."""
    usual = {"region": "East", "ceiling": 10_000}
    return Contributor(label=code, home_support=0.5, casualty_sensitivity=1, **usual | more)


@lru_cache(maxsize=1)
def _case() -> Scenario:
    return read("unifil_2006")


def case(pledges: tuple[Pledge, ...], requirements: tuple[Requirement, ...], **changes: Any) -> Scenario:
    """A scenario with these pledges and requirements; `strength` authorized, `command` and other parts by name."""
    base = _case()
    mandate = {
        "phases": changes.pop("phases", PHASES),
        "tasks": {name: Task(label=name, contributes_to="presence") for name in ("patrol", "build")},
        "authorized_strength": pledge("any", strength=changes.pop("strength", 100_000)).strength,
        "command": changes.pop("command", "coalition"),
    }
    some = next(iter(base.theatre.sectors.values()))
    sectors = {name: some.model_copy(update={"label": name.title()}) for name in ("north", "south")}
    usual: dict[str, Any] = {
        "pledges": pledges, "requirements": requirements, "horizon": 52, "lift": {}, "support": {}, "routes": {},
        "composition": {},
        "caveats": {}, "contributor": "AAA",
        "contributors": {code: contributor(code) for code in ("AAA", "BBB", "CCC")},
        "mandate": base.mandate.model_copy(update=mandate),
        "theatre": base.theatre.model_copy(update={"sectors": sectors}),
        "unit_types": {
            "inf": UnitType(label="Infantry", strength=100, lift=1.0, source="judgement"),
            "eng": UnitType(label="Engineers", strength=50, lift=0.5, divisible=True, source="judgement"),
        },
        "reimbursement": Reimbursement(rate=1500, paid=0.8),
    }  # fmt: skip
    return base.model_copy(update=usual | changes)


def rule(kind: str, **more: Any) -> Composition:
    """A rule on the composition of the force."""
    return Composition(label=kind, kind=kind, **more)


def _languages(**spoken: list[str]) -> dict[str, Contributor]:
    return {code: contributor(code, languages=words) for code, words in spoken.items()}


ALFA, BRAVO = pledge("alfa"), pledge("bravo", "BBB")
OWN = Support(label="National support", unit="eng", covers=60, of="inf", within="contributor", required=True)
STAFF = Support(label="Headquarters", unit="eng", covers=80, within="force")
PORTS = {
    "road": Route(label="Road", mode="road", capacity={"entry": 0.1, "main": 0.1}, contributors="AAA"),
    "port": Route(label="Port", mode="sea", capacity={"entry": 0.05, "main": 0.05}, lead=30),
}
DOCTORS = Support(label="Engineers' well", unit="eng", covers=80, beyond=20)
FAMILIES: dict[str, tuple[str, Scenario]] = {}
"""What makes each family bind, in words, and the scenario that does."""


def _families() -> dict[str, tuple[str, Scenario]]:
    two = (ALFA, BRAVO)
    home = pledge("alfa", tour=6, rotations=1)
    apart = {"feud": rule("apart", contributors=["AAA", "BBB"])}
    tongues = {"tongue": rule("one_language")}
    speak = _languages(AAA=["arabic"], BBB=["french"], CCC=["arabic", "french"])
    late = (pledge("alfa", tour=6), pledge("bravo", "BBB", tour=6, notice=182))  # the second comes for the second half
    asked = {"shy": Caveat(label="Shy", card="yellow", excludes_contributors=["BBB"])}
    return {
        "cover": ("150 are wanted and 100 needed, one battalion of 100 is there", case((ALFA,), need(150, 100))),
        "critical": ("150 are needed, one battalion of 100 is there", case((ALFA,), need(200, 150))),
        "lent": ("one battalion, two sectors that want it", case((ALFA,), need() + need(sector="south"))),
        "there": ("the battalion is ready for the second half-year", case((pledge("alfa", notice=182),), need())),
        "tours": ("one tour of half a year, and a year to serve", case((home,), need())),
        "strength": ("two battalions, 150 persons are authorized", case(two, need(200), strength=150)),
        "ceiling": (
            "AAA offers two battalions and can keep one deployed",
            case((pledge("alfa", strength=200),), need(200), contributors={"AAA": contributor("AAA", ceiling=100)}),
        ),
        "shares": (
            "at least 60 % are to come from AAA, which offers half",
            case(two, need(200), composition={"mainly": rule("least_share", contributor="AAA", share=0.6)}),
        ),
        "lift": (
            "lift for just under one battalion a half-year, which those who go home take as well",
            case((home, BRAVO), need(200), lift={"entry": 1 / 6, "main": 1 / 6}),
        ),
        "budget": (
            "the fund owes 1,000 dollars a person-month and has 400,000 for entry, enough for 67 persons",
            case((pledge("alfa", reimbursed=True),), need(),
                 reimbursement=Reimbursement(rate=1500, paid=0.8, budget={"entry": 400_000})),
        ),
        "one": ("AAA and BBB do not share a sector, and there is one", case(two, need(200), composition=apart)),
        "lasting": (
            "first those come who speak Arabic, then those who speak French, to a sector with one language",
            case(late, need(), composition=tongues, contributors=speak),
        ),
        "compatible": (
            "AAA asks its capital before it serves beside BBB",
            case((pledge("alfa", strength=200, caveats=["shy"]), BRAVO), need(300), caveats=asked),
        ),
        "support well": (
            "a well serves 80 beyond the first 20, two battalions need it, one platoon of engineers is there",
            case((*two, pledge("charlie", "CCC", "eng", strength=50)), need(200) + need(50, unit="eng"),
                 support={"well": DOCTORS}),
        ),
        "support own": (
            "the infantry of AAA needs engineers of AAA for every 60, and those of CCC are not AAA's",
            case((ALFA, pledge("charlie", "CCC", "eng", strength=50), pledge("delta", unit="eng", strength=25)),
                 need() + need(50, unit="eng"), support={"own": OWN}),
        ),
        "support staff": (
            "two battalions need engineers for every 80 of the force, wherever those are; there are half as many",
            case((*two, pledge("charlie", "CCC", "eng", strength=50)),
                 need(200) + need(50, unit="eng", sector="south"), support={"staff": STAFF}),
        ),
        "carried": ("the port is a month from the other contributor only", case(two, need(200), routes=PORTS)),
        "routes": (
            "a road for half a battalion and a port for a quarter",
            case(two, need(200), routes={name: each.model_copy(update={"contributors": ()})
                                         for name, each in PORTS.items()}),
        ),
        "cohesion": ("two contributors, one sector", case(two, need(200))),
    }  # fmt: skip


def families() -> dict[str, tuple[str, Scenario]]:
    """What makes each family bind, in words, and the scenario that does."""
    if not FAMILIES:
        FAMILIES.update(_families())
    return FAMILIES


def written(instance: Instance, family: str) -> SimpleNamespace:
    """The programme of an instance with its families: `columns`, `rows`, `matrices`, and `pools`."""
    draft, pools, offered = write_model(instance)
    if family == "cohesion":
        _cohesion(draft, instance, np.repeat(instance.groups.count[:, None], len(instance.calendar), 1))
    return SimpleNamespace(
        columns=draft.columns, rows=draft.rows, matrices=draft.matrices(), pools=pools, stays=offered
    )


def _names(instance: Instance, pools: Any, offered: Any) -> dict[str, list[str]]:
    """What stands at every place of a family of columns or rows, before its periods."""
    groups, limits, rows = instance.groups.name, instance.limits, [name.replace(" ", ".") for name in instance.rows]
    standing = [f"{groups[pools.first[p]]},{rows[r]}" for p, r in zip(pools.pool, pools.row, strict=True)]
    when = zip(offered.group, offered.start, offered.end, offered.tours, strict=True)
    stays = [f"{groups[g]},{start}_{end},{tours}" for g, start, end, tours in when]
    short = [rule.name.split(".")[1] for rule in limits.compatible]
    choices = [f"{n}.{c.replace(', ', '_')}" for n, r in zip(short, limits.compatible, strict=True) for c in r.choices]
    sent = sorted({int(c) for c in instance.groups.contributor[pools.of >= 0]})
    entries = [f"{short[r]},{groups[pools.first[p]]},{instance.sectors[s]}" for r, p, s in unsuited(instance, pools)]
    served = [instance.sectors[s] for s in sorted(set(instance.demand.sector[pools.row].tolist()))]
    owners = sorted({(int(instance.groups.contributor[g]), int(instance.demand.sector[r]))
                     for g, r in zip(instance.cells.group, instance.cells.row, strict=True)})  # fmt: skip
    here = [f"{instance.contributors[c]},{instance.sectors[s]}" for c, s in owners]
    by_sector = [f"{choice},{sector}" for choice in choices for sector in instance.sectors]
    ways, weeks = [route.name for route in limits.routes], offered.moves[3].tolist()
    moves = [f"{stays[s]},{week:g}" for s, week in zip(offered.moves[0], weeks, strict=True)]
    places = {"sector": served, "contributor": [instance.contributors[c] for c in sent], "force": ["force"]}
    return {
        "x": standing, "there": list(groups), "stay": stays, "short": rows, "critical": rows, "force": [""],
        "common": by_sector, "leave": entries, "b": here, "lasting": by_sector, "cohesion": standing,
        "way": [f"{way},{move}" for way in ways for move in moves], "carried": moves, "routes": ways, "cover": rows,
        "lent": list(groups), "tours": list(groups),
        "strength": [""], "lift": [""], "ceiling": [instance.contributors[c] for c in sent],
        "shares": [rule.name.replace(":", ".") for rule in limits.shares], "compatible": entries,
        "one": [f"{n},{s}" for n in short for s in instance.sectors],
        "budget": [f"{i}" for i in range(len(limits.budget))],
        **{f"{word} {rule.name}": places[rule.within] for rule in limits.supports for word in ("support", "uncovered")},
    }  # fmt: skip


def _titles(family: str, names: list[str], count: int, first: int) -> list[str]:
    """One title a place and period, such as `use(alfa,0)`; `first` is the period they begin with."""
    periods = count // max(len(names), 1)
    word = family.replace(" ", ".")
    if periods == 1 and family in ("tours", "budget", "b", "stay", "way", "carried"):
        return [f"{word}({name})" for name in names]
    return [f"{word}({name},{t + first})".replace("(,", "(") for name in names for t in range(periods)]


def linear_programme(family: str) -> str:
    """The rows of one family of its scenario, with the prices, bounds and kinds of the columns in them."""
    words, scenario = families()[family]
    instance = build_instance(scenario)
    found = written(instance, family)
    matrices, names = found.matrices, _names(instance, found.pools, found.stays)
    column: dict[int, str] = {}
    for name, at in found.columns.items():
        column |= dict(zip(at.ravel().tolist(), _titles(name, names[name], at.size, 0), strict=True))
    rows = found.rows[family]
    first = 1 if family == "lasting" else 0
    used: list[int] = []
    told = []
    for row, title in zip(rows.tolist(), _titles(family, names[family], len(rows), first), strict=True):
        line = matrices.matrix[[row]]
        terms = sorted((c, v) for c, v in zip(line.indices.tolist(), line.data.tolist(), strict=True) if v)
        used += [c for c, _ in terms]
        left = " ".join(f"{value:+.6g} {column[c]}" for c, value in terms)
        low, high = matrices.lower[row], matrices.upper[row]
        sign, right = ("=", low) if low == high else (">=", low) if np.isfinite(low) else ("<=", high)
        told.append(f" {title}: {left} {sign} {right + 0.0:.6g}")
    columns = sorted(set(used))
    price = " ".join(f"{matrices.cost[c]:+.6g} {column[c]}" for c in columns if matrices.cost[c])
    bounds = [f" {matrices.low[c]:.6g} <= {column[c]} <= {matrices.high[c]:.6g}" for c in columns]
    whole = [column[c] for c in columns if matrices.whole[c]]
    parts = [f"\\ {family}: {words}", "Minimize", f" goals: {price}", "Subject To", *told, "Bounds", *bounds]
    return "\n".join([*parts, *(["General", *(f" {name}" for name in whole)] if whole else []), "End"]) + "\n"
