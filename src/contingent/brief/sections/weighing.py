"""Under whose weights and conditions is which option best, at what price, and what is left out or counted twice?"""

from itertools import groupby

import numpy as np

from contingent.appraisal.appraise import Steps
from contingent.appraisal.discovery import Limit
from contingent.appraisal.value import money, piece, prices
from contingent.brief import number
from contingent.brief.context import Context
from contingent.brief.document.blocks import Block, Bullets, Paragraph, Table, Text, joined, matrix, tabled, words
from contingent.brief.parameter_labels import lowered
from contingent.labels import CRITERION, OPTION
from contingent.study.insight import adaptive, turns, ways

ALIKE = 0.9  # correlation between options from which two criteria are told to order them alike: a judgement
LISTED = 3  # such pairs named
COST = "refusal_"
CLOSE = 0.05  # lead in the share of priorities and futures below which two options are not told apart: a judgement
APART = 0.2  # more futures better than worse, from which on an option is told to be better: a judgement


def verdict(c: Context) -> list[Block]:
    """What is best, and whether that depends on whose priorities count; the option that the brief follows."""
    shares = sorted(((c.result.first(name), name) for name in c.result.ranked), reverse=True)
    whose: dict[str, list[Text]] = {}
    for name, view in c.result.views.items():
        whose.setdefault(view.best, []).append(c.named(lowered(c.scenario.weight_sets[name].label)))
    best = next(iter(whose), c.result.appraisal.best)
    if len(whose) > 1:
        told = (c.say("verdict.suits", option=c.option(name), who=joined(who, "; ")) for name, who in whose.items())
        said: list[Block] = [Paragraph(c.say("verdict.depends"), "lead"), Bullets(tuple(told))]
    elif whose:
        said = [Paragraph(c.say("verdict.agree", option=c.option(best)), "lead"),
                Paragraph(c.say("verdict.whose", sets=joined(whose[best], "; ")))]  # fmt: skip
    elif len(shares) > 1 and shares[0][0] - shares[1][0] < CLOSE:
        said = [Paragraph(c.say("verdict.close", one=c.option(shares[0][1]), two=c.option(shares[1][1])), "lead")]
    else:
        said = [Paragraph(c.say("verdict.first", option=c.option(best)), "lead")]
    if len(whose) != 1 or best != c.focus:
        said.append(Paragraph(c.say("verdict.focus", option=c.option(c.focus))))
    return said


def beside_declining(c: Context) -> Text:
    """Whether the option in focus is better than doing nothing, all considerations counted alike."""
    score, base = c.result.appraisal.score, c.scenario.baseline
    ours, none = score.sel({OPTION: c.focus}), score.sel({OPTION: base})
    shares = {key: float(runs.mean()) for key, runs in (("better", ours > none), ("worse", ours < none))}
    apart = shares["better"] - shares["worse"]
    key = "better" if apart > APART else "worse" if apart < -APART else "even"
    where = {"option": c.focus, "beside": base}
    told = {name: number.chance(share, "appraisal.score", f"share of runs in which it is {name}", **where)
            for name, share in shares.items()}  # fmt: skip
    return c.say(f"verdict.{key}", option=c.option(c.focus), base=c.option(base), **told)


def agreement(c: Context) -> Text:
    """Where the stated sets of weights agree: which option is first under each."""
    views = c.result.views
    best = {name: view.best for name, view in views.items()}
    who = {name: c.named(lowered(c.scenario.weight_sets[name].label)) for name in views}
    if len(set(best.values())) == 1:
        option, every = next(iter(best.values())), joined(who.values(), ", ")
        return c.say("weighing.agree", sets=every, option=c.option(option), share=c.first(option), rest=_nobody(c))
    overall = c.result.appraisal.best
    said = [(who[name], best[name], _first(c, name, best[name])) for name in views]
    said.append((_nobody(c), overall, c.first(overall)))
    told = (c.say("weighing.of_set", who=each, option=c.option(option), share=share) for each, option, share in said)
    return c.say("weighing.differ", parts=joined(told, "; "))


def _nobody(c: Context) -> Text:
    return (c.word("weighing.stated" if c.scenario.weights else "weighing.unsaid"),)


def _first(c: Context, name: str, option: str) -> number.Number:
    share = c.result.views[name].first.sel({OPTION: option})
    return number.percent(share, "appraisal.views", "share of weights and runs", weights=name, option=option)


def views(c: Context) -> list[Block]:
    """How often each option is first under every set of weights, and at what prices."""
    if not c.result.views:
        return prices_of(c)
    options = [name for name in c.result.ranked if name not in c.result.appraisal.copies]
    told = [(c.named(c.scenario.weight_sets[name].label), [_first(c, name, option) for option in options])
            for name in c.result.views]  # fmt: skip
    told.append((_nobody(c), [c.first(option) for option in options]))
    heads = (c.word("weighing.whose"), *map(c.label, options))
    said = c.word("weighing.views"), agreement(c), c.source("appraisal.views")
    return [matrix("views", *said, heads, told), *prices_of(c)]


def prices_of(c: Context) -> list[Block]:
    """What every set of weights says that one criterion is worth in the unit of another: money, where it is one."""
    criteria = c.scenario.criteria
    unit = money(criteria)
    if unit is None or len(criteria) < 2:
        return []
    everyone = {"": c.result.appraisal.weights} | {name: view.weights for name, view in c.result.views.items()}
    found = {name: prices(weights, criteria, unit) for name, weights in everyone.items()}
    rows = []
    for name, criterion in criteria.items():
        if name != unit:
            amount = number.count(piece(criterion), "appraisal.prices", "amount", criterion=name)
            counted = c.named(f" ({criterion.unit})" if criterion.unit else "")
            cells: list[Text] = [(*c.named(f"{criterion.label}: "), amount, *counted)]
            for who, told in found.items():
                where = number.result("appraisal.prices", "at the mean weights", weights=who or "all", criterion=name)
                cells.append((number.count(told[name] * piece(criterion), where),))
            rows.append(tuple(cells))
    heads = (
        c.word("weighing.worth_in", unit=criteria[unit].unit or criteria[unit].label), words(_nobody(c)),
        *(c.scenario.weight_sets[name].label for name in c.result.views),
    )  # fmt: skip
    return [Paragraph(c.say("weighing.prices_reading")), tabled(c.word("weighing.prices"), heads, rows)]


def hangs(c: Context) -> tuple[Text, Table]:
    """Which option is first under each choice of reckoning, and which of these choices decide."""
    found = c.result.structures()
    options = [str(name) for name in found["as_told"][OPTION].values]

    def share(name: str, option: str) -> number.Number:
        first, how = found[name]["first"].sel({OPTION: option}), "share of weights and runs"
        return number.percent(first, "appraisal.structures", how, choice=name, option=option)

    best, turned = options[int(found["as_told"]["first"].to_numpy().argmax())], turns(found)
    rows = ((_choice(c, name), *((share(name, option),) for option in options)) for name in found)
    table = tabled(c.word("weighing.hangs"), (c.word("weighing.choice"), *map(c.label, options)), rows)
    option = c.option(best)
    alike = groupby(found, lambda name: (turned.get(name), COST in name or name))  # neighbouring costs are told as one
    parts = [c.say("weighing.then", what=_choice(c, *names), option=c.option(to)) for (to, _), names in alike if to]
    moved = any(options[int(each["first"].to_numpy().argmax())] != best for each in found.values())
    said = "hangs_on" if parts else "hangs_by_chance" if moved else "hangs_on_none"
    return c.say(f"weighing.{said}", option=option, parts=joined(parts, "; ")), table


def otherwise(c: Context) -> list[Text]:
    """Which assumption of the reckoning would put another option first, in plain words; one for each option."""
    found = c.result.structures()
    turned: dict[str, list[str]] = {}
    for name, to in turns(found).items():
        turned.setdefault(to, []).append("refusal" if COST in name else name)
    return [
        c.say("weighing.would_be", option=c.option(to), what=c.word(f"weighing.plain_{names[0]}"))
        for to, names in list(turned.items())[:2]
    ]


def going_in_steps(c: Context) -> list[Text]:
    """Whether a way of proceeding in steps is worth more than its parts alone, by more than its error."""
    found, said = adaptive(c.result), []
    for name, plan in list(ways(c.result).items())[:1]:
        if name not in found:
            continue
        beats = [o for o in (plan.start, plan.then)
                 if o not in found[name].beside or found[name].beside[o][0] > 2 * found[name].beside[o][1]]  # fmt: skip
        key = "both" if len(beats) == 2 else "one" if beats else "none"
        other = next((o for o in (plan.start, plan.then) if o not in beats), plan.start)
        one = beats[0] if beats else plan.then
        said.append(c.say(f"weighing.steps_{key}", plan=c.named(plan.label), one=c.option(one), other=c.option(other)))
    return said


def _choice(c: Context, *names: str) -> Text:
    """A choice of reckoning in words, or several costs of an attempt from the least to the largest."""
    if names[0] in ("as_told", "accepted", "only_own", "carried_out"):
        return c.say(f"weighing.{names[0]}")
    costs = [
        number.decimal(int(name.removeprefix(COST)) / 100, "appraisal.structures", "cost", choice=name)
        for name in names
    ]  # fmt: skip
    return c.say("weighing.refusals" if costs[1:] else "weighing.refusal", n=costs[0], most=costs[-1])


def conditions(c: Context) -> list[Block]:
    """The boxes of assumptions in which each option is best at the mean weights."""
    rows = []
    for option, box in c.insight.boxes.items():
        rows.append((
            c.option(option), joined((_condition(c, limit) for limit in box.limits), "; "),
            (number.percent(box.coverage, "insight.coverage", option=option),),
            (number.percent(box.density, "insight.density", option=option),),
            (number.percent(box.base, "insight.density", "in all runs", option=option),),
        ))  # fmt: skip
    if not rows:
        return [Paragraph(c.say("failing.none"), "note")]
    columns = c.columns("failing", "option", "conditions", "coverage", "density", "base")
    table = Table(c.word("failing.table"), columns, tuple(rows), numeric=(2, 3, 4))
    return [Paragraph(c.say("failing.reading")), table]


def _condition(c: Context, limit: Limit) -> Text:
    kind = "at_most" if limit.low == -np.inf else "at_least" if limit.high == np.inf else "between"
    edge = number.parameter(limit.name, "edge of the box")
    low, high = number.count(limit.low, edge), number.count(limit.high, edge)
    return c.say(f"failing.{kind}", name=c.signal(limit.name), low=low, high=high)


def left_out(c: Context) -> list[Text]:
    """Which options are excluded by a floor, and which come to the same as another."""
    appraisal, criteria = c.result.appraisal, c.scenario.criteria
    said = []
    for option in appraisal.excluded:
        for name, criterion in criteria.items():
            share = float(appraisal.broken.sel({OPTION: option, CRITERION: name}))
            if share > criterion.floor_risk:
                most = number.result("appraisal.broken", "share of runs that is borne", criterion=name)
                said.append(c.say(
                    "weighing.excluded", option=c.option(option), criterion=c.named(criterion.label),
                    share=number.percent(share, "appraisal.broken", "share of runs", option=option, criterion=name),
                    borne=number.percent(criterion.floor_risk, most),
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
    labels, said = c.scenario.criteria, []
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
            items.append(c.say(
                "weighing.steps", plan=c.named(plan.label), start=c.option(plan.start), then=c.option(plan.then),
                first=number.percent(own.first, "insight.adaptive", "first rank", option=name),
                goes=number.percent(own.goes, "insight.adaptive", "share of weights", option=name),
                over_start=_more(c, own, name, plan.start), over_then=_more(c, own, name, plan.then),
            ))  # fmt: skip
    return items


def _more(c: Context, found: Steps, name: str, other: str) -> Text:
    """How much more a way is worth than an option, with the error of that mean."""
    if other not in found.beside:
        return c.say("weighing.ruled_out")
    (mean, error), where = found.beside[other], {"option": name, "beside": other}
    told = number.result("insight.adaptive", "mean over weights and runs", **where)
    unsure = number.result("insight.adaptive", "standard error of the mean", **where)
    more = number.decimal(mean, told, places=3, sign=True)
    return c.say("weighing.more", mean=more, error=number.decimal(error, unsure, places=3))
