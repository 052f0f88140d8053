"""How long does the effect of one changed number take, of two options and the baseline, beside the whole question?

`python benchmarks/preview.py [CASE] [RUNS]`: by kind of path, the CPU milliseconds of `Preview.change` and of
`what_if` on the same changes in the same process, their median and 95 % quantile, and the ratio of the medians. What is
told must be the same to the last bit.
"""

import sys
import time
from itertools import pairwise

import numpy as np

from contingent.errors import InputError
from contingent.scenario.read import read
from contingent.study.preview import Preview
from contingent.study.study import Study
from contingent.study.what_if import what_if

KINDS = {
    "stakeholder": ("stakeholders.", ".position"), "gate": ("process.", ""), "theatre": ("theatre.sectors.", ""),
    "violence": ("theatre.parameters.", ""), "pledge": ("pledges.", ".strength"),
    "requirement": ("requirements.", ".wanted"), "anchor": ("criteria.", ""), "judgement": ("options.", ""),
}  # fmt: skip
TIMES = 5


def main(case: str = "isf_gaza", runs: str = "400") -> None:
    base = Study(read(case)).run(int(runs))
    preview, numbers, rng = Preview(base), dict(base.scenario.estimates()), np.random.default_rng(1)
    shown = [name for name in base.options if name != base.scenario.baseline][:2]
    print(f"{'kind':12} {'preview p50':>12} {'p95':>6} {'wall p95':>9} {'what_if p50':>12} {'ratio':>6}  put off")
    for kind, (start, end) in KINDS.items():
        paths = [p for p in numbers if p.startswith(start) and p.endswith(end) and ".terms." not in p]
        taken, off = [], 0
        for path in rng.choice(paths, TIMES) if paths else ():
            now, factor = numbers[path], rng.uniform(0.8, 1.1)
            ends = np.clip(factor * np.array([now.best, now.low, now.high]), now.unit.at_least, now.unit.at_most)
            changes = {str(path): dict(zip(("best", "low", "high"), ends.tolist(), strict=True))}
            clocks = [(time.process_time(), time.perf_counter())]
            try:
                found = preview.change(changes, shown)
            except InputError:  # such as a minimum above what is wanted
                continue
            clocks.append((time.process_time(), time.perf_counter()))
            off += bool(found.put_off)
            if "plan" not in found.why("force.coverage"):  # a plan made anew takes as long as it takes
                whole = {(e.measure, e.option): e for e in what_if(base, changes).effects}
                assert all(whole[e.measure, e.option] == e for e in found.effects if not found.why(e.measure)), path
            clocks.append((time.process_time(), time.perf_counter()))
            taken.append([1000 * (b - a) for one, two in pairwise(clocks)
                          for a, b in zip(one, two, strict=True)])  # fmt: skip
        if taken:
            cpu, wall, whole, _ = np.array(taken).T
            ratio = f"{np.median(whole) / np.median(cpu):6.1f}" if np.median(whole) > 1 else "     -"
            print(f"{kind:12} {np.median(cpu):12.0f} {np.quantile(cpu, 0.95):6.0f} {np.quantile(wall, 0.95):9.0f} "
                  f"{np.median(whole):12.0f} {ratio}  {off} of {len(taken)}", flush=True)  # fmt: skip


if __name__ == "__main__":
    main(*sys.argv[1:])
