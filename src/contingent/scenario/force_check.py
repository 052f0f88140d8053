"""Which rules about the force nobody could ever meet, and how to mend them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from contingent.scenario.fields import ScenarioFields
from contingent.scenario.pledge import Composition

Fault = tuple[str, str, str]  # dotted path, what is wrong, how to mend it
RAPID = 60  # days from the request; PCRS rapid deployment level (DPO, Force Generation Manual, 2021.05)


def force_faults(scenario: ScenarioFields) -> Iterator[Fault]:
    """Pledges that come too late, minima above the ceiling, composition rules without anybody to meet them."""
    yield from _late(scenario)
    yield from _above_ceiling(scenario)
    for name, rule in scenario.composition.items():
        yield from _rule(scenario, name, rule)
    yield from _together(scenario)
    for name in scenario.lift:
        if name not in scenario.mandate.phases:
            yield f"lift.{name}", f"there is no phase `{name}`", f"phases are {', '.join(scenario.mandate.phases)}"
        elif scenario.lift[name] < 0:
            yield f"lift.{name}", f"{scenario.lift[name]:g} is negative", "0 or more battalion equivalents a month"


def _late(scenario: ScenarioFields) -> Iterator[Fault]:
    end = max((phase.end for phase in scenario.mandate.phases.values()), default=0)
    for pledge in scenario.pledges:
        if end and pledge.notice.low / 7 >= end:
            what = f"is ready after {pledge.notice.low / 7:.0f} weeks at the earliest; the operation ends in week {end}"
            yield f"pledges.{pledge.id}.notice", what, "a shorter notice, or leave the pledge out"
        if pledge.readiness == "rapid" and pledge.notice.best > RAPID:
            what = f"is {pledge.notice.best:.0f} days; who is at the rapid deployment level comes within {RAPID}"
            yield f"pledges.{pledge.id}.notice", what, "a shorter notice, or `readiness: aligned`"


def _above_ceiling(scenario: ScenarioFields) -> Iterator[Fault]:
    needed: dict[str, float] = defaultdict(float)
    for item in scenario.requirements:
        needed[item.phase] += item.minimum.best
    most = scenario.mandate.authorized_strength.high
    for phase, persons in needed.items():
        if persons > most:
            what = f"minima in phase `{phase}` sum to {persons:,.0f} people; {most:,.0f} may be authorized at most"
            yield "mandate.authorized_strength", what, "raise it, or lower some minima"


def _together(scenario: ScenarioFields) -> Iterator[Fault]:
    """Rules on who can share a sector that keep somebody out of every sector, or say nothing."""
    senders = dict.fromkeys(pledge.contributor for pledge in scenario.pledges)
    for name, rule in scenario.composition.items():
        path = f"composition.{name}"
        if rule.kind == "apart" and len(set(rule.contributors)) < 2:
            yield path, "keeps nobody apart", "add `contributors: [IND, PAK]`, those who will not share a sector"
        elif rule.kind != "apart" and rule.contributors:
            yield f"{path}.contributors", f"say nothing to a rule of kind {rule.kind}", "drop them, or `kind: apart`"
        field = {"one_language": "languages", "one_command": "commands"}.get(rule.kind, "")
        without = [
            c for c in senders if field and c in scenario.contributors and not getattr(scenario.contributors[c], field)
        ]
        if without:
            what = f"lets nobody serve who has no {field}, and {', '.join(without)} have none"
            yield path, what, f"add `{field}: [...]` to contributors.{without[0]}, or drop the rule"
    for pledge in scenario.pledges:
        for name in pledge.caveats:
            if name in scenario.caveats and pledge.contributor in scenario.caveats[name].excludes_contributors:
                yield (
                    f"caveats.{name}",
                    f"keeps {pledge.contributor} apart from itself ({pledge.id})",
                    "name others only",
                )


def _rule(scenario: ScenarioFields, name: str, rule: Composition) -> Iterator[Fault]:
    path, senders = f"composition.{name}", {pledge.contributor for pledge in scenario.pledges}
    if rule.kind in ("veto", "ceiling") and rule.contributor is None:
        yield path, f"is a {rule.kind} on nobody", "add `contributor: TUR`, or whoever is refused"
    if rule.kind in ("least_share", "most_share") and rule.share is None:
        yield path, "has no share", "add `share: 50 %`"
    if rule.kind == "ceiling" and rule.persons is None:
        yield path, "is a ceiling without a number", "add `persons: 2000`"
    regions = sorted({who.region for who in scenario.contributors.values()})
    if rule.region is not None and rule.region not in regions:
        yield f"{path}.region", f"no contributor is of region `{rule.region}`", f"regions are {', '.join(regions)}"
        return
    if rule.kind != "least_share" or rule.share is None or rule.share.best <= 0 or not senders:
        return
    refused = {r.contributor for r in scenario.composition.values() if r.kind == "veto"}
    if rule.group == "muslim_majority":
        able = {code for code, who in scenario.contributors.items() if who.muslim_majority}
        who = "contributors with a Muslim majority"
    elif rule.group == "region" and rule.region is not None:
        able = {code for code, who in scenario.contributors.items() if who.region == rule.region}
        who = f"contributors of region {rule.region}"
    elif rule.contributor is None:
        each = "region" if rule.group == "region" else "contributor"
        yield path, f"asks a least share of every single {each}, which nobody can meet", f"name one `{each}`"
        return
    else:
        able, who = {rule.contributor}, rule.contributor
    if not able & senders - refused:
        what = f"asks {rule.share.best:.0%} of the force from {who}, but none of them pledges anything that is accepted"
        yield path, what, "add a pledge of theirs, or drop the rule"
