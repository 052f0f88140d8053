"""What do I tell the minister, and what changed since the brief a reader saw last?"""

from contingent.brief import number
from contingent.brief.context import MEAN, Context
from contingent.brief.document.blocks import Block, Box, Bullets, Key, Keys, Paragraph, Section, Text, joined
from contingent.brief.parameter_labels import WHOLE, described, phrased
from contingent.brief.sections.annexes import confidence
from contingent.brief.sections.ground import losses
from contingent.brief.sections.passing import accepted, days, hardest
from contingent.brief.sections.weighing import beside_declining, left_out, verdict
from contingent.labels import OPTION
from contingent.study.attribution import ATTRIBUTION_RUNS, PROSE, attribute, grouped
from contingent.study.comparison import Change, changes, same_ensemble, shown
from contingent.study.result import Result

LISTED = 4  # options named one by one in the advice, and changed assumptions
SURE = 0.99  # chance that nothing comes of any option, above which there is no choice to speak of: a judgement
SELDOM = 0.05  # chance of other terms below which there is no fall-back: a judgement


def bottom_line(context: Context) -> Section:
    """Advice, then the forecast it rests on, visibly apart; confidence in a sentence of its own; the key numbers."""
    c = context
    forecast = Box("forecast", c.word("bottom.forecast"), tuple(_forecast(c)))
    changed = (since(c, c.since),) if c.since else ()
    return Section("bottom-line", c.word("bottom.heading"), (*_keys(c), *changed, _advice(c), forecast))


def _keys(c: Context) -> list[Keys]:
    """Whether anybody goes at all, whether these terms are agreed and accepted, and what it may cost in lives."""
    keys: list[Key] = []
    if c.rungs:
        told = (("any", c.rung_share(c.rungs[0])), ("accepted", c.rung_share(c.rung, "accepted")))
        keys += [Key(c.say(f"bottom.key_{name}"), p, (c.odds_word(p),)) for name, p in told]
    if (lost := losses(c)) and lost[1].value >= 0.5:
        likeliest = c.say("bottom.key_likeliest", n=lost[0]) if lost[0].value >= 0.5 else c.say("bottom.key_none")
        keys.append(Key(c.say("bottom.key_deaths", span=c.span), lost[1], likeliest))
    return [Keys(tuple(keys))] if keys else []


def _forecast(c: Context) -> list[Block]:
    """How much is likely to be agreed, rung by rung; whether it is accepted; then how far to trust that."""
    if not c.rungs:
        return [Paragraph(c.say("bottom.no_rung"), "lead")]
    any_, *more = (
        c.say("bottom.rung" if place else "bottom.any", rung=c.named(rung.label), chance=c.odds(c.rung_share(rung)))
        for place, rung in enumerate(c.rungs)
    )
    return [
        Paragraph(c.more(any_, "passing"), "lead"), *([Bullets(tuple(more[:LISTED]))] if more else []),
        *([Paragraph(accepted(c))] if c.goes else []),
        Paragraph(c.more(confidence(c), "trust"), "confidence"),
    ]  # fmt: skip


def _advice(c: Context) -> Box:
    """What the results favour: an argument, never a command; then fall-back, next step and date."""
    nothing = c.result.leaves.sel({OPTION: list(c.active), "leaf": c.scenario.baseline}).mean("run")
    if float(nothing.min()) > SURE:
        said = [Paragraph(c.more(c.say("bottom.no_choice"), "choice"))]
    else:
        steps = (beside_declining(c), *_fall_back(c), *_next(c), _date(c))
        told = tuple(c.more(each, annex) for each, annex in zip(steps, ("choice", "passing", "passing"), strict=False))
        said = [*verdict(c), *(Paragraph(each) for each in (*told, *steps[len(told) :]))]
    return Box("advice", c.word("bottom.advice"), (*said, *map(Paragraph, left_out(c))))


def _fall_back(c: Context) -> list[Text]:
    """What is decided instead, where the option in focus is put forward and fails."""
    instead = c.result.tables["outlook"]["decided_on"].sel(proposal=c.focus, drop=True).mean("run")
    instead = instead.drop_sel(leaf=[name for name in (c.focus, c.scenario.baseline) if name in instead["leaf"].values])
    other = c.shares("consultation.other_terms", c.result.tables["consultation"]["other_terms"].sel({OPTION: c.focus}),
                     option=c.focus)[0]  # fmt: skip
    if other.value < SELDOM or not instead.size:
        return [c.say("verdict.no_deal")]
    likeliest = str(instead["leaf"].values[int(instead.to_numpy().argmax())])
    return [c.say("verdict.fall_back", option=c.option(likeliest), chance=other)]


def _next(c: Context) -> list[Text]:
    """The step at which most is lost on the way from a proposal to people in place, and so what to work on."""
    if not c.rungs:
        return []
    decided, agreed, there = (float(c.reached(c.rung, stage).mean()) for stage in ("decided", "accepted", "delivered"))
    lost = {"decide": 1 - decided, "accept": decided - agreed} | ({"arrive": agreed - there} if c.goes else {})
    where, gate = max(lost, key=lambda step: lost[step]), hardest(c)
    gates = [each for each in c.scenario.process.gates.values() if each.stage == "acceptance"]
    if (where == "decide" and gate is None) or (where == "accept" and not gates):
        return []
    name = gate[0] if where == "decide" and gate else gates[0].label if gates else ""
    return [c.say(f"verdict.next_{where}", gate=c.named(name))]


def _date(c: Context) -> Text:
    """By when it must be decided, and when a decision is likely to be there."""
    last, usual = c.scenario.process.deadline, days(c)[0]
    return c.say(
        "verdict.by", deadline=c.around(last.best, number.parameter("process.deadline")),
        usual=c.around(usual.value, usual.trace),
    )  # fmt: skip


def since(c: Context, before: Result) -> Box:
    """The change of every option's chance of passing, the assumptions that changed, and what each carries."""
    blocks: list[Paragraph | Bullets] = [
        Paragraph(c.say("since.seen", run=before.question.id)),
        Bullets(tuple(_moved(c, before, name) for name in c.active if name in before.options)),
    ]
    found = changes(before.scenario, c.scenario)
    moving = [change for change in found if not change.path.startswith(PROSE)]
    if moving:
        told = tuple(_change(c, change) for change in moving[:LISTED])
        blocks += [Paragraph(c.say("since.changed")), Bullets(told)]
        if len(moving) > LISTED:
            more = number.exact(len(moving) - LISTED, "since.changes", "count")
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
        "since.moved", option=c.option(option),
        old=number.percent(old, "since.passes", f"mean over runs of {before.question.id}", option=option),
        new=number.percent(new, "consultation.passes", MEAN, option=option),
        change=number.points(new - old, "since.passes", "difference of the means", option=option),
    )  # fmt: skip


def _change(c: Context, change: Change) -> Text:
    try:
        name = phrased(c.scenario, change.path)
    except KeyError:
        name = change.path
    return c.named(f"{name}: {shown(change.before)} \u2192 {shown(change.after)}")


def _carried(c: Context, before: Result) -> Text:
    """What each changed record carries of the change for the option in focus, in one sentence."""
    said: list[Text] = []
    for part in attribute(before.question, c.result.question, runs=min(ATTRIBUTION_RUNS, c.result.question.runs)):
        points = number.points(part.carried[c.focus], "since.attribution", "Shapley value", group=part.group)
        said.append((*c.named(_group(c, part.group)), " ", points))
    return c.say("since.carried", option=c.option(c.focus), parts=joined(said, ", "))


def _group(c: Context, group: str) -> str:
    """A record by its label alone; a number that stands by itself with what it is."""
    try:
        name = described(c.scenario, group)
    except KeyError:
        return group
    return name if group in WHOLE else name.removesuffix(": " + group.rpartition(".")[2].replace("_", " "))
