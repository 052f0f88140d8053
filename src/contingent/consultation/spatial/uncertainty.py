"""With which inputs is the model run when nobody is sure of them, and which of them spread the outcome most?

Input uncertainty by Latin hypercube, and Sobol' indices. Every number is keyed by its stakeholder's and issue's names,
never by order, and drawn from the design's Latin hypercube. Positions of one bloc share part of their error (one-factor
normal copula). The indices are estimated on a scrambled Sobol' sequence: base x (inputs + 2) histories.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri
from scipy.stats import qmc

from contingent.consultation.spatial.model import DEFAULT, Model, Table
from contingent.consultation.spatial.simulation import DrawnInputs, simulate_many
from contingent.ensemble.design import Design
from contingent.ensemble.summary import SobolIndices, pick_and_freeze, sobol_indices


def input_names(table: Table) -> tuple[str, ...]:
    """The names of every uncertain input: capability, and position and salience on every issue, of everyone."""
    names = [f"{name}.capability" for name in table.names]
    for issue in table.issues:
        names += [f"{name}.{kind}.{issue}" for name in table.names for kind in ("position", "salience")]
    return tuple(names)


def from_uniform(
    table: Table,
    u: Mapping[str, NDArray[np.float64]],
    models: Sequence[Model],
    pick: NDArray[np.int64],
    *,
    position: float,
    salience: float,
    capability: float,
) -> DrawnInputs:
    """Triangular draws around a table from uniform numbers `u` (name -> (run,)).

    Half-widths: `position` in points, `salience` and `capability` as shares of the value. Positions stay in
    0 to 100 and a stakeholder's saliences are scaled down where they would sum to more than 100.
    """
    runs = len(pick)
    count, issues = table.position.shape
    c, x, s = np.empty((runs, count)), np.empty((runs, count, issues)), np.empty((runs, count, issues))
    for i, name in enumerate(table.names):
        c[:, i] = table.capability[i] * (1 + capability * triangle(u[f"{name}.capability"]))
        for k, issue in enumerate(table.issues):
            x[:, i, k] = table.position[i, k] + position * triangle(u[f"{name}.position.{issue}"])
            s[:, i, k] = table.salience[i, k] * (1 + salience * triangle(u[f"{name}.salience.{issue}"]))
    s = np.clip(s, 0, 100)
    total = s.sum(2, keepdims=True)
    return DrawnInputs(
        table, tuple(models), c, np.clip(x, 0, 100), s * np.minimum(1, 100 / np.maximum(total, 1e-9)), pick
    )


def triangle(u: NDArray[np.float64]) -> NDArray[np.float64]:
    """The symmetric triangular distribution on -1 to 1."""
    return np.where(u < 0.5, np.sqrt(2 * u) - 1, 1 - np.sqrt(np.maximum(2 * (1 - u), 0)))


def draw_inputs(
    table: Table,
    design: Design,
    *,
    models: Sequence[Model] = (DEFAULT,),
    position: float = 10.0,
    salience: float = 0.2,
    capability: float = 0.2,
    blocs: Mapping[str, str] | None = None,
    together: float = 0.5,
) -> DrawnInputs:
    """An ensemble around a table; see `from_uniform` for the widths.

    `blocs` (stakeholder -> bloc) makes the positions of a bloc share the part `together` of their variance;
    with several `models`, each run takes one of them, in equal shares.
    """
    u = {name: design.uniform(name) for name in input_names(table)}
    for who, bloc in (blocs or {}).items():
        for issue in table.issues:
            key = f"{who}.position.{issue}"
            shared = ndtri(design.uniform(f"bloc.{bloc}.position.{issue}"))
            u[key] = ndtr(np.sqrt(together) * shared + np.sqrt(1 - together) * ndtri(u[key]))
    pick = np.minimum((design.uniform("model") * len(models)).astype(np.int64), len(models) - 1)
    return from_uniform(table, u, models, pick, position=position, salience=salience, capability=capability)


def sobol(
    table: Table,
    *,
    model: Model = DEFAULT,
    base: int = 256,
    seed: int = 0,
    threads: int = 1,
    position: float = 10.0,
    salience: float = 0.2,
    capability: float = 0.2,
) -> tuple[SobolIndices, int]:
    """Sobol indices (input, issue) of the expected outcome, inputs as in `input_names`, and how many histories it took;
    `base` is a power of two.
    """
    names = input_names(table)
    count = len(names)
    points = qmc.Sobol(2 * count, scramble=True, rng=seed).random(base)
    blocks = pick_and_freeze(points[:, :count], points[:, count:])
    u = np.clip(blocks.reshape(-1, count), 1e-12, 1 - 1e-12)
    uniform, first = {name: u[:, k] for k, name in enumerate(names)}, np.zeros(len(u), np.int64)
    draws = from_uniform(table, uniform, (model,), first, position=position, salience=salience, capability=capability)
    outcome = simulate_many(draws, threads=threads, seed=seed).expected.reshape(count + 2, base, -1)
    return sobol_indices(outcome[0], outcome[1], outcome[2:]), len(u)
