"""Under whose weights is which option first, at what price, and on which choice of reckoning does that hang?"""

from contingent.appraisal.prices import money, piece, prices
from contingent.brief import number
from contingent.brief.context import Context
from contingent.brief.document.blocks import Block, Figure, Paragraph, Table, Text, words
from contingent.brief.figures import chart
from contingent.brief.parameter_labels import lowered
from contingent.labels import OPTION
from contingent.scenario.option import Criterion

CHOICES = {
    "as_told": "weighing.as_told", "accepted": "weighing.accepted", "only_own": "weighing.only_own",
    "carried_out": "weighing.carried_out",
}  # fmt: skip


def agreement(c: Context) -> list[Text]:
    """Where the sets of weights agree: which option is first under each; nothing where none is stated."""
    views = c.result.views
    if not views:
        return []
    sets = c.result.scenario.weight_sets
    best = {name: view.best for name, view in views.items()}
    if len(set(best.values())) == 1:
        option = next(iter(best.values()))
        every = joined([c.named(lowered(sets[name].label)) for name in views], ", ")
        return [c.say("weighing.agree", sets=every, option=c.option(option), share=c.first(option), rest=_nobody(c))]
    who = {name: c.named(lowered(sets[name].label)) for name in views}
    told = [
        c.say("weighing.of_set", who=who[name], option=c.option(best[name]), share=_first(c, name)) for name in views
    ]
    overall = c.result.appraisal.best
    told.append(c.say("weighing.of_set", who=_nobody(c), option=c.option(overall), share=c.first(overall)))
    return [c.say("weighing.differ", parts=joined(told, "; "))]


def _nobody(c: Context) -> Text:
    return (c.word("weighing.stated" if c.result.scenario.weights else "weighing.unsaid"),)


def _first(c: Context, name: str, option: str = "") -> number.Number:
    view = c.result.views[name]
    option = option or view.best
    where = number.result("appraisal.views", "share of weights and runs", weights=name, option=option)
    return number.percent(float(view.first.sel({OPTION: option})), where)


def joined(parts: list[Text], sign: str) -> Text:
    """Texts in a row, with a sign between them."""
    return tuple(part for each in parts for part in (*each, sign))[:-1]


def views(c: Context) -> list[Block]:
    """How often each option is first under every set of weights, and at what prices."""
    if not c.result.views:
        return prices_of(c)
    options = [name for name in c.result.ranked if name not in c.result.appraisal.copies]
    sets = {name: c.result.scenario.weight_sets[name].label for name in c.result.views}
    cells = [(c.named(label), *((_first(c, name, option),) for option in options)) for name, label in sets.items()]
    cells.append((_nobody(c), *((c.first(option),) for option in options)))
    rows = [
        {"row": words(who), "column": c.label(option), "value": share.value, "label": share.text}
        for who, *shares in cells
        for option, (share,) in zip(options, shares, strict=True)
        if isinstance(share, number.Number)
    ]
    heads = (c.word("weighing.whose"), *(c.label(option) for option in options))
    return [
        Figure(
            "views", c.word("weighing.views"), agreement(c)[0], c.source(number.result("appraisal.views", "")),
            chart("matrix", rows, x=None),
            Table(c.word("weighing.views"), heads, tuple(cells), numeric=tuple(range(1, len(heads)))),
        ),
        *prices_of(c),
    ]  # fmt: skip


def prices_of(c: Context) -> list[Block]:
    """What every set of weights says that one criterion is worth in the unit of another: money, where it is one."""
    criteria = c.result.scenario.criteria
    unit = money(criteria)
    if unit is None or len(criteria) < 2:
        return []
    everyone = {"": c.result.appraisal.weights} | {name: view.weights for name, view in c.result.views.items()}
    found = {name: prices(weights, criteria, unit) for name, weights in everyone.items()}
    rows = []
    for name, criterion in criteria.items():
        if name == unit:
            continue
        cells: list[Text] = [_amount(c, name, criterion)]
        for who, told in found.items():
            where = number.result("appraisal.prices", "at the mean weights", weights=who or "all", criterion=name)
            cells.append((number.count(told[name] * piece(criterion), where),))
        rows.append(tuple(cells))
    heads = (
        c.word("weighing.worth_in", unit=criteria[unit].unit or criteria[unit].label),
        c.word("weighing.stated" if c.result.scenario.weights else "weighing.unsaid"),
        *(c.result.scenario.weight_sets[name].label for name in c.result.views),
    )
    table = Table(c.word("weighing.prices"), heads, tuple(rows), numeric=tuple(range(1, len(heads))))
    return [Paragraph(c.say("weighing.prices_reading")), table]


def _amount(c: Context, name: str, criterion: Criterion) -> Text:
    how_much = number.count(piece(criterion), "appraisal.prices", "amount", criterion=name)
    return (*c.named(f"{criterion.label}: "), how_much, *c.named(f" ({criterion.unit})" if criterion.unit else ""))


def hangs(c: Context) -> tuple[Text, Table]:
    """Which option is first under each choice of reckoning, and which of these choices decide."""
    found = c.result.structures()
    options = [str(name) for name in found["as_told"][OPTION].values]

    def share(name: str, option: str) -> number.Number:
        where = number.result("appraisal.structures", "share of weights and runs", choice=name, option=option)
        return number.percent(float(found[name].sel({OPTION: option})), where)

    best = {name: options[int(shares.to_numpy().argmax())] for name, shares in found.items()}
    turned = [name for name in found if best[name] != best["as_told"]]
    rows = tuple((_choice(c, name), *((share(name, option),) for option in options)) for name in found)
    heads = (c.word("weighing.choice"), *(c.label(option) for option in options))
    table = Table(c.word("weighing.hangs"), heads, rows, numeric=tuple(range(1, len(heads))))
    option = c.option(best["as_told"])
    if not turned:
        return c.say("weighing.hangs_on_none", option=option), table
    parts = [c.say("weighing.then", what=_choice(c, name), option=c.option(best[name])) for name in turned]
    return c.say("weighing.hangs_on", option=option, parts=joined(parts, "; ")), table


def _choice(c: Context, name: str) -> Text:
    """A choice of reckoning in words."""
    if name in CHOICES:
        return c.say(CHOICES[name])
    cost = int(name.removeprefix("refusal_"))
    return c.say("weighing.refusal", n=number.decimal(cost / 100, "appraisal.structures", "cost", choice=name))
