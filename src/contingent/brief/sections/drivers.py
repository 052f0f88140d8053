"""Who moves the decision, and which of our assumptions move the answer?"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from contingent.brief import number
from contingent.brief.context import Context
from contingent.brief.document.blocks import Answer, Cite, Figure, Paragraph, Text, joined, pictured
from contingent.brief.figures import chart
from contingent.brief.parameter_labels import phrased
from contingent.ensemble.summary import gap_threshold
from contingent.mission.parameters import acting
from contingent.quantities import Estimate
from contingent.scenario.model import ground
from contingent.study.sampling import SAID, streams, unsaid

DRIVERS = 4
LEAST = 0.01  # share of the answer's spread from which on it is told
MODEL = {True: "judged", False: "known"}  # the mission model's judgements, and its numbers from data and literature


def drivers(context: Context) -> Answer:
    """What stands behind the passage: the numbers that move its chance most, and where the stakeholders stand."""
    c = context
    return Answer(
        (), (tornado(c), Paragraph(c.say("movers.answer")), *(ladder(c, issue) for issue in c.scenario.issues))
    )


def who_counts(c: Context) -> list[Text]:
    """Who weighs most on the first issue and what it leans to, and who stand furthest apart on it."""
    issue, stakeholders = next(iter(c.scenario.issues)), c.scenario.stakeholders.values()
    found = [(who, who.stakes[issue]) for who in stakeholders if issue in who.stakes]
    if not found:
        return []
    who, stake = max(found, key=lambda each: each[0].capability.best * each[1].salience.best)
    anchors = c.scenario.issues[issue].anchors
    nearest = anchors[min(anchors, key=lambda point: abs(point - stake.position.best))]
    least, most = (pick(found, key=lambda each: each[1].position.best)[0].label for pick in (min, max))
    said = c.say("movers.counts", who=c.named(who.label), leans=c.named(nearest))
    return [(*said, " ", *c.say("movers.apart", least=c.named(least), most=c.named(most)))] if least != most else [said]


def moves_most(c: Context) -> list[Text]:
    """The number that moves the chance of the option in focus most, if any does by more than chance may."""
    for each in strongest(c)[:1]:
        how = f"mean where {each.path} is in an outer tenth"
        where = number.result("consultation.passes", how, option=c.focus)
        low, high = (number.chance(value, where) for value in sorted(each.chances))
        return [c.say("movers.most", driver=c.named(phrased(c.scenario, each.path)), low=low, high=high)]
    return []


def ladder(c: Context, issue: str) -> Figure:
    """Where each stakeholder stands on an issue, how far that is known, and how much it weighs."""
    scenario, asked = c.scenario, c.scenario.issues[issue]
    kinds = {"domestic": c.word("movers.domestic"), "outside": c.word("movers.outside")}
    found = []
    for name, stakeholder in scenario.stakeholders.items():
        if stake := stakeholder.stakes.get(issue):
            weight = stakeholder.capability.best * stake.salience.best / 100
            found.append((stakeholder, stake.position, f"stakeholders.{name}.stakes.{issue}", weight))
    found.sort(key=lambda item: -item[1].best)
    rows, cells = [], []
    for stakeholder, position, path, weight in found:
        rows.append({
            "row": stakeholder.label, "value": position.best, "low": position.low, "high": position.high,
            "weight": weight, "kind": kinds[stakeholder.kind],
        })  # fmt: skip
        where = number.parameter(f"{path}.position")
        cells.append((
            c.named(stakeholder.label), (number.count(position.best, where),),
            c.to(number.count(position.low, where), number.count(position.high, where)),
            (number.count(weight, number.parameter(f"{path}.salience", "capability times salience over 100")),),
        ))  # fmt: skip
    heaviest = max(found, key=lambda item: item[3])
    anchors = "; ".join(f"{point} {words}" for point, words in sorted(asked.anchors.items()))
    top = max(weight for *_, weight in found)
    return pictured(
        f"ladder-{issue}".replace("_", "-"), c.word("movers.ladder", issue=asked.label),
        c.say("movers.ladder_reading", who=c.named(heaviest[0].label), anchors=c.named(anchors)),
        c.say("movers.ladder_source"),
        chart("ladder", rows, x=asked.label, size=c.word("movers.weight"),
              sizes=[round(top / 4), round(top / 2), round(top)], kinds=list(kinds.values())),
        c.columns("movers", "who", "position", "interval", "weight"), cells,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Driver:
    """A number that moves the chance to pass: the runs of its lowest and highest tenth, and the chance there."""

    path: str
    estimate: Estimate
    tails: tuple[np.ndarray, np.ndarray]
    chances: tuple[float, float]


def strongest(c: Context) -> list[Driver]:
    """The numbers that move the chance of the option in focus to pass by more than chance may, the strongest first."""
    outcome, found = c.passes(c.focus).to_numpy(), []
    drawn_by = streams(c.scenario)
    for path, estimate in c.scenario.estimates():
        if path not in drawn_by or not path.startswith(("stakeholders.", "process.")):
            continue
        drawn = estimate.quantile(drawn_by[path].level(c.result.design))
        low, high = np.quantile(drawn, [0.1, 0.9])
        sides = drawn <= low, drawn >= high
        found.append(Driver(path, estimate, sides, (outcome[sides[0]].mean(), outcome[sides[1]].mean())))
    moved = {each.path: abs(each.chances[1] - each.chances[0]) for each in found}
    sizes = {each.path: [int(side.sum()) for side in each.tails] for each in found}
    sure = [each for each in found if moved[each.path] > gap_threshold(len(found), outcome, *sizes[each.path])]
    return sorted(sure, key=lambda each: (-moved[each.path], each.path))


def tornado(c: Context) -> Figure | Paragraph:
    """The chance of passing where each of the strongest drivers is low, and where it is high."""
    found = strongest(c)[:DRIVERS]
    if not found:
        return Paragraph(c.say("movers.no_driver"))
    mean = float(c.passes(c.focus).mean())
    sides = [c.word("movers.low"), c.word("movers.high")]
    rows, cells = [], []
    for each in found:
        label, numbers = phrased(c.scenario, each.path), []
        for value, end, side in zip(each.chances, ("lowest", "highest"), sides, strict=True):
            how = f"mean where {each.path} is in its {end} tenth"
            shown = number.percent(value, "consultation.passes", how, option=c.focus)
            rows.append({"row": label, "from": mean, "to": shown.value, "side": side, "label": shown.text})
            numbers.append((shown,))
        cells.append((c.named(label), *numbers, grounded(c, each.path, each.estimate, short=True)))
    return pictured(
        "drivers", c.word("movers.tornado"),
        c.say("movers.tornado_reading", driver=cells[0][0], low=cells[0][1], high=cells[0][2]),
        c.source("consultation.passes"),
        chart("tornado", rows, x=c.word("movers.tornado_axis"), sides=sides),
        c.columns("movers", "driver", "low", "high", "rests"), cells, numeric=(1, 2),
    )  # fmt: skip


def grounded(c: Context, path: str, estimate: Estimate, *, short: bool = False, said: Text = ()) -> Text:
    """What a number rests on, by its class: never more than what it cites says; its author's own sentence stays.

    `said` is where that sentence stands, to be told in its stead.
    """
    if path.startswith(SAID) and path in unsaid(c.scenario):
        prior = acting(c.scenario)[path.removeprefix(SAID)]
        return c.say(f"annex.basis_{prior.basis}", words=c.named(prior.source))
    kind, stating = ground(estimate, c.scenario.claims)
    told = "informed" if kind == "judged" and estimate.claims and not said else kind
    words = said or c.named(estimate.assumption)
    rests = c.say(f"rests.{'short_' * short}{told}", claims=cited(stating or estimate.claims), words=words)
    apart = (stating and estimate.assumption and not short) or (said and told in ("inferred", "unsourced"))
    return (*rests, " ", *words) if apart else rests


def cited(claims: Iterable[str]) -> Text:
    """Claims as references."""
    return joined(((Cite(claim),) for claim in claims), " ")


def moved_by(c: Context, share: float, record: str) -> Text:
    """How much of the answer's spread goes with a record."""
    how = "squared rank correlation with the headline"
    return c.say("annex.influence", share=number.percent(share, "run.influence", how, record=record))


def value_of(c: Context, path: str, each: Estimate) -> Text:
    """A number with its interval and unit."""
    told = each.unit.name == "1" or (path.startswith(SAID) and "/" in each.unit.name)  # by what a rate is called
    unit = () if told else (" ", *c.unit(each.unit.name))
    best, low, high = (number.count(value, number.parameter(path)) for value in (each.best, each.low, each.high))
    return (*((best,) if each.certain else c.about(best, low, high)), *unit)
