"""What does each number and statement rest on?"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from contingent.brief import number
from contingent.brief.blocks import Block, Cite, Entries, Entry, Paragraph, Section, Strong, Text
from contingent.brief.context import Context
from contingent.brief.naming import described
from contingent.quantities import Estimate
from contingent.scenario.model import Scenario


def evidence(c: Context) -> Section:
    """Every claim with its speaker, channel, day, grade and quote."""
    entries = tuple(_claim(c, name) for name in c.result.scenario.claims)
    return _annex(c, "evidence", entries)


def _claim(c: Context, name: str) -> Entry:
    claim = c.result.scenario.claims[name]
    document = c.result.scenario.documents[claim.document]
    day = claim.date.isoformat() if claim.date else ""
    said = ", ".join(
        filter(None, (claim.speaker, claim.channel, day, document.publisher or claim.document.replace("_", " ")))
    )
    kind = f"{claim.attribution}, {claim.record}, {claim.modality}".replace("-", " ")
    return Entry(
        name,
        (f"{name}  ", *c.named(claim.says)),
        (
            c.say(
                "annex.spoken", said=c.named(said), kind=c.named(kind), grade=claim.grade, reason=c.named(claim.reason)
            ),
        ),
        quote=claim.quote,
    )


def assumptions(c: Context) -> Section:
    """Every number of the scenario, grouped by what it rests on; unsourced first, then by influence."""
    influence = c.result.influence
    entries: list[tuple[tuple[int, float, int], Entry]] = []
    for order, (record, members) in enumerate(groups(c.result.scenario)):
        share = sum(influence.get(path, 0.0) for path, _ in members)
        entries.append(
            ((_rank(members[0][1]), -round(share, 4), order), _parameters(c, f"p{order}", record, members, share))
        )
    entries.sort(key=lambda item: item[0])
    return _annex(c, "assumptions", tuple(entry for _, entry in entries))


def groups(scenario: Scenario) -> list[tuple[str, list[tuple[str, Estimate]]]]:
    """The scenario's numbers, those of one kind of record that rest on the same claims and assumption together."""
    found: dict[tuple[str, tuple[str, ...], str], list[tuple[str, Estimate]]] = {}
    for path, estimate in scenario.estimates():
        top = path.partition(".")[0]
        found.setdefault((top, estimate.claims, estimate.assumption), []).append((path, estimate))
    return [(top, members) for (top, _, _), members in found.items()]


def _rank(estimate: Estimate) -> int:
    return 2 if estimate.claims else 1 if estimate.assumption else 0


def _parameters(c: Context, anchor: str, record: str, members: list[tuple[str, Estimate]], share: float) -> Entry:
    estimate = members[0][1]
    lines = [_record(c, list(records)) for _, records in groupby(members, key=lambda item: _whose(c, item[0]))]
    if estimate.claims:
        lines.append(c.say("annex.rests_on", claims=cited(estimate.claims)))
    if estimate.assumption:
        lines.append(c.say("annex.as_assumption", words=c.named(estimate.assumption)))
    if not (estimate.claims or estimate.assumption):
        lines.append(c.say("annex.no_source"))
    if share >= 0.01:
        moved = number.percent(
            share,
            number.Trace(
                "result", "run.influence", "squared rank correlation with the headline", (("record", record),)
            ),
        )
        lines.append(c.say("annex.influence", share=moved))
    return Entry(
        anchor,
        c.named(record.replace("_", " ").capitalize()),
        tuple(lines),
        flag="" if estimate.claims or estimate.assumption else "unsourced",
    )


def _whose(c: Context, path: str) -> str:
    """The record a number belongs to; of a requirement, the place, task and unit whatever the phase."""
    if path.startswith("requirements."):
        return described(c.result.scenario, path).rpartition(", ")[0]
    return ".".join(path.split(".")[:2])


def _record(c: Context, members: list[tuple[str, Estimate]]) -> Text:
    """The numbers of one record on one line."""
    names = [described(c.result.scenario, path) for path, _ in members]
    title = common(names)
    parts: list[Text] = []
    for name, (path, each) in zip(names, members, strict=True):
        what = name.removeprefix(f"{title}: ").removeprefix(f"{title}, ")
        where = number.parameter(path)
        unit = () if each.unit.name == "1" else (" ", *c.unit(each.unit.name))
        low, high = number.count(each.low, where), number.count(each.high, where)
        spread = () if each.certain else (" (", *c.say("words.to", low=low, high=high), ")")
        parts.append((*c.named(f"{what} "), number.count(each.best, where), *spread, *unit))
    body = tuple(piece for part in parts for piece in (*part, "; "))[:-1]
    return (Strong(c.named(title)), ": ", *body)


def common(names: list[str]) -> str:
    """What the names of numbers that belong together begin with."""
    first = names[0].partition(":")[0]
    while first and not all(name.startswith(first) for name in names):
        first = first.rpartition(", ")[0]
    return first or names[0].partition(":")[0]


def cited(claims: Iterable[str]) -> Text:
    """Claims as references, set apart by spaces."""
    return tuple(part for claim in claims for part in (Cite(claim), " "))[:-1]


def parameter_anchors(c: Context) -> dict[str, str]:
    """Where each parameter is printed, by path."""
    return {path: f"p{order}" for order, (_, members) in enumerate(groups(c.result.scenario)) for path, _ in members}


def _annex(c: Context, name: str, entries: tuple[Entry, ...]) -> Section:
    blocks: tuple[Block, ...] = (Paragraph(c.say(f"annex.{name}_answer"), "note"), Entries(entries))
    return Section(name, c.word(f"annex.{name}"), blocks, annex=True)
