"""Who can share a sector with whom: co-deployment caveats, contributors kept apart, one language, one command."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from contingent.force.instance import Compatibility
from contingent.scenario.model import Scenario
from contingent.scenario.pledge import Pledge


def compatibilities(scenario: Scenario, pledges: Sequence[Pledge]) -> tuple[Compatibility, ...]:
    """Every rule that can keep some of these pledges from sharing a sector; `suits` in their order."""
    rules = (*_by_caveat(scenario, pledges), *_by_composition(scenario, pledges))
    return tuple(_best(rule) for rule in rules if not rule.suits.all(axis=1).any())


def _best(rule: Compatibility) -> Compatibility:
    """A rule without the choices that suit nobody whom another choice does not suit as well."""
    kept: list[int] = []
    for choice in np.argsort(-rule.suits.sum(axis=1), kind="stable").tolist():
        if not any((rule.suits[choice] <= rule.suits[other]).all() for other in kept):
            kept.append(choice)
    kept.sort()
    return replace(rule, choices=tuple(rule.choices[k] for k in kept), suits=rule.suits[kept])


def _by_caveat(scenario: Scenario, pledges: Sequence[Pledge]) -> Iterator[Compatibility]:
    """A caveat has two sides: the pledges that carry it, and those of the contributors it names."""
    for name, caveat in scenario.caveats.items():
        if not caveat.excludes_contributors:
            continue
        carries = np.array([name in pledge.caveats for pledge in pledges], bool)
        named = np.array([pledge.contributor in caveat.excludes_contributors for pledge in pledges], bool)
        sides = [
            ", ".join(sorted({pledge.contributor for pledge, is_in in zip(pledges, side, strict=True) if is_in}))
            for side in (carries, named)
        ]
        by_leave = caveat.card == "yellow"
        yield Compatibility(
            f"caveats.{name}", tuple(sides), np.array([~named, ~carries]), lasting=False, by_leave=by_leave
        )


def _by_composition(scenario: Scenario, pledges: Sequence[Pledge]) -> Iterator[Compatibility]:
    senders = [pledge.contributor for pledge in pledges]
    for name, rule in scenario.composition.items():
        if rule.kind == "apart":
            choices = tuple(sorted(set(rule.contributors)))
            if len(choices) < 2:
                continue
            suits = [[who == one or who not in choices for who in senders] for one in choices]
        elif rule.kind in ("one_language", "one_command"):
            has = {
                code: set(who.languages if rule.kind == "one_language" else who.commands)
                for code, who in scenario.contributors.items()
            }
            choices = tuple(sorted(set().union(*has.values()))) or ("none",)
            suits = [[one in has[who] for who in senders] for one in choices]
        else:
            continue
        yield Compatibility(
            f"composition.{name}", choices, np.array(suits, bool).reshape(len(choices), len(senders)),
            lasting=rule.kind != "apart",
        )  # fmt: skip
