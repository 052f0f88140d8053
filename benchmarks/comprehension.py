"""Does a reader who has not seen the program find on pages one and two what a minister asks? Twenty questions.

    uv run python benchmarks/comprehension.py RUN                     # the questions, one a line
    uv run python benchmarks/comprehension.py RUN --answers           # with the right answers of this run
    uv run python benchmarks/comprehension.py RUN --score FILE        # one answer a line: how many are right

Right answers are reckoned from the run's tables and the scenario, not read off the brief; a test holds that each stands
on the two pages, word for word. An answer is right if it holds the phrase, whatever stands around it.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from contingent.brief import number
from contingent.brief.context import Context
from contingent.brief.document.blocks import words
from contingent.brief.document.catalogue import Catalogue
from contingent.study import measures
from contingent.study.result import Result
from contingent.study.store import Store
from contingent.study.study import load

HERE = number.on_card("runs")
COUNT = 20


def sheet(result: Result) -> list[tuple[str, str]]:
    """The first twenty questions that the case has an answer to, with the right answer."""
    return list(asked(Context(result, Catalogue())))[:COUNT]


def asked(c: Context) -> Iterator[tuple[str, str]]:
    """Every question with the phrase that answers it, in the order of the pages."""
    s, tables, focus, base = c.scenario, c.result.tables, c.focus, c.scenario.baseline
    option = c.result.scenarios[focus]
    reached = tables["outlook"]["reached"]
    lowest, rung = c.rungs[0], c.rung

    def share(values: object) -> str:
        return number.chance(float(np.mean(values)), HERE).text  # pyright: ignore[reportArgumentType, reportCallIssue]

    def word(values: object) -> str:
        return words((c.odds_word(number.chance(float(np.mean(values)), HERE)),))  # pyright: ignore[reportArgumentType, reportCallIssue]

    def there(name: str) -> np.ndarray:
        return measures.result(name, c.result.evidence).sel(option=focus).to_numpy()[c.sent(focus).to_numpy()]

    some = reached.sel(rung=lowest.name, stage="decided")
    both = reached.sel(rung=rung.name, stage="accepted")
    yield "How likely is it that anybody goes at all, agreed in time?", share(some)
    yield "Which words say how likely that is?", word(some)
    yield "How likely is it that the terms this brief follows are agreed and accepted in time?", share(both)
    yield "Which option does the brief follow?", s.options[focus].label
    for name, view in list(c.result.views.items())[:2]:
        yield f"Which option comes first for {s.weight_sets[name].label}?", s.options[view.best].label
    last = s.process.deadline.best
    yield "Until when can it still be decided in time?", words(c.around(last, HERE))
    weights, days = c.passes(focus).to_numpy(), tables["consultation"]["days"].sel(option=focus).to_numpy()
    if weights.sum():
        usual = float(np.quantile(days, 0.5, weights=weights, method="inverted_cdf"))
        yield "Until when does the process usually take?", words(c.around(usual, HERE))
    yield "How much confidence does the forecast deserve?", "low" if _low(c) else "moderate"
    if c.goes:
        delivered = reached.sel(rung=rung.name, stage="delivered")
        yield "How likely is it that people are there by the deadline?", share(delivered)
    *_, furthest = c.active
    yield (
        f"How likely is it that “{s.options[furthest].label}” is agreed, if it is proposed?",
        share(c.passes(furthest)),
    )
    if c.goes:
        high = number.rough(np.quantile(there("mission.own_deaths"), 0.95), HERE)
        if high.value >= 0.5:
            yield "How many of our own are killed at worst, with one chance in twenty of more?", high.text
        cost = there("force.contributor_cost").mean()
        if cost > 0:
            yield (
                "What does it cost us, about, if they go?",
                f"{number.rough(cost, HERE, whole=False).text} {c.millions}",
            )
        yield "On which legal ground do our people act?", c.word(f"people.{option.mandate.legal_basis}")
        yield "For what may they use force?", c.word(f"people.{option.mandate.use_of_force}")
        support = option.contributors[s.contributor].home_support
        if support is not None:
            yield "How much of the public is behind it at the start?", number.percent(support.best, HERE).text
        yield "How likely is it that we take our people home early?", share(there("mission.withdrawal"))
        yield "How many months does the mandate last?", f"{number.count(s.mandate.duration.best, HERE).text} months"
    swing = {n: each.best.best - each.worst.best for n, each in s.criteria.items()}
    runs = c.sent(focus).to_numpy() if c.goes else np.ones(c.result.performance.sizes["run"], bool)
    mean = c.result.performance.sel(option=[focus, base]).isel(run=runs).mean("run")
    lost = {n: float(mean.sel(criterion=n).diff("option").item()) / -swing[n] for n in s.criteria}
    worst = max(lost, key=lost.__getitem__)
    if lost[worst] > 0.03:
        yield "On which point does saying no cost most?", s.criteria[worst].label
    issue = next(iter(s.issues))
    heaviest = max(
        (who for who in s.stakeholders.values() if issue in who.stakes),
        key=lambda who: who.capability.best * who.stakes[issue].salience.best,
    )
    yield "Who counts most?", heaviest.label
    coverage = tables["deployment"]["coverage"].sel(option=focus)
    yield "How much of the force wanted is likely to come?", number.percent(float(coverage.mean()), HERE).text
    if "ceasefire" in tables["weekly"]:
        holds = (tables["weekly"]["ceasefire"].sel(option=focus).isel(week=-1) > 0).mean()
        yield "How likely is it that a ceasefire is in force at the end?", share(holds)
    for remark in s.unmodelled[:1]:
        yield "What is the first thing that the model leaves out?", remark.says
    for remark in s.dissent[:1]:
        yield "What does a reader who disagrees say first?", remark.says
    for sign in s.signals:
        yield f"Where would one look for this: {sign.says}", sign.source
    for event in s.process.events.values():
        yield "Name one event that decides when and whether people go.", event.label
        break
    for own in sorted(option.own, key=lambda pledge: pledge.notice.best)[:1]:
        if weights.sum():
            yield "When could the first of our people be there?", words(c.around(usual + own.notice.best, HERE))
    yield "What is the question that is to be decided?", s.question
    yield "Who decides it?", s.decider


def _low(c: Context) -> bool:
    """Whether nothing, or no more than half of what moves the forecast, is on record; or it may be almost anything."""
    from contingent.brief.sections.annexes import confidence

    return "low" in words(confidence(c)).partition(":")[0]


def plain(text: str) -> str:
    """Words without the spaces and signs that a keyboard writes otherwise."""
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ").replace("\u202f", " ")).strip().lower()


def right(answer: str, said: str) -> bool:
    """Whether what was said holds the answer, spaces and capitals aside; a number is no part of another."""
    return re.search(rf"(?<![\w.,<>]){re.escape(plain(answer))}(?!\w)", plain(said)) is not None


def main() -> None:
    """Print the sheet of a stored run, or score a reader's answers."""
    asks = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asks.add_argument("run")
    asks.add_argument("--folder", type=Path, default=Path("runs"))
    asks.add_argument("--answers", action="store_true")
    asks.add_argument("--score", type=Path)
    given = asks.parse_args()
    questions = sheet(load(given.run, Store(given.folder)))
    said = given.score.read_text("utf-8").splitlines() if given.score else []
    for place, (question, answer) in enumerate(questions):
        told = said[place] if place < len(said) else ""
        mark = ("right  " if right(answer, told) else "wrong  ") if given.score else ""
        print(f"{place + 1:2d}. {mark}{question}{'  ' + answer if given.answers or mark.startswith('wrong') else ''}")
    if given.score:
        hits = sum(right(answer, told) for (_, answer), told in zip(questions, said, strict=False))
        print(f"{hits} of {len(questions)} right")


if __name__ == "__main__":
    main()
