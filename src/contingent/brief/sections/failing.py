"""Under which conditions is each option best, and what would going in steps change?"""

from __future__ import annotations

from contingent.appraisal.appraise import Appraisal
from contingent.appraisal.discovery import Limit
from contingent.brief import number
from contingent.brief.context import Context
from contingent.brief.document.blocks import Block, Paragraph, Table, Text
from contingent.labels import OPTION, RANK
from contingent.study.insight import adaptive, ways


def holds(c: Context) -> Text:
    """Where the option most often first is best at the mean weights, and so where it is not."""
    best = c.result.appraisal.best
    box = c.insight.boxes.get(best)
    if box is None:
        return c.say("failing.none")
    where = {"option": best}
    return c.say(
        "failing.holds",
        option=c.option(best),
        conditions=_joined(c, box.limits),
        coverage=number.percent(box.coverage, number.result("insight.coverage", "", **where)),
        density=number.percent(box.density, number.result("insight.density", "", **where)),
    )


def conditions(c: Context) -> list[Block]:
    """The boxes of assumptions in which each option is best at the mean weights."""
    rows: list[tuple[Text, ...]] = []
    for option, box in c.insight.boxes.items():
        where = {"option": option}
        rows.append(
            (
                c.option(option),
                _joined(c, box.limits),
                (number.percent(box.coverage, number.result("insight.coverage", "", **where)),),
                (number.percent(box.density, number.result("insight.density", "", **where)),),
            )
        )
    if not rows:
        return [Paragraph(c.say("failing.none"), "note")]
    columns = tuple(c.word(f"failing.{key}") for key in ("option", "conditions", "coverage", "density"))
    return [
        Paragraph(c.say("failing.reading")),
        Table(c.word("failing.table"), columns, tuple(rows), numeric=(2, 3)),
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


def steps(c: Context) -> list[Text]:
    """What the scenario's ways of proceeding in steps do beside the options, all appraised together."""
    found = adaptive(c.result)
    if found is None:
        return []
    items = []
    for name, plan in ways(c.result).items():
        where = {"option": name}
        first = number.percent(
            float(found.ranks.sel({OPTION: name, RANK: 1})), number.result("insight.adaptive", "first rank", **where)
        )
        beside = [_worth_more(c, found, name, other) for other in (plan.start, plan.then)]
        items.append(
            c.say(
                "failing.steps", plan=c.named(plan.label), first=first, start=c.option(plan.start),
                then=c.option(plan.then), over_start=beside[0], over_then=beside[1],
            )
        )  # fmt: skip
    return items


def _worth_more(c: Context, found: Appraisal, name: str, other: str) -> Text:
    """In what share of runs one is worth more than another, and in what share they are the same."""
    at, where = {OPTION: name, "other": other}, {"option": name, "beside": other}
    more, same = (
        number.percent(float(found.paired[part].sel(at)), number.result("insight.adaptive", how, **where))
        for part, how in (
            ("above", "share of runs in which it is worth more"),
            ("same", "share of runs in which they are worth the same"),
        )
    )
    return c.say("failing.share_tied", share=more, ties=same) if same.value else c.say("failing.share", share=more)
