"""Every constraint family as a small linear programme, line by line; `tests/golden/refresh.py lp` alone writes them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import highspy
import numpy as np
import pytest
from small_case import families, linear_programme, written

from contingent.force.build_instance import build_instance
from contingent.force.highs import to_highs
from contingent.processes import muted

LP = Path(__file__).parent / "lp"
FAMILIES = sorted(
    file.stem.replace("_", " ") if file.stem.startswith("support") else file.stem for file in LP.iterdir()
)


def golden(family: str) -> Path:
    return LP / f"{family.replace(' ', '_')}.lp"


def best(matrices, without=()) -> float:
    """The goals at the optimum, some rows left out."""
    kept = np.setdiff1d(np.arange(len(matrices.lower)), without)
    rows = {name: getattr(matrices, name)[kept] for name in ("matrix", "lower", "upper")}
    highs = to_highs(replace(matrices, **rows), whole=True)
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.run()
    assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return highs.getInfo().objective_function_value


def test_every_family_has_its_golden_programme_and_every_programme_its_family() -> None:
    assert sorted(families()) == FAMILIES
    posed = {name for _, scenario in families().values() for name in written(build_instance(scenario), "").rows}
    assert posed | {"cohesion"} == set(families())


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_is_its_golden_programme_line_by_line(family: str) -> None:
    assert linear_programme(family).splitlines() == golden(family).read_text("utf-8").splitlines()


@pytest.mark.parametrize("family", FAMILIES)
def test_a_solver_reads_the_golden_programme(family: str) -> None:
    with muted():
        highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    assert highs.readModel(str(golden(family))) == highspy.HighsStatus.kOk
    lines = golden(family).read_text("utf-8").splitlines()
    first, last = lines.index("Subject To"), lines.index("Bounds")
    assert highs.getNumRow() == last - first - 1
    assert highs.getNumCol() == sum("<=" in line for line in lines[last:])


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_binds_in_its_own_case(family: str) -> None:
    found = written(build_instance(families()[family][1]), family)
    assert best(found.matrices, found.rows[family]) < best(found.matrices) - 1e-3
