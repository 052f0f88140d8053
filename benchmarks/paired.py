"""How much of the variance of independent seeds a paired contrast of two options keeps: `python benchmarks/paired.py`.

Three tables over the outcomes (rows) and pairs of options (columns): what is kept; the least that any coupling could
keep, given how each option's outcome is spread (both sorted: Frechet 1951); and the part of what is kept that is luck
alone, with every parameter held.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd

import contingent
from contingent import force
from contingent.ensemble.design import Design
from contingent.mission.inputs import prepare
from contingent.mission.outputs import Outputs, labelled
from contingent.mission.simulate import simulate_into
from contingent.streams import Streams
from contingent.study.coupling import presence
from contingent.study.planning import PLAN_GAP, effective


def outcomes(base, option: str, runs: int) -> list[dict[str, np.ndarray]]:
    """Headlines with one seed, with the same parameters but other luck, and with another seed."""
    scenario = effective(base.under(option))
    plan = force.plan(scenario, gap=PLAN_GAP)
    one, other = (
        prepare(scenario, presence(force.deploy(plan, scenario, design)), design)
        for design in (Design(3, runs), Design(4, runs))
    )
    found = []
    for inputs in (one, replace(one, seed_key=Streams(5).counter_key("mission")), other):
        outputs = Outputs.empty(inputs)
        simulate_into(inputs, outputs)
        headline = labelled(inputs, outputs, list(base.theatre.sectors)).headline
        found.append({str(name): values.to_numpy() for name, values in headline.items()})
    return found


def main(scenario: str = "isf_gaza", runs: int = 4000) -> None:
    base = contingent.read(scenario)
    options = {name: outcomes(base, name, runs) for name in base.options}
    kept, least, luck = {}, {}, {}
    for a, b in combinations(options, 2):
        column = f"{a} / {b}"
        kept[column], least[column], luck[column] = {}, {}, {}
        for name, x in options[a][0].items():
            y, x2, y2, y3 = (options[o][k][name] for o, k in ((b, 0), (a, 1), (b, 1), (b, 2)))
            independent = (y3 - x).var()
            if independent > 0:
                kept[column][name] = (y - x).var() / independent
                least[column][name] = (np.sort(y) - np.sort(x)).var() / independent
                luck[column][name] = (((y - x) - (y2 - x2)) ** 2).mean() / 2 / independent
    for title, table in (("kept", kept), ("least any coupling could keep", least), ("of it luck", luck)):
        print(title, pd.DataFrame(table).round(3).to_string(), sep="\n")


if __name__ == "__main__":
    main(*sys.argv[1:2])
