"""Under which conditions is each option best, what is left out or counted twice, and what would going in steps add?"""

import numpy as np

from contingent.appraisal.appraise import Steps
from contingent.appraisal.discovery import Limit
from contingent.brief import number
from contingent.brief.context import Context
from contingent.brief.document.blocks import Block, Paragraph, Table, Text
from contingent.brief.sections.weighing import joined
from contingent.labels import CRITERION, OPTION
from contingent.study.insight import adaptive, ways

ALIKE = 0.9  # correlation between options from which two criteria are told to order them alike: a judgement
LISTED = 3  # such pairs named


def holds(c: Context) -> list[Text]:
    """Where the option most often first is best at the mean weights, on runs that the search has not seen; nothing
    where no conditions say so.
    """
    best = c.result.appraisal.best
    if best not in c.insight.boxes:
        return []
    box, where = c.insight.boxes[best], {"option": best}
    return [c.say(
        "failing.holds", option=c.option(best), runs=number.exact(c.result.question.runs // 2, number.on_card("runs")),
        conditions=_joined(c, box.limits),
        coverage=number.percent(box.coverage, "insight.coverage", **where),
        density=number.percent(box.density, "insight.density", **where),
        base=number.percent(box.base, "insight.density", "in all runs", **where),
        lift=number.decimal(box.lift, "insight.density", "over that in all runs", option=best, places=1),
    )]  # fmt: skip


def conditions(c: Context) -> list[Block]:
    """The boxes of assumptions in which each option is best at the mean weights."""
    rows: list[tuple[Text, ...]] = []
    for option, box in c.insight.boxes.items():
        where = {"option": option}
        rows.append((
            c.option(option), _joined(c, box.limits),
            (number.percent(box.coverage, "insight.coverage", **where),),
            (number.percent(box.density, "insight.density", **where),),
            (number.percent(box.base, "insight.density", "in all runs", **where),),
        ))  # fmt: skip
    if not rows:
        return [Paragraph(c.say("failing.none"), "note")]
    columns = tuple(c.word(f"failing.{key}") for key in ("option", "conditions", "coverage", "density", "base"))
    return [
        Paragraph(c.say("failing.reading")),
        Table(c.word("failing.table"), columns, tuple(rows), numeric=(2, 3, 4)),
    ]


def _joined(c: Context, limits: tuple[Limit, ...]) -> Text:
    return tuple(part for limit in limits for part in (*_condition(c, limit), "; "))[:-1]


def _condition(c: Context, limit: Limit) -> Text:
    name = c.signal(limit.name)
    low = number.count(limit.low, number.parameter(limit.name, "edge of the box"))
    high = number.count(limit.high, number.parameter(limit.name, "edge of the box"))
    if limit.low == -float("inf"):
        return c.say("failing.at_most", name=name, high=high)
    if limit.high == float("inf"):
        return c.say("failing.at_least", name=name, low=low)
    return c.say("failing.between", name=name, low=low, high=high)


def left_out(c: Context) -> list[Text]:
    """Which options are excluded by a floor, and which come to the same as another."""
    appraisal, criteria = c.result.appraisal, c.result.scenario.criteria
    said = []
    for option in appraisal.excluded:
        for name, criterion in criteria.items():
            share = float(appraisal.broken.sel({OPTION: option, CRITERION: name}))
            if share > criterion.floor_risk:
                where = number.result("appraisal.broken", "share of runs", option=option, criterion=name)
                most = number.result("appraisal.broken", "share of runs that is borne", criterion=name)
                borne = number.percent(criterion.floor_risk, most)
                said.append(c.say(
                    "weighing.excluded", option=c.option(option), criterion=c.named(criterion.label),
                    share=number.percent(share, where), borne=borne,
                ))  # fmt: skip
    for one, two in appraisal.copies.items():
        said.append(c.say("weighing.copy", one=c.option(one), two=c.option(two)))
    return said


def twice(c: Context) -> list[Text]:
    """Which criteria order the options alike, so that the same merit is counted in each."""
    table = c.result.appraisal.ordering
    values = np.triu(table.fillna(0).to_numpy(), 1)
    names = [str(name) for name in table[CRITERION].values]
    pairs = [(i, j) for i, j in zip(*np.unravel_index(np.argsort(-values, axis=None), values.shape), strict=True)]
    labels, said = c.result.scenario.criteria, []
    for i, j in pairs[:LISTED]:
        if values[i, j] >= ALIKE:
            where = number.result("appraisal.ordering", "between options", criterion=names[i], other=names[j])
            one, two = (c.named(labels[names[at]].label) for at in (i, j))
            r = number.decimal(float(values[i, j]), where, sign=True)
            said.append(c.say("weighing.pair", one=one, two=two, r=r))
    options = sum(name not in c.result.appraisal.copies for name in c.result.options)
    few = number.exact(options, "appraisal.ordering", "options")
    return [c.say("weighing.twice", pairs=joined(said, "; "), n=few)] if said else []


def steps(c: Context) -> list[Text]:
    """What the scenario's ways of proceeding in steps are worth beside the options."""
    found, items = adaptive(c.result), []
    for name, plan in ways(c.result).items():
        if name in found:
            own = found[name]
            share = number.percent(own.first, "insight.adaptive", "first rank", option=name)
            goes = number.percent(own.goes, "insight.adaptive", "share of weights", option=name)
            items.append(c.say(
                "weighing.steps", plan=c.named(plan.label), first=share, goes=goes, start=c.option(plan.start),
                then=c.option(plan.then), over_start=_more(c, own, name, plan.start),
                over_then=_more(c, own, name, plan.then),
            ))  # fmt: skip
    return items


def _more(c: Context, found: Steps, name: str, other: str) -> Text:
    """How much more a way is worth than an option, with the error of that mean."""
    if other not in found.beside:
        return c.say("weighing.ruled_out")
    mean, error = found.beside[other]
    told = number.result("insight.adaptive", "mean over weights and runs", option=name, beside=other)
    unsure = number.decimal(
        error, "insight.adaptive", "standard error of the mean", places=3, option=name, beside=other
    )
    return c.say("weighing.more", mean=number.decimal(mean, told, places=3, sign=True), error=unsure)
