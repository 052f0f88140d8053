"""How does a result become a brief: which sections, in which order, resting on what?

Composition of the decision brief.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from contingent.brief.context import ANNEXES, BEHIND, Context
from contingent.brief.document import FEWEST, Brief, numbers, translated
from contingent.brief.document.blocks import Answer, Block, Figure, Section
from contingent.brief.document.catalogue import Catalogue
from contingent.brief.embedded_run import Parcel
from contingent.brief.number import printed
from contingent.brief.sections import annexes
from contingent.brief.sections.bottom_line import bottom_line
from contingent.brief.sections.choice import choice
from contingent.brief.sections.drivers import drivers
from contingent.brief.sections.force_generation import force_generation
from contingent.brief.sections.ground import ground, people
from contingent.brief.sections.passing import passing
from contingent.brief.sections.trust import trust
from contingent.brief.sections.watch import watch
from contingent.errors import InputError, did_you_mean
from contingent.scenario.source import words_of
from contingent.study.result import Result

QUESTIONS = {
    "choice": choice, "passing": passing, "movers": drivers, "people": people, "generation": force_generation,
    "ground": ground, "watch": watch, "trust": trust,
}  # fmt: skip
"""In the order of the brief proper; one without an answer there has an annex alone."""


def compose(
    result: Result, *, language: str = "en", since: Result | None = None, words: Mapping[str, str] | None = None
) -> Brief:
    """The brief of a result, in a language, beside the run a reader saw last.

    `words` are the case's own in that language; if not given, those beside a shipped case of its name.

    Raises:
        InputError: no messages in that language, or too few runs to say anything of a spread.
    """
    context = _context(result, language, since)
    answers = {name: answer(context) for name, answer in QUESTIONS.items()}
    body = (bottom_line(context), *(_asked(context, name, answer) for name, answer in answers.items() if answer.blocks))
    behind = tuple(_behind(context, name, answers[name]) for name in BEHIND)
    rest = (annexes.evidence(context), annexes.assumptions(context), annexes.card(context))
    found = annexes.references(context, numbers((*body, *behind, *rest)))
    parts = (*rest[:2], annexes.numbers(context, found), rest[2], annexes.bibliography(context))
    sections = (*body, *(_numbered(context, section) for section in (*behind, *parts)))
    scenario = result.scenario
    words = words_of(scenario.name, language) if words is None and language != "en" else words
    told = printed(numbers(sections))
    brief = Brief(
        title=scenario.title, question=scenario.question, decider=scenario.decider,
        as_of=scenario.known_until.isoformat(), marking=scenario.marking,
        catalogue=context.catalogue, sections=sections, references=found,
        parcel=Parcel(result.question, told, language, since and since.question, words=words or None),
    )  # fmt: skip
    return brief if language == "en" else translated(brief, words or {})


def figure_names(result: Result) -> tuple[str, ...]:
    """The names of the figures that a brief of this result has, in the brief's order.

    Raises:
        InputError: too few runs to say anything of a spread.
    """
    return tuple(each.id for each in _figures(_context(result)))


def figure(result: Result, name: str, *, language: str = "en") -> Figure:
    """One of the brief's figures: `.svg` is the picture, `.table` its numbers, `.question` and `.reading` its words.

    Raises:
        InputError: no such figure (the message lists them), no messages in that language, or too few runs.
    """
    names = []
    for each in _figures(_context(result, language)):
        if each.id == name:
            return each
        names.append(each.id)
    raise InputError(f"there is no figure `{name}`; {did_you_mean(name, names)}")


def _context(result: Result, language: str = "en", since: Result | None = None) -> Context:
    if result.question.runs < FEWEST:
        raise InputError(f"--runs {result.question.runs}: a brief needs at least {FEWEST} runs; 2,000 are usual")
    return Context(result, Catalogue(language), since)


def _figures(context: Context) -> Iterator[Figure]:
    """The figures of every question and its annex, each drawn up only when it is asked for."""
    for ask in QUESTIONS.values():
        answer = ask(context)
        yield from (block for block in (*answer.blocks, *answer.more) if isinstance(block, Figure))


def _asked(c: Context, name: str, answer: Answer) -> Section:
    return Section(name, c.word(f"{name}.heading"), answer.blocks)


def _behind(c: Context, name: str, answer: Answer) -> Section:
    """The annex to a question: the numbers of the small figures, then what stands in no other place."""
    shown: list[Block] = [
        replace(block.table, id=f"t-{block.id}") for block in answer.blocks if isinstance(block, Figure)
    ]
    return Section(f"more-{name}", c.word(f"{name}.more"), (*shown, *answer.more), annex=True)


def _numbered(c: Context, section: Section) -> Section:
    """The annex with its number before its heading."""
    number = str(ANNEXES.index(section.id.removeprefix("more-")) + 1)
    return replace(section, heading=c.word("annex.numbered", n=number, title=section.heading))
