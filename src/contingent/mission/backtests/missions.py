"""How well would the model have forecast past missions, each from what the others showed, beside simple forecasts?

Retrodiction, leave-one-out. Each mission of the bank (data/retrodiction.csv) is a theatre of one sector as known at
deployment: the strength planned, arriving as such forces do; armed people as estimated before; the kind of conflict;
last year's deaths. The simulation that ships forecasts its hostile deaths, the people registered for disarmament, and
those killed by violence in its first year. Every prior that rests on the bank is estimated again without the mission.

Scores are CRPS of ln(1 + count), where a factor of two weighs the same for any mission. Deaths by violence are those of
all organised violence, an upper bound of civilians; counts below 25, the source's threshold, count as 25 for every
forecast (threshold-weighted: Gneiting & Ranjan 2011, doi:10.1198/jbes.2010.08110).
"""

from datetime import date
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy.special import logsumexp
from scipy.stats import poisson

from contingent.ensemble.design import Design
from contingent.errors import DataError
from contingent.labels import PLEDGE, RUN, SECTOR, TASK, WEEK
from contingent.mission.backtests import judged, scored
from contingent.mission.calibration.earlier_missions import BEFORE, Risk, known_cases
from contingent.mission.calibration.posterior import beliefs
from contingent.mission.eq04_attacks import USUAL_DEATHS, WEEKS_A_YEAR, danger
from contingent.mission.parameters import priors
from contingent.mission.presence import Presence
from contingent.mission.simulate import simulate
from contingent.mission.tables import shipped
from contingent.quantities import Estimate
from contingent.scenario.model import Scenario
from contingent.scenario.pledge import Contributor
from contingent.scenario.process import Process
from contingent.scenario.theatre import COMMANDS, ConflictKind, Mandate, Task, Theatre, UseOfForce
from contingent.scoring import Score, Scorecard, Scores, means, sha256_of
from contingent.scoring.tables import COUNT, MONTH, TEXT, number, one_of, table

OUTCOMES = {"hostile_deaths": "own_deaths", "registered": "registered", "deaths": "civilian_deaths"}
YEAR = 52  # weeks in which deaths by violence are counted
LEAST = 25.0  # deaths by violence below which a year's count is not told from none
CONSENT = {"signed": (0.75, 0.45, 0.95), "partial": (0.4, 0.15, 0.7), "none": (0.1, 0.02, 0.3)}
"""Share of time armed groups consent, by what they had signed at deployment (judgement, set before scoring)."""
GIVEN = number(1, empty=None)
COLUMNS = {
    "mission": TEXT, "start": MONTH, "weeks": GIVEN, "population": GIVEN, "armed": GIVEN, "troops": GIVEN,
    "command": one_of(*COMMANDS), "use_of_force": one_of(*get_args(UseOfForce)),
    "consent": one_of(*CONSENT), "conflict": one_of(*get_args(ConflictKind)),
    "on_disarmament": number(0, 1, empty=None),
    "hostile_deaths": COUNT, "registered": COUNT, "registered_weeks": COUNT, "case": TEXT,
    "deaths_3": COUNT, "deaths_2": COUNT, "deaths_1": COUNT, "deaths": COUNT,
}  # fmt: skip
ARRIVED = ((0, 4.3, 8.7, 13, 26, 39, 52, 78, 104), (0.03, 0.05, 0.39, 0.48, 0.80, 0.85, 0.88, 0.93, 0.94))
"""Weeks since the mandate, and the share of the strength planned that was there: medians of up to 18 UN missions."""
GOES_ON = ("war", "insurgency", "gangs")  # kinds of conflict whose last year tells of the next
CHANGES = (0.08, 0.87, 4.0)
"""Deaths of a year beside those of the year before, 5, 50 and 95 % of 943 country-years with 100 or more (UCDP)."""
LEFT = 0.4  # log spread of losses at one risk and level: support and consent differ (judgement)
RUNS, SEED = 400, 1
LEVELS = (np.arange(RUNS) + 0.5) / RUNS
TARGETS = {"hostile_deaths": ("by_size", 0.20), "deaths": ("own_last_year", 0.10)}
"""The skill a forecast is to have over a baseline, with an interval above 0 (set with the task)."""


def missions(data: Path) -> Scorecard:
    """The backtest task `missions`: the shipped bank, or a table of the same layout at `data`.

    Raises:
        DataError: a file that is not such a table.
    """
    given = data.is_file() or any(data.glob("retrodiction*.csv"))
    here = data if given else Path(str(files("contingent.mission").joinpath("data")))
    path, bank = table(here, "retrodiction*.csv", COLUMNS)
    if len(bank) < 3:
        raise DataError(f"{data}: {len(bank)} missions; at least 3 are needed to leave one out")
    losses: dict[str, dict[str, dict[str, float]]] = {outcome: {} for outcome in OUTCOMES}
    notes = []
    for k, row in enumerate(bank.to_dict("records")):
        for outcome, ours in forecast(row, learned(bank, k)).items():
            if bank[outcome].notna().sum() < 2:
                continue  # nothing is known of any other mission
            found = judged(ours, baselines(bank, outcome, k), row[outcome], partial(scale, outcome))
            losses[outcome][row["mission"]] = found
            (_, mine), (first, theirs) = list(found.items())[:2]
            low, middle, high = np.quantile(ours, (0.05, 0.5, 0.95))
            notes.append(
                f"{row['mission']} {outcome}: {row[outcome]:g}, forecast {middle:.3g} ({low:.3g} to {high:.3g}), "
                f"{'won' if mine < theirs else 'lost'} {mine:.2f} to {theirs:.2f} ({first})"
            )
    scores: Scores = {}
    beside: dict[str, Scores] = {}
    for outcome, each in ((outcome, each) for outcome, each in losses.items() if each):
        names, rows = list(each), list(each.values())
        ours, theirs = (np.array([row[name] for row in rows]) for name in list(rows[0])[:2])
        scores |= scored(outcome, rows, names, beside) | {f"skill_{outcome}": skill(ours, theirs)}
        scores |= means({f"wins_{outcome}": ours < theirs}, np.array(names))
    for place, (outcome, (name, wanted)) in enumerate(TARGETS.items()):
        if found := scores.get(f"skill_{outcome}"):
            reached = "reached" if found.value >= wanted and found.low > 0 else "not reached"
            notes.insert(place, f"target: skill of {wanted:.0%} over {name} on {outcome}, interval above 0: {reached}")
    cutoff = "every mission is forecast by priors that have not seen it"
    number = sum(map(len, losses.values()))
    return Scorecard("missions", sha256_of(path), cutoff, number, scores, beside, tuple(notes))


def skill(ours: NDArray, theirs: NDArray) -> Score:
    """1 - mean loss / their mean loss, with its 90 % interval by resampling missions, both sums alike."""
    picks = np.random.default_rng(SEED).integers(len(ours), size=(2000, len(ours)))
    spread = 1 - ours[picks].sum(1) / np.maximum(theirs[picks].sum(1), 1e-9)
    low, high = np.quantile(spread, (0.05, 0.95))
    return Score(float(1 - ours.sum() / max(theirs.sum(), 1e-9)), float(low), float(high))


def scale(outcome: str, count: Any) -> NDArray[np.float64]:
    """ln(1 + count); of deaths by violence at least 25."""
    return np.log1p(np.maximum(np.asarray(count, float), LEAST if outcome == "deaths" else 0.0))


def learned(bank: Any, k: int) -> dict[str, Estimate]:
    """The priors that rest on missions of the bank, estimated again without mission k."""
    others, own = bank.drop(index=bank.index[k]), bank.iloc[k]
    known = others[others["hostile_deaths"].notna()]
    served = np.array([endangered(row) / 1000 for row in known.to_dict("records")])
    risk = Risk(known["hostile_deaths"].to_numpy(float), served, link=0.0, link_spread=LEFT)
    found = beliefs(risk) if len(known) > 1 else {}
    for parameter in BEFORE:
        found |= beliefs(known_cases(parameter, date.max, without=str(own["case"])))
    return found | {"deaths": killed_by_kind(others, str(own["conflict"]))}


def endangered(row: dict) -> float:
    """Person-years planned: as many as equation 4 finds as dangerous at usual violence, with a mandate to protect."""
    at = {name: prior.estimate.best for name, prior in priors().items()}
    served = row["troops"] * np.interp(np.arange(int(row["weeks"])), *ARRIVED).sum() / WEEKS_A_YEAR
    deaths = row["deaths"] if np.isfinite(row["deaths"]) else USUAL_DEATHS
    level = danger(deaths / WEEKS_A_YEAR) - danger(USUAL_DEATHS / WEEKS_A_YEAR)
    return float(served * at[f"exposure_{row['use_of_force']}"] * np.exp(at["threat_elasticity"] * level))


def forecast(row: dict, believed: dict[str, Estimate]) -> dict[str, NDArray[np.float64]]:
    """What the simulation forecasts of one mission under these beliefs: counts by run, by outcome."""
    scenario, presence = small_scenario(row, believed)
    weekly = simulate(scenario, presence, Design(SEED, RUNS)).weekly
    return {
        outcome: weekly[OUTCOMES[outcome]].to_numpy()[:, :until].sum(axis=1)
        for outcome, until in windows(row).items()
        if OUTCOMES[outcome] in weekly
    }


def windows(row: dict) -> dict[str, int]:
    """The weeks over which each outcome that is known of a mission is counted."""
    weeks = {"hostile_deaths": row["weeks"], "registered": row.get("registered_weeks"), "deaths": YEAR}
    return {outcome: int(weeks[outcome]) for outcome in OUTCOMES if np.isfinite(row.get(outcome, np.nan))}


def small_scenario(
    row: dict, believed: dict[str, Estimate] | None = None, arrived: tuple = ARRIVED
) -> tuple[Scenario, Presence]:
    """A theatre of one sector with what was known of a mission at deployment, and its force as planned.

    `believed` holds parameters, and under `deaths` the people killed a week per 1,000 armed; the priors, if not given.
    """
    believed = dict(believed or {})
    level = believed.pop("deaths", None)
    last, kind = row.get("deaths_1", np.nan), row.get("conflict")
    start = date.fromisoformat(f"{row.get('start', '2000-01')}-01")
    seen = kind in GOES_ON and np.isfinite(last)
    usual = [max(float(last), LEAST / 2) * change for change in CHANGES]
    weeks = max([int(row["weeks"]), *windows(row).values()])
    armed = Estimate(row["armed"], row["armed"] / 1.6, row["armed"] * 1.6)
    if level is not None and not seen:  # the rate of deaths is what is known: one death an event leaves it as it is
        believed |= {"event_rate": level, "civilian_deaths_per_event": Estimate(1, 1, 1)}
    theatre = Theatre.model_validate({
        "label": row["mission"],
        "sectors": {"area": {"label": "area of operations", "population": row["population"], "area": 1}},
        "armed_groups": {"armed": {
            "label": "armed groups", "strength": armed, "weapons_per_person": 1, "sectors": {"area": 1},
        }},
        "conflict": kind,
        "observed": {"deaths": dict(zip(("low", "best", "high"), usual, strict=True)), "weeks": YEAR} if seen else None,
        "ceasefires": [] if kind in GOES_ON else [{"start": start}],
        "parameters": believed | {"consent_share": Estimate(*CONSENT[row["consent"]])},
    })  # fmt: skip
    arms = float(row["on_disarmament"])
    parts = {name: share for name, share in (("presence", 1.0 - arms), ("disarmament", arms)) if share > 0}
    tasks = {name: Task(label=name, contributes_to=name) for name in parts}  # pyright: ignore[reportArgumentType]
    mandate = bare(
        Mandate, legal_basis="unsc_resolution", command=row["command"], use_of_force=row["use_of_force"], tasks=tasks
    )
    at_home = {"home_support": Estimate(0.6, 0.6, 0.6), "casualty_sensitivity": Estimate(1.0, 1.0, 1.0)}
    scenario = bare(
        Scenario, theatre=theatre, mandate=mandate, contributors={"ALL": bare(Contributor, **at_home)}, horizon=weeks,
        options={}, process=bare(Process, events={}, gates={}), as_of=start,
    )  # fmt: skip
    there = np.interp(np.arange(weeks), *arrived)[None, :, None, None] * row["troops"]
    here = {SECTOR: ["area"], TASK: list(parts)}
    return scenario, Presence(
        xr.DataArray(there * np.array(list(parts.values())), dims=(PLEDGE, WEEK, SECTOR, TASK), coords=here),
        xr.DataArray(np.ones((RUNS, 1)), dims=(RUN, PLEDGE)),
        xr.DataArray(np.zeros((RUNS, 1)), dims=(RUN, PLEDGE)),
        xr.DataArray(["ALL"], dims=(PLEDGE,)),
    )


def bare(kind: Any, **given: Any) -> Any:
    """A record of a scenario with only what is given; nothing else of it is read."""
    return kind.model_construct(**(dict.fromkeys(kind.model_fields) | given))


def baselines(bank: Any, outcome: str, k: int) -> dict[str, NDArray[np.float64]]:
    """Simple forecasts of mission k: counts that are equally likely, by name; the first is the one to beat."""
    own, others = bank.iloc[k], bank.drop(index=bank.index[k])
    others = others[others[outcome].notna()]
    if outcome != "deaths":
        size = bank["troops"] * bank["weeks"] if outcome == "hostile_deaths" else bank["armed"]
        rates = (others[outcome] / size[others.index]).to_numpy(float)
        return {"by_size": np.quantile(rates, LEVELS) * float(size.iloc[k])}
    change = scale(outcome, others["deaths"]) - scale(outcome, others["deaths_1"])
    years = own[["deaths_1", "deaths_2", "deaths_3"]].to_numpy(float)
    return {
        "own_last_year": years[:1],
        "last_year_as_others_changed": np.expm1(scale(outcome, years[0]) + np.quantile(change, LEVELS)),
        "conflictology": years[np.isfinite(years)],
    }


LOG_RATES = np.arange(-12.0, 9.0, 0.1)
BETWEEN_PLACES = np.array([0.6, 0.9, 1.2, 1.6, 2.1, 2.8])
BETWEEN_KINDS = np.array([0.4, 0.8, 1.2, 1.8, 2.5])
MIDDLES = np.linspace(-4, 4, 33)
SAID = 0.5  # log error of a rate that a case in data/cases.csv gives (judgement)


def killed_by_kind(bank: Any, kind: str) -> Estimate:
    """People killed a week per 1,000 armed in the next place with a kind of conflict, as the missions of a bank show.

    Partial pooling: deaths of a year ~ Poisson(exposure x rate), a count below 25 known only as such; log rate ~
    Normal(m of the kind, tau**2); m ~ Normal(middle, omega**2); priors of tau, omega and the middle are judgements.
    Exposure is what the force planned leaves of a year of the armed people (equations 1 and 2 at the prior medians).
    Cases of data/cases.csv count with those of the bank.
    """
    logs = [(row["conflict"], seen_at(row)) for row in bank[bank["deaths"].notna()].to_dict("records")]
    said = shipped("cases").query("parameter.str.startswith('deaths_')", engine="python")
    logs += [
        (name.removeprefix("deaths_"), -0.5 * ((LOG_RATES - np.log(value)) / SAID) ** 2)
        for name, value in zip(said["parameter"], said["value"], strict=True)
    ]
    kinds = sorted({kind, *(name for name, _ in logs)})
    omega = BETWEEN_KINDS[:, None, None]
    before = -0.5 * ((LOG_RATES - MIDDLES[:, None]) / omega) ** 2 - np.log(omega)
    weights, densities = [], []
    for tau in BETWEEN_PLACES:
        near = np.exp(-0.5 * ((LOG_RATES[:, None] - LOG_RATES) / tau) ** 2)
        near /= near.sum(axis=1, keepdims=True)
        by_kind = np.zeros((len(kinds), len(LOG_RATES)))
        for name, log in logs:
            by_kind[kinds.index(name)] += np.log(np.maximum(near @ np.exp(log - log.max()), 1e-300))
        joint = before + by_kind[:, None, None]
        each = np.asarray(logsumexp(joint, axis=-1))
        prior = -0.5 * (MIDDLES / 2) ** 2 - 0.5 * ((np.log(BETWEEN_KINDS / 1.2) / 0.5) ** 2)[:, None]
        weights.append(each.sum(axis=0) + prior - 0.5 * (np.log(tau / 1.3) / 0.5) ** 2)
        densities.append(np.exp(joint[kinds.index(kind)] - each[kinds.index(kind)][..., None]) @ near)
    share = np.exp(np.array(weights) - np.max(weights))
    density = (np.array(densities) * share[..., None]).sum(axis=(0, 1, 2))
    low, best, high = np.exp(np.interp((0.05, 0.5, 0.95), np.cumsum(density) / density.sum(), LOG_RATES))
    return Estimate(float(best), float(low), float(high))


def seen_at(row: dict) -> NDArray[np.float64]:
    """Log likelihood of a mission's deaths by violence at each rate in LOG_RATES."""
    at = {name: prior.estimate.best for name, prior in priors().items()}
    people = row["troops"] * float(np.interp(np.arange(YEAR), *ARRIVED).mean())
    cover = 1 - np.exp(-people / (at["coverage_scale"] * row["population"] / 1000))
    acts = at[f"command_{row['command']}"] * at[f"force_{row['use_of_force']}"] * at["force_effect"]
    mean = YEAR * row["armed"] / 1000 * np.exp(LOG_RATES - acts * cover * (1 + at["legitimacy_at_start"]) / 2)
    return poisson.logcdf(LEAST - 1, mean) if row["deaths"] < LEAST else poisson.logpmf(row["deaths"], mean)
