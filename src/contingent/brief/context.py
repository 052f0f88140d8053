"""What every section of a brief needs at hand: the result, the language, and how its numbers are said."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import xarray as xr

from contingent.brief import number
from contingent.brief.document.blocks import Foreign, See, Text, joined
from contingent.brief.document.catalogue import Catalogue
from contingent.brief.number import Number
from contingent.brief.parameter_labels import UNITS, lowered, phrased
from contingent.consultation.outcome import Rung, ladder
from contingent.labels import OPTION
from contingent.quantities import Z90
from contingent.scenario.model import Scenario
from contingent.study.insight import Insight, insight
from contingent.study.result import Result
from contingent.study.trace import focus, usual_world

SHARE_LOW, SHARE_HIGH = "share of runs, less its Monte Carlo error", "share of runs, plus its Monte Carlo error"
BEHIND = ("passing", "movers", "generation", "ground", "choice", "watch", "trust")
ANNEXES = (*BEHIND, "evidence", "assumptions", "numbers", "card", "bibliography")
"""In the order in which they are numbered; the first seven each stand behind a question of the brief proper."""
MEAN, LOW, MEDIAN, HIGH = "mean", "5 % quantile", "median", "95 % quantile"  # over runs


@dataclass(frozen=True)
class Context:
    """One result in one language; `since` is the run a reader saw last."""

    result: Result
    catalogue: Catalogue
    since: Result | None = None

    @property
    def scenario(self) -> Scenario:
        """The scenario that was run."""
        return self.result.scenario

    def say(self, key: str, /, **parts: Any) -> Text:
        """A message of the catalogue."""
        return self.catalogue.say(key, **parts)

    def word(self, key: str, /, **parts: str) -> str:
        """A message that holds nothing but words."""
        return self.catalogue.word(key, **parts)

    def see(self, annex: str, entry: str = "") -> See:
        """A reference to an annex, `Annex 3`; if named, to one of its entries."""
        number = str(ANNEXES.index(annex) + 1)
        return See(entry or (f"more-{annex}" if annex in BEHIND else annex), self.word("annex.see", n=number))

    def more(self, text: Text, annex: str) -> Text:
        """A statement with a reference to the annex that says more."""
        return (*text, "\u00a0", self.see(annex))

    def named(self, words: str) -> Text:
        """Words of the scenario, marked as its own language where the brief is in another."""
        return self.in_english((words,))

    def in_english(self, text: Text) -> Text:
        """A text in English, marked as such where the brief is in another language."""
        if self.catalogue.language == "en":
            return text
        return tuple(Foreign(span) if isinstance(span, str) else span for span in text)

    @cached_property
    def english(self) -> "Context":
        """The same for what is told in English whatever the brief's language."""
        return replace(self, catalogue=Catalogue())

    def option(self, name: str) -> Text:
        """An option's label."""
        return self.named(self.scenario.options[name].label)

    def label(self, name: str) -> str:
        """An option's label as plain words, for charts."""
        return self.scenario.options[name].label

    def world_words(self, world: str) -> Text:
        """A world in words: which events come about in it, and which do not."""
        events = self.scenario.process.events
        said: list[Text] = []
        for name in world.split():
            if event := events.get(name.removeprefix("no_")):
                label = self.named(lowered(event.label))
                said.append(label if name in events else self.say("generation.without", event=label))
        return joined(said, "; ") if said else self.say("generation.as_described")

    def signal(self, path: str) -> Text:
        """A number of the scenario with its unit: `Delay until the Security Council adopts a resolution (days)`."""
        name, unit = phrased(self.scenario, path), self.units.get(path, "1")
        return self.named(name) if unit == "1" else (*self.named(f"{name} "), "(", *self.unit(unit), ")")

    def unit(self, name: str) -> Text:
        """A unit in words."""
        return (self.word(f"unit.{name}"),) if name in ("day", "month", "person") else self.named(UNITS.get(name, name))

    def columns(self, section: str, *keys: str) -> tuple[str, ...]:
        """Messages of a section that head the columns of a table, with a capital."""
        found = (self.word(f"{section}.{key}") for key in keys)
        return tuple(words[:1].upper() + words[1:] for words in found)

    @property
    def millions(self) -> str:
        """What an amount of money is told in."""
        code = self.scenario.currency
        known = self.catalogue.has(f"unit.{code}")
        return self.word(f"unit.{code}") if known else self.word("unit.million", currency=code)

    @cached_property
    def units(self) -> dict[str, str]:
        """The unit of every number of the scenario, by path."""
        return {path: estimate.unit.name for path, estimate in self.scenario.estimates()}

    def day(self, day: date) -> str:
        """A day as this language writes it."""
        return f"{day.day} {day:%B %Y}" if self.catalogue.language == "en" else day.isoformat()

    def around(self, days: float, trace: number.Trace) -> Text:
        """A day from the scenario's date on, as near as it can be known: `early February 2026`."""
        day = self.scenario.as_of + timedelta(days=round(days))
        part = ("early", "middle", "late")[min((day.day - 1) // 10, 2)]
        year = Number(float(day.year), str(day.year), trace)
        return self.say(f"around.{part}", month=self.word(f"month.{day.month}"), year=year)

    @property
    def span(self) -> Text:
        """How long the simulated time is: `two years`."""
        months = round(self.scenario.horizon * 12 / 52)
        if self.catalogue.has(f"span.{months}"):
            return (self.word(f"span.{months}"),)
        return self.say("span.months", n=number.exact(months, number.on_card("horizon")))

    @property
    def runs(self) -> Number:
        """The runs looked at."""
        return number.exact(self.result.question.sample, number.on_card("runs"))

    @property
    def weeks(self) -> Number:
        """The weeks simulated."""
        return number.exact(self.scenario.horizon, number.on_card("horizon"))

    @property
    def active(self) -> tuple[str, ...]:
        """The options other than doing nothing."""
        return tuple(name for name in self.result.options if name != self.scenario.baseline)

    @cached_property
    def focus(self) -> str:
        """The option that most of the brief is about: of those that do something, the one most often first."""
        return focus(self.result)

    @cached_property
    def insight(self) -> Insight:
        """What would change the choice."""
        return insight(self.result)

    @cached_property
    def world(self) -> str:
        """The likeliest world in which the option in focus can go: which events that no option decides come about."""
        return usual_world(self.result, self.focus)

    def spread(self, name: str, values: xr.DataArray, kind: Any = number.count, **where: str) -> tuple[Number, ...]:
        """Median, 5 % and 95 % quantile over runs of a result."""
        quantiles = np.nanquantile(values.to_numpy().astype(float), [0.5, 0.05, 0.95])
        return tuple(
            kind(float(value), number.result(name, how, **where))
            for value, how in zip(quantiles, (MEDIAN, LOW, HIGH), strict=True)
        )

    def shares(self, name: str, values: xr.DataArray, **where: str) -> tuple[Number, Number, Number]:
        """Mean, 5 % and 95 % quantile over runs of a probability.

        Of something that happens in a run or does not, the quantiles would be 0 and 1 and say nothing: there the
        interval is that of the share itself, from its Monte Carlo error.
        """
        x = values.to_numpy().astype(float)
        if happens(values):
            error = Z90 * x.std(ddof=1) / np.sqrt(x.size)
            bounds = ((max(x.mean() - error, 0.0), SHARE_LOW), (min(x.mean() + error, 1.0), SHARE_HIGH))
        else:
            low, high = np.quantile(x, [0.05, 0.95])
            bounds = ((low, LOW), (high, HIGH))
        made = (number.chance(float(value), name, how, **where) for value, how in ((x.mean(), MEAN), *bounds))
        return tuple(made)  # pyright: ignore[reportReturnType]

    def chance(self, name: str, values: xr.DataArray, **where: str) -> Text:
        """`likely (65 %; 90 % interval 48 % to 79 %)`; of what happens in a run or does not, `(50 % of runs; ...)`."""
        p, low, high = self.shares(name, values, **where)
        word = self.word(f"likelihood.{number.likelihood(min(max(p.value, 0.0), 1.0))}")
        return self.say("words.counted" if happens(values) else "words.chance", word=word, p=p, low=low, high=high)

    def odds_word(self, p: Number) -> str:
        """The likelihood word that goes with a chance."""
        return self.word(f"odds.{number.likelihood(min(max(p.value, 0.0), 1.0))}")

    def odds(self, p: Number) -> Text:
        """`very likely (95 %)`."""
        return self.say("words.odds", word=self.odds_word(p), p=p)

    def to(self, low: Number, high: Number) -> Text:
        """`48 % to 79 %`."""
        return self.say("words.to", low=low, high=high)

    def about(self, middle: Number, low: Number, high: Number) -> Text:
        """`65 % (48 % to 79 %)`."""
        return (middle, " (", *self.to(low, high), ")")

    def ranged(self, name: str, values: xr.DataArray, **where: str) -> tuple[Number, Text]:
        """Median of a count, and its interval in words; of a median of 0, in what share of runs there is more."""
        middle, low, high = self.spread(name, values, **where)
        said = self.say("words.interval", low=low, high=high)
        if middle.value or not high.value > 0:
            return middle, said
        return middle, (*said, "; ", *self.say("words.some", share=self.above(name, values, **where)))

    def above(self, name: str, values: xr.DataArray, **where: str) -> Number:
        """The share of runs in which a result is more than 0."""
        return number.percent(float((values > 0).mean()), name, "share of runs above 0", **where)

    def sent(self, option: str) -> xr.DataArray:
        """Whether the contributor whose decision it is sends anybody under an option, by run."""
        return self.result.tables["deployment"]["contributor_troops"].sel({OPTION: option}) > 0

    @cached_property
    def goes(self) -> bool:
        """Whether anybody of its own goes under the option in focus, in any run."""
        return bool(self.sent(self.focus).any())

    def passes(self, option: str) -> xr.DataArray:
        """Probability that an option passes on its own terms, by run."""
        return self.result.tables["consultation"]["passes"].sel({OPTION: option})

    @property
    def error(self) -> float:
        """The Monte Carlo standard error of the chance that the option in focus passes."""
        values = self.passes(self.focus).to_numpy()
        return float(values.std(ddof=1) / len(values) ** 0.5)

    @cached_property
    def rungs(self) -> tuple[Rung, ...]:
        """The rungs above the status quo, from the lowest on."""
        return ladder(self.scenario)

    def reached(self, rung: Rung, stage: str = "decided") -> xr.DataArray:
        """Probability that terms of at least a rung have come to a stage by the deadline, by run."""
        return self.result.tables["outlook"]["reached"].sel(rung=rung.name, stage=stage)

    def rung_share(self, rung: Rung, stage: str = "decided") -> Number:
        """The chance that at least a rung has come to a stage by the deadline."""
        where = number.result("outlook.reached", MEAN, rung=rung.name, stage=stage)
        return number.chance(float(self.reached(rung, stage).mean()), where)

    @cached_property
    def rung(self) -> Rung:
        """The rung on which the option in focus stands; the lowest where it stands on none."""
        return next((rung for rung in self.rungs if self.focus in rung.options), self.rungs[0])

    def first(self, option: str) -> Number:
        """An option's first-rank acceptability, that of its copies included."""
        copied = option in self.result.appraisal.copies.values()
        name = "appraisal.shares" if copied or option not in self.result.ranked else "appraisal.ranks"
        where = number.result(name, "share of weights and runs", option=option, rank=1)
        return number.percent(self.result.first(option), where)

    def source(self, *results: str, planned: bool = False) -> Text:
        """The source line of a figure: over all runs, or of the force plan, which is the same in all of them."""
        names = ", ".join(dict.fromkeys(results))
        return self.say("figure.planned" if planned else "figure.source", names=names, runs=self.runs)


def happens(values: xr.DataArray) -> bool:
    """Whether a result is of something that happens in some runs and not in others."""
    x = values.to_numpy().astype(float)
    return bool(np.isin(x, (0.0, 1.0)).all() and 0 < x.mean() < 1)
