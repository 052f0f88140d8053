"""What do I tell the minister, and what changed since the brief a reader saw last?"""

from contingent.brief import number
from contingent.brief.context import MEAN, Context
from contingent.brief.document.blocks import Block, Box, Bullets, Key, Keys, Paragraph, Section, Text, joined
from contingent.brief.parameter_labels import WHOLE, described, phrased
from contingent.brief.sections.passing import accepted
from contingent.brief.sections.trust import track_record
from contingent.brief.sections.weighing import agreement, left_out
from contingent.labels import CRITERION, OPTION
from contingent.mission.parameters import priors
from contingent.study.attribution import ATTRIBUTION_RUNS, PROSE, attribute, grouped
from contingent.study.comparison import Change, changes, same_ensemble, shown
from contingent.study.result import Result
from contingent.study.sampling import SAID, unsaid

LISTED = 4  # options named one by one in the advice, and changed assumptions
SURE = 0.99  # chance that nothing comes of any option, above which there is no choice to speak of: a judgement


def bottom_line(context: Context) -> Section:
    """Forecast and advice, visibly apart; confidence in a sentence of its own; three numbers."""
    c = context
    forecast = Box("forecast", c.word("bottom.forecast"), tuple(_forecast(c)))
    changed = (since(c, c.since),) if c.since else ()
    return Section("bottom-line", c.word("bottom.heading"), (_keys(c), *changed, forecast, _advice(c)))


def _forecast(c: Context) -> list[Block]:
    """Whether anything is decided at all, how much, and what comes of it; then how far to trust that."""
    if not c.rungs:
        return [Paragraph(c.say("bottom.no_rung"), "lead")]
    lowest, *higher = c.rungs
    said = c.say("bottom.passes", rung=c.named(lowest.label), chance=c.rung_chance(lowest))
    more = [c.say("bottom.also_passes", rung=c.named(rung.label), chance=c.rung_chance(rung)) for rung in higher]
    return [
        Paragraph(c.more(said, "passing"), "lead"), *([Bullets(tuple(more[:LISTED]))] if more else []),
        Paragraph(accepted(c)), Paragraph(c.more(confidence(c), "trust"), "confidence"),
    ]  # fmt: skip


def confidence(c: Context) -> Text:
    """How much confidence the forecast deserves, and why."""
    influence = c.result.influence
    bare = {path for path, estimate in c.scenario.estimates() if not estimate.claims}
    bare |= {path for path in unsaid(c.scenario) if priors()[path.removeprefix(SAID)].judged}
    total = sum(influence.values())
    unsourced = sum(share for path, share in influence.items() if path in bare) / total if total else None
    _, low, high = c.shares("outlook.reached", c.reached(c.rungs[0]), rung=c.rungs[0].name, stage="decided")
    track = track_record(c.scenario.as_of)
    better = track.brier < track.base_brier
    level, reason = number.confidence(unsourced=unsourced, spread=high.value - low.value, tested=better)
    share = number.percent(unsourced or 0.0, "run.unsourced", "share of the influence of all numbers")
    why = c.say(f"confidence.{reason}", share=share, low=low, high=high)
    return c.say("confidence.sentence", level=c.word(f"confidence.{level}"), reason=why)


def _keys(c: Context) -> Keys:
    appraisal, focus = c.result.appraisal, c.focus
    keys = []
    for rung in c.rungs[:1]:
        p, low, high = c.shares("outlook.reached", c.reached(rung), rung=rung.name, stage="decided")
        keys.append(Key(c.say("bottom.key_passes", rung=c.named(rung.label)), p, c.interval(low, high)))
    best = appraisal.best
    of = c.say("bottom.of_stated" if c.scenario.weights else "bottom.of_weights")
    keys.append(Key(c.say("bottom.key_first", option=c.option(best)), c.first(best), of))
    deaths = [name for name, each in c.scenario.criteria.items() if each.measure == "mission.own_deaths"]
    if deaths:
        lost, of = c.result.performance.sel({OPTION: focus, CRITERION: deaths[0]}), f"performance.{deaths[0]}"
        middle, said = c.ranged(of, lost, option=focus)
        sent = c.sent(focus)
        if 0 < sent.mean() < 1:
            likely, low, high = c.spread(of, lost[sent.to_numpy()], option=focus)
            there = c.say("bottom.if_sent", share=c.sending(focus), middle=likely, low=low, high=high)
            said = (*c.interval(*c.spread(of, lost, option=focus)[1:]), "; ", *there)
        keys.append(Key(c.say("bottom.key_deaths", option=c.option(focus), weeks=c.weeks), middle, said))
    else:
        beside = appraisal.score.sel({OPTION: focus}) - appraisal.score.sel({OPTION: c.scenario.baseline})
        middle, least, most = c.spread("appraisal.score", beside, number.decimal, option=focus)
        keys.append(Key(c.say("bottom.key_worth", option=c.option(focus)), middle, c.interval(least, most)))
    return Keys(tuple(keys))


def _advice(c: Context) -> Box:
    """What would have to weigh for each option to be best: an argument, never a command."""
    appraisal = c.result.appraisal
    mean = appraisal.weights.mean("weight")
    said: list[Text] = []
    order = sorted(c.result.options, key=lambda name: -c.first(name).value)
    named = [name for name in order if c.first(name).value >= 0.02][:LISTED]
    for name in named:
        share = c.first(name)
        lift = (appraisal.central.sel({OPTION: name}) - mean).to_numpy()
        names = [str(criterion) for criterion in mean[CRITERION].values]
        highest = sorted(range(len(names)), key=lambda index: -lift[index])[:2]
        reasons = [c.scenario.criteria[names[index]].label for index in highest if lift[index] > 0.01]
        key = "bottom.best_if" if reasons else "bottom.best_in"
        said.append(c.say(key, option=c.option(name), share=share, criteria=_listed(c, reasons)))
    aside = {*appraisal.copies, *appraisal.excluded}
    never = [name for name in order if name not in named and name not in aside]
    asked = "stated" if c.scenario.weights else "no_command"
    nothing = c.result.leaves.sel({OPTION: list(c.active), "leaf": c.scenario.baseline}).mean("run")
    if float(nothing.min()) > SURE:
        return Box("advice", c.word("bottom.advice"), (Paragraph(c.more(c.say("bottom.no_choice"), "choice")),))
    rest = [c.say("bottom.hardly_ever", options=_listed(c, [c.label(name) for name in never]))] if never else []
    return Box("advice", c.word("bottom.advice"), (
        *map(Paragraph, agreement(c)), Paragraph(c.more(c.say(f"bottom.{asked}"), "choice")), Bullets(tuple(said)),
        *map(Paragraph, (*rest, *left_out(c))), Paragraph(c.say("bottom.at_leaves"), "note"),
    ))  # fmt: skip


def _listed(c: Context, items: list[str]) -> Text:
    """Words of the scenario in a row, each in its own language."""
    if len(items) < 2:
        return c.named("".join(items))
    return c.say("words.and", first=joined(map(c.named, items[:-1]), ", "), last=c.named(items[-1]))


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
    for part in attribute(before, c.result, runs=min(ATTRIBUTION_RUNS, c.result.question.runs)):
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
