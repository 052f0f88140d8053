"""What does a change do to the numbers on a screen, at once: by the steps behind it, of the options looked at?

The same numbers as `what_if` on the same draws, to the last bit; what would take too long is put off, and said to be.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from contingent.errors import InputError, did_you_mean
from contingent.labels import OPTION
from contingent.mission.outputs import dated
from contingent.scenario.paths import changed as put
from contingent.study.comparison import LADDER, Difference, apart, told
from contingent.study.coupling import Earlier, Job, work
from contingent.study.measures import Evidence, performance
from contingent.study.planning import plan_all
from contingent.study.result import Result
from contingent.study.study import Study, earlier_of
from contingent.study.what_if import WhatIf, what_if

WANTS = {
    "ladder": ("outlook.",), "decision": ("outlook.", "consultation.", "attempt."), "force": ("force.",),
    "ground": ("mission.",), "appraisal": ("performance.", "appraisal."),
}  # fmt: skip
"""What may be asked for: how the results begin that belong to it."""
ON_FORCE = ("force.", "mission.", "performance.", "appraisal.")
OLD_PLAN = "the force plan is that of before the change: made anew, it may differ"
HIDDEN = "left out: it also rests on the ground under options that are not shown, which is not worked out yet"


class Preview:
    """A result as the base of many changes, one after another; everything about it is worked out once, and what of the
    last change stays true is taken from there.
    """

    def __init__(self, result: Result):
        self.result, self.earlier, self.before = result, earlier_of(result), told(result)
        self.last: Earlier | None = None
        self.rungs = {str(name) for name in self.before[LADDER][0][OPTION].values}
        result.scenario.with_({})  # so that what is wrong with its parts, nothing, is remembered

    def change(
        self, changes: Mapping[str, Any], visible: Collection[str], wants: Collection[str] = tuple(WANTS), *,
        settled: bool = False, checked: bool = False,
    ) -> WhatIf:  # fmt: skip
        """What other values at dotted paths do to what is wanted, under the options in view and the baseline.

        `wants` are some of `WANTS`, or names of results. `settled`: nothing is put off, however long it takes; so it is
        where more than numbers change. `checked`: the parts are known to fit together after the changes.

        Raises:
            ScenarioError: everything that is wrong with the changes, or with the scenario after them.
            InputError: an option that was not run, or a want that is neither of `WANTS` nor a result.
        """
        base, ran = self.result.scenario, self.result.options
        for kind, names, known in (("option", visible, ran), ("want", wants, {*WANTS, *self.before})):
            for name in (name for name in names if name not in known):
                raise InputError(f"there is no {kind} `{name}` here; {did_you_mean(name, set(known))}")
        starts = tuple(start for want in wants for start in WANTS.get(want, (want,)))
        shown = [name for name in ran if name in {*visible, base.baseline}]
        changed = put(base, changes) if checked else base.with_(changes)
        if settled or changed.happened or not changes.keys() <= dict(changed.estimates()).keys():
            whole = what_if(self.result, changes)
            effects = (e for e in whole.effects if e.measure.startswith(starts) and e.option in {*shown, *self.rungs})
            return replace(whole, effects=tuple(effects))
        now, put_off = self._after(Study(changed, ran, self.result.question.seed), shown)
        new, found = told(now, starts), list[Difference]()
        for name, (was, unit) in self.before.items():
            if name in new and name.startswith(starts) and put_off.get(f"{name.partition('.')[0]}.") != HIDDEN:
                one, two = (dict(zip(map(str, side[OPTION].values), side.to_numpy(), strict=True))
                            for side in (was, new[name][0]))  # fmt: skip
                options = [option for option in two if option in {*shown, *self.rungs}]
                found += [apart(option, name, unit, one[option], two[option]) for option in options]
        told_of = {s: why for s, why in put_off.items() if s in starts or any(each.startswith(s) for each in starts)}
        return WhatIf(self.result, now, changes, tuple(found), told_of)

    def _after(self, study: Study, shown: list[str]) -> tuple[Result, dict[str, str]]:
        """The result after the change, of the options shown, and what of it is put off."""
        result, (options, in_worlds) = self.result, study.branches()
        asked = {key: scenario for key, scenario in in_worlds.items() if key[0] in shown}
        known = plan_all(asked, self.earlier.planned, solve=False)
        plans, put_off = {**result.plans, **known}, dict[str, str]()
        put_off |= dict.fromkeys(ON_FORCE if asked.keys() - known.keys() else (), OLD_PLAN)
        job = Job(study.scenario, options, in_worlds, plans, result.design, self.earlier, shown, self.last)
        tables = work(job)
        then = replace(job, earlier=None, nearer=None)
        vars(then)["talks"] = job.talks
        self.last = Earlier(then, tables)
        names = [str(name) for name in tables["consultation"][OPTION].values]
        question = replace(result.question, scenario=study.scenario, options=tuple(names))
        if len(names) == len(options):
            return Result.of(question, options, plans, tables), put_off
        under = {name: options[name] for name in names}
        tables = {**tables, "weekly": dated(tables["weekly"], study.scenario.as_of)}
        judged = performance(Evidence(study.scenario, under, result.design, tables))
        return Result(question, under, plans, tables, judged, result.appraisal), {**put_off, "appraisal.": HIDDEN}
