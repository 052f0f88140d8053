"""How does a result become a brief: which sections, in which order, resting on what?"""

from __future__ import annotations

from dataclasses import replace

from contingent.brief.blocks import Section, spans
from contingent.brief.brief import Brief
from contingent.brief.catalogue import Catalogue
from contingent.brief.context import Context
from contingent.brief.number import Number
from contingent.brief.parcel import Parcel, printed
from contingent.brief.sections import annexes, origins
from contingent.brief.sections.bottom_line import bottom_line
from contingent.brief.sections.choice import choice
from contingent.brief.sections.generation import generation
from contingent.brief.sections.ground import ground
from contingent.brief.sections.movers import movers
from contingent.brief.sections.passing import passing
from contingent.brief.sections.trust import trust
from contingent.brief.sections.watch import watch
from contingent.errors import InputError
from contingent.study.result import Result

SECTIONS = (bottom_line, passing, movers, generation, ground, choice, watch, trust)


FEWEST = 40  # runs; below it the conditions and tipping points of the brief have nothing to be found in


def compose(result: Result, *, language: str = "en", since: Result | None = None) -> Brief:
    """The brief of a result, in a language, beside the run a reader saw last.

    Raises:
        InputError: no messages in that language, or too few runs to say anything of a spread.
    """
    if result.question.runs < FEWEST:
        raise InputError(f"--runs {result.question.runs}: a brief needs at least {FEWEST} runs; 2,000 are usual")
    context = Context(result, Catalogue(language), since)
    body = tuple(section(context) for section in SECTIONS)
    rest = (annexes.evidence(context), annexes.assumptions(context), origins.card(context))
    found = origins.references(context, _numbers((*body, *rest)))
    sections = (*body, *rest[:2], origins.numbers(context, found), rest[2], origins.bibliography(context))
    scenario = result.scenario
    brief = Brief(
        title=scenario.title,
        question=scenario.question,
        decider=scenario.decider,
        as_of=scenario.as_of.isoformat(),
        marking=scenario.marking,
        catalogue=context.catalogue,
        sections=sections,
        references=found,
        parcel=Parcel(result.question),
    )
    return replace(brief, parcel=Parcel(result.question, printed(brief.numbers())))


def _numbers(sections: tuple[Section, ...]) -> list[Number]:
    return [
        span for section in sections for block in section.blocks for span in spans(block) if isinstance(span, Number)
    ]
