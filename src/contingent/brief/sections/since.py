"""What changed since the brief a reader saw last, and why?"""

from __future__ import annotations

from contingent.brief import number
from contingent.brief.context import MEAN, Context
from contingent.brief.document.blocks import Box, Bullets, Paragraph, Text
from contingent.brief.parameter_labels import WHOLE, described, phrased
from contingent.labels import OPTION
from contingent.study.attribution import Change, changes, grouped, shown
from contingent.study.comparison import PROSE, attribute, same_ensemble
from contingent.study.result import Result

LISTED = 5  # changed assumptions named one by one
WHY_RUNS = 500  # runs of each step of the attribution: it says which change carries what, to a point or two


def since(c: Context, before: Result) -> Box:
    """The change of every option's chance of passing, the assumptions that changed, and what each carries."""
    blocks: list[Paragraph | Bullets] = [Paragraph(c.say("since.seen", run=before.question.id))]
    blocks.append(Bullets(tuple(_moved(c, before, name) for name in c.active if name in before.options)))
    found = changes(before.scenario, c.result.scenario)
    moving = [change for change in found if not change.path.startswith(PROSE)]
    if moving:
        blocks.append(Paragraph(c.say("since.changed")))
        blocks.append(Bullets(tuple(_change(c, change) for change in moving[:LISTED])))
        if len(moving) > LISTED:
            more = number.exact(len(moving) - LISTED, number.result("since.changes", "count"))
            blocks.append(Paragraph(c.say("since.more", n=more), "note"))
        if len(grouped(moving)) > 1 and c.focus in before.options:
            blocks.append(Paragraph(_carried(c, before)))
    else:
        blocks.append(Paragraph(c.say("since.nothing_changed")))
    if not same_ensemble(before, c.result):
        blocks.append(Paragraph(c.say("since.not_paired"), "note"))
    return Box("change", c.word("since.heading"), tuple(blocks))


def _moved(c: Context, before: Result, option: str) -> Text:
    old = float(before.tables["consultation"]["passes"].sel({OPTION: option}).mean())
    new = float(c.passes(option).mean())
    return c.say(
        "since.moved",
        option=c.option(option),
        old=number.percent(
            old, number.result("since.passes", f"mean over runs of {before.question.id}", option=option)
        ),
        new=number.percent(new, number.result("consultation.passes", MEAN, option=option)),
        change=number.points(new - old, number.result("since.passes", "difference of the means", option=option)),
    )


def _change(c: Context, change: Change) -> Text:
    try:
        name = phrased(c.result.scenario, change.path)
    except KeyError:
        name = change.path
    return c.named(f"{name}: {shown(change.before)} \u2192 {shown(change.after)}")


def _carried(c: Context, before: Result) -> Text:
    """What each changed record carries of the change for the option in focus, in one sentence."""
    said: list[Text] = []
    for part in attribute(before, c.result, runs=min(WHY_RUNS, c.result.question.runs)):
        points = number.points(
            part.carried[c.focus], number.result("since.attribution", "Shapley value", group=part.group)
        )
        said.append((*c.named(_group(c, part.group)), " ", points))
    parts = tuple(part for each in said for part in (*each, ", "))[:-1]
    return c.say("since.carried", option=c.option(c.focus), parts=parts)


def _group(c: Context, group: str) -> str:
    """A record by its label alone; a number that stands by itself with what it is."""
    try:
        name = described(c.result.scenario, group)
    except KeyError:
        return group
    return name if group in WHOLE else name.removesuffix(": " + group.rpartition(".")[2].replace("_", " "))
