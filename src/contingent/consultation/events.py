"""When does everything happen that a decision waits for, and that nobody here decides?

Conditional events in continuous time: an event comes after others, is moved by others, or is the Security Council's
vote. Each happens or not in every inner draw of a run, alike for all options; the first draw is the one whose world the
run is in (`study.worlds`).

The Council's vote: is a draft put to it, and do nine of fifteen adopt it without a veto?
Ordered probit of each member's vote on the distance of its ideal point (UN General Assembly; Bailey, Strezhnev & Voeten
2017, doi:10.1177/0022002715595700) from the sponsor's, with one factor common to all:
`latent + sqrt(shared) Z + sqrt(1 - shared) e` is a yes above 0, a no below `-reserve`, an abstention between. Given Z
the yes votes have an exact distribution by convolution (Poisson binomial), permanent members who vote no left out
(Charter, Art. 27(3): an abstention is no veto); Z is integrated by the trapezoid rule, to rounding for such functions.
The coefficients are fitted to published counts by `benchmarks/freeze_council.py`, or judgements; each says which.
"""

import csv
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtr

from contingent.consultation.dispositions import INNER, each_draw, inner
from contingent.ensemble.design import Design
from contingent.errors import InputError
from contingent.quantities import Estimate, Unit
from contingent.scenario.model import Scenario
from contingent.scenario.process import Event

Array = NDArray[np.float64]

DATA = files("contingent.consultation") / "data"
PERMANENT = ("CHN", "FRA", "GBR", "RUS", "USA")
RIVALS = ("CHN", "RUS")
"""Who hold no pen: their own texts mostly compete with those of the United States, France or the UK."""
NEEDED = 9
FAR = 3.0  # ideal points: the distance at which `favour` holds; what was fitted there hardly depends on the slope
SPONSOR = 6.0  # units of the noise: a sponsor votes for its own text
NODES = np.linspace(-8.5, 8.5, 137)
WEIGHTS = np.exp(-(NODES**2) / 2) / np.exp(-(NODES**2) / 2).sum()
AT_ONCE = 256  # runs in memory at the same time

COEFFICIENTS: dict[str, Estimate] = {
    row["name"]: Estimate(
        float(row["best"]), float(row["low"]), float(row["high"]), assumption=row["rests_on"],
        unit=Unit("1", 0.0, float(row["at_most"])),
    )
    for row in csv.DictReader((DATA / "council_coefficients.csv").read_text("utf-8").splitlines())
}  # fmt: skip
"""All in units of the noise; `distance` per unit of ideal points, `rival` against texts of Russia or China alone,
`shared` the share of the noise that all members have in common."""


@lru_cache(maxsize=1)
def _table() -> dict[int, dict[str, float]]:
    """Year -> member -> ideal point of that year, in the order of the file: the permanent members first."""
    table: dict[int, dict[str, float]] = {}
    for row in csv.DictReader((DATA / "council.csv").read_text("utf-8").splitlines()):
        table.setdefault(int(row["year"]), {})[row["state"]] = float(row["ideal_point"])
    return table


def members(year: int) -> tuple[str, ...]:
    """The fifteen members of a year (ISO 3166 alpha-3), the permanent ones first.

    Raises:
        InputError: that year's Council is not held.
    """
    if year not in _table():
        held = f"{min(_table())}-{max(_table())}"
        raise InputError(f"the members of the Security Council in {year} are not held; write a year {held}")
    return tuple(_table()[year])


def distances(proposed_by: str, year: int) -> Array | None:
    """How far each member's ideal point is from the sponsor's, (member,); None where the sponsor has none.

    A sponsor that does not sit in that year counts with its last year on the Council before it.
    """
    seated = _table()[year]
    latest = max((y for y, row in _table().items() if y <= year and proposed_by in row), default=None)
    return None if latest is None else np.abs(np.array(list(seated.values())) - _table()[latest][proposed_by])


def favour(year: int) -> str:
    """The coefficient that says how ready members are to vote yes in a year."""
    return "favour_to_2009" if year < 2010 else "favour_to_2021" if year < 2022 else "favour_since_2022"


def latents(
    proposed_by: str, year: int, positions: Mapping[str, Array], drawn: Mapping[str, Array], *, chapter_vii: bool
) -> Array:
    """What speaks for each member's yes, in units of the noise; (run, member).

    Raises:
        InputError: a position of a state that does not sit, or a sponsor nobody can be compared with.
    """
    seated = members(year)
    if stray := sorted(set(positions) - set(seated)):
        who = f"{', '.join(stray)} not on the Security Council in {year}"
        raise InputError(f"positions: {who}; it is {', '.join(seated)}")
    away = distances(proposed_by, year)
    if away is None:
        if missing := [state for state in seated if state not in positions and state != proposed_by]:
            raise InputError(
                f"proposed_by: {proposed_by} has not sat on the Security Council between 1990 and {year}, so that no"
                f" distance is known; name a member as sponsor, or give `positions` for {', '.join(missing)} too"
            )
        away = np.full(len(seated), FAR)
    columns = []
    for state, distance in zip(seated, away, strict=True):
        latent = drawn[favour(year)] - drawn["distance"] * (distance - FAR)
        latent = latent + drawn["chapter_vii"] * (-0.5 if chapter_vii else 0.5)
        if proposed_by in RIVALS and state not in RIVALS:
            latent = latent - drawn["rival"]
        latent = np.full_like(latent, SPONSOR) if state == proposed_by else latent
        columns.append(latent + positions.get(state, 0.0))
    return np.stack(np.broadcast_arrays(*columns), axis=-1)


def adoption(
    proposed_by: str,
    year: int,
    chapter_vii: bool,  # noqa: FBT001 - the third of what makes a draft
    positions: Mapping[str, Array],
    tabled: Array,
    level: Mapping[str, Array],
) -> Array:
    """Probability (run,) that a draft is put to the vote and adopted.

    Args:
        proposed_by: the sponsor, ISO 3166 alpha-3.
        year: whose members vote.
        chapter_vii: whether it acts under Chapter VII of the Charter.
        positions: what is known of a member beyond its distance, in units of the noise, (run,) each; added.
        tabled: the chance that it is put to the vote, (run,).
        level: uniform draws (run,) for the coefficients by name; the median where none is given.
    """
    drawn = {name: known.quantile(level.get(name, np.array([0.5]))) for name, known in COEFFICIENTS.items()}
    latent = latents(proposed_by, year, positions, drawn, chapter_vii=chapter_vii)
    runs = max(len(tabled), len(latent), *(len(values) for values in drawn.values()))
    latent = np.broadcast_to(latent, (runs, latent.shape[1]))
    reserve, shared = (np.broadcast_to(drawn[name], runs) for name in ("reserve", "shared"))
    vetoes = np.array([state in PERMANENT for state in members(year)])
    return tabled * passes(latent, reserve, shared, vetoes)


def passes(latent: Array, reserve: Array, shared: Array, vetoes: NDArray[np.bool_], needed: int = NEEDED) -> Array:
    """Probability (run,) of at least `needed` yes and no `no` of those who have a veto.

    Shapes: `latent` (run, member), `reserve` and `shared` (run,), `vetoes` (member,).
    """
    out = np.empty(len(latent))
    for start in range(0, len(latent), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        common = np.sqrt(shared[part])[:, None] * NODES
        own = np.sqrt(1.0 - shared[part])[:, None]
        mass = np.zeros((*common.shape, needed + 1))  # the last place holds `needed` yes votes and more
        mass[..., 0] = 1.0
        for member, veto in enumerate(vetoes):
            wish = latent[part, member, None] + common
            yes = ndtr(wish / own)
            other = ndtr(-wish / own)
            if veto:
                other = other - ndtr(-(wish + reserve[part, None]) / own)
            more = mass * yes[..., None]
            mass = mass * other[..., None]
            mass[..., 1:] += more[..., :-1]
            mass[..., -1] += more[..., -1]
        out[part] = mass[..., -1] @ WEIGHTS
    return np.clip(out, 0.0, 1.0)


def happening(scenario: Scenario, design: Design, *, surely: bool = False) -> dict[str, NDArray[np.float64]]:
    """The day of every event in every draw, counted from the scenario's date; inf where it never comes; (draw,).

    With `surely`, the day on which each comes if all of them do. What has happened came on its day in every draw; what
    has not been told of by the last day known comes later or never.
    """
    return _happening(scenario, design, surely=surely)[0]


def likelihood(scenario: Scenario, design: Design) -> NDArray[np.float64]:
    """How likely each draw makes what is known of the events; (draw,), 1 where nothing is."""
    return _happening(scenario, design)[1]


def _happening(scenario: Scenario, design: Design, *, surely: bool = False) -> tuple[dict[str, Array], Array]:
    events, elapsed = scenario.process.events, scenario.elapsed
    days: dict[str, NDArray[np.float64]] = {}
    weight = np.ones(len(design.index) * INNER)
    for name in in_order(events):
        event, path = events[name], f"process.events.{name}"
        delay = each_draw(design.sample(f"{path}.delay", event.delay))
        come = delay + np.max([days[other] for other in event.after], axis=0) if event.after else delay
        told = [one for one in scenario.happened if one.what == name]
        ended = [one for one in told if one.came is not None]
        if ended and ended[-1].came:
            come = np.full(len(delay), float((ended[-1].on - scenario.as_of).days))
        if surely:
            overdue = (come <= elapsed) & (elapsed > 0) & (not ended)
            days[name] = np.where(overdue, elapsed + delay, come)
            continue
        chance, moved = each_draw(probability(event, path, design)), np.zeros(len(delay))
        for other, logits in event.moved_by.items():
            moved += np.isfinite(days[other]) * each_draw(design.sample(f"{path}.moved_by.{other}", logits))
        chance = np.where(moved == 0, chance, expit(logit(np.clip(chance, 1e-12, 1 - 1e-12)) + moved))
        for factor in (one.factor for one in told if one.factor):
            likely = chance * factor + 1 - chance
            weight, chance = weight * likely, chance * factor / likely
        comes = inner(design, f"{path}.happens", name) < chance
        if ended:
            weight, comes = weight * (chance if ended[-1].came else 1 - chance), np.full(len(comes), ended[-1].came)
        elif elapsed:
            late = come <= elapsed
            weight, comes = weight * np.where(late, 1 - chance, 1.0), comes & ~late
        days[name] = np.where(comes, come, np.inf)
    return days, weight


def probability(event: Event, path: str, design: Design) -> NDArray[np.float64]:
    """The probability of an event once what it comes after has happened; (run,)."""
    if event.council is not None:
        vote, at = event.council, f"{path}.council"
        positions = {who: design.sample(f"{at}.positions.{who}", stands) for who, stands in vote.positions.items()}
        level = {name: design.uniform(f"process.events.council.{name}") for name in COEFFICIENTS}
        tabled = design.sample(f"{at}.tabled", vote.tabled)
        return adoption(vote.proposed_by, vote.year, vote.chapter_vii, positions, tabled, level)
    assert event.probability is not None  # checked when the scenario is read
    return design.sample(f"{path}.probability", event.probability)


def in_order(events: Mapping[str, Event]) -> tuple[str, ...]:
    """The events' names, each after those it hangs on; a circle, which `check` refuses, ends where it closes."""
    found: dict[str, None] = {}

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in found or name in above:
            return
        for other in (*events[name].after, *events[name].moved_by):
            visit(other, (*above, name))
        found[name] = None

    for name in events:
        visit(name, ())
    return tuple(found)
