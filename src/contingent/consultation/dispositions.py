"""How far does everyone who decides lean to an option, by its own interest, by past decisions, and by who presses?

Dispositions: the latent wishes of a probit model, in units of a vote's noise, for every run and inner draw.

A member's own interest is its gain over the status quo (`stakes.gains`) as a share of the most that it could gain or
lose by such terms; the noise is a share of that as well, so that who wants nothing is as sure about little as about
much. The record of past decisions enters here and nowhere else, as a shift of those without whom nothing is decided: it
is set so that they would say yes together as often as governments in cases alike did, were each of them lukewarm, that
is gained half of what it could from the option; and however eager they are, they lean no further than a step beyond it.
It moves what people want and never what the law asks for, and it does not depend on anybody's position, so that moving
one is never undone. The weighted share of all stakeholders in favour presses on everybody who votes.
"""

from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from contingent.consultation.ballots import Shocks
from contingent.consultation.stakes import Stakes, at_stake, gains, most_to_gain, weighted_share
from contingent.consultation.track_record import record_of
from contingent.ensemble.design import Design
from contingent.scenario.model import Scenario

Array = NDArray[np.float64]
INNER = 8  # draws of everybody's own shock in each run
LUKEWARM = 0.5
"""Share of what they could gain that the deciders of past cases are taken to have gained: a judgement. A government is
asked because it is thought to be inclined, and the record holds eager and reluctant ones alike."""
EAGER = 0.7
"""Units of the noise by which those who gain all they could lean further to yes than the record, where it alone counts:
a judgement. What stops an eager government stands in no table of positions; that it was asked says that it is thought
so."""
SURE = 6.0
"""Units of the noise beyond which nobody's own interest counts: what is surer than one in a billion is sure, and a whip
that pulls harder than that is followed."""
NODES, WEIGHTS = np.polynomial.legendre.leggauss(64)
GRID = 33  # nodes each way between which the root is interpolated, to 1e-8 of a unit of the noise
STEPS = 40  # of the search for a lean; five or six do, and 40 halvings would
LEAST = 1e-3  # a record is never taken to be surer than this; with a hundred to five hundred cases it cannot be


@dataclass(frozen=True, slots=True)
class Dispositions:
    """Every stakeholder's lean to one option, (draw, stakeholder), draws being runs times `INNER`.

    `own`: its interest alone, in units of the noise. `wish`: with the record's shift for those who decide, and with
    everybody's pressure. `gain` and `most` (run, stakeholder): its interest as utility, and the most
    it could be. `share` and `record` (run,).
    """

    own: Array
    wish: Array
    gain: Array
    most: Array
    share: Array
    record: Array


def shocks(scenario: Scenario, design: Design) -> Shocks:
    """Everybody's own shock, by name: the same for all options and all bodies; stratified within each run."""
    own = [inner(design, f"process.disposition.{name}", name) for name in scenario.stakeholders]
    return Shocks(ndtri(np.stack(own, 1)), each_draw(design.sample("process.shared", scenario.process.shared)))


def inner(design: Design, path: str, name: str) -> Array:
    """`INNER` equally spaced levels in every run from that of `path` on, in an order of the name's own; (draw,)."""
    stride = 2 * (crc32(name.encode()) % (INNER // 2)) + 1  # odd, so that it meets all of them
    return design.ordered((design.uniform(path)[:, None] + stride * np.arange(INNER) / INNER) % 1.0).ravel()


def each_draw(values: Array) -> Array:
    """Values of a run (run, ...) for every draw of it."""
    return np.repeat(values, INNER, axis=0)


def dispositions(scenario: Scenario, stakes: Stakes, terms: Array, design: Design) -> Dispositions:
    """How everyone leans to `terms` (run, issue); `scenario` carries the option's overrides."""
    process = scenario.process
    noise = np.maximum(design.sample("process.noise", process.noise), 1e-9)
    gain = gains(scenario, stakes, terms)
    share = weighted_share(stakes.capability * stakes.salience.sum(2), gain)
    record = record_of(scenario, design)
    most = most_to_gain(scenario, stakes, terms)
    scale = noise[:, None] * at_stake(scenario, stakes, terms)
    own = np.clip(gain / scale, -SURE, SURE)
    wish = own.copy()
    if process.pool is not None:
        parts = ("share", "process", "reference")
        weight = {name: design.sample(f"process.pool.{name}", getattr(process.pool, name)) for name in parts}
        by_record = weight["reference"] / np.maximum(weight["reference"] + weight["process"], 1e-12)
        shared = design.sample("process.shared", process.shared)
        usual = together(np.clip(record, LEAST, 1 - LEAST), shared, len(process.decider))
        lukewarm = np.minimum(LUKEWARM * most / scale, SURE)
        for row in stakes.rows(process.decider):
            shifted = wish[:, row] + by_record * (usual - lukewarm[:, row])
            wish[:, row] = np.minimum(shifted, usual + EAGER / np.maximum(by_record, 1e-9))
        pressed = weight["share"] / np.maximum(weight["share"] + weight["process"], 1e-12) * (2 * share - 1)
        wish += pressed[:, None]
    return Dispositions(each_draw(own), each_draw(wish), gain, most, share, record)


def together(probability: Array, shared: Array, people: int) -> Array:
    """The lean at which so many people, all leaning alike, say yes together with this probability; all (run,).

    Solves E[Phi((lean + sqrt(shared) Z) / sqrt(1 - shared))^people] = probability for the lean, by Newton's steps,
    halved where one would leave the bracket. Where more than half is shared, the expectation is taken over the most
    reluctant's own shock in place of Z: of the two integrands that one is smooth.
    """
    return ndtri(probability) if people < 2 else _together(probability.tobytes(), shared.tobytes(), people)


@lru_cache(maxsize=32)
def _together(probability: bytes, shared: bytes, people: int) -> Array:
    """The same, remembered: nothing but the record and the share of noise goes in, whoever wants what."""
    wanted, alike = np.frombuffer(probability), np.frombuffer(shared)
    low, high = float(ndtri(LEAST)), float(ndtri(1 - LEAST))
    across = _among(ndtri(np.clip(wanted, LEAST, 1 - LEAST)), low, high)
    along = _among(np.arcsin(np.sqrt(np.clip(alike, 0.0, 1.0))), 0.0, np.pi / 2)
    return ((across @ _leans(people)) * along).sum(1)


def _among(at: Array, low: float, high: float) -> Array:
    """The weight of every node of `_nodes` in a value at each point (barycentric; Berrut & Trefethen 2004,
    doi:10.1137/S0036144502417715); (point, node).
    """
    away = at[:, None] - _nodes(low, high)
    here = np.abs(away) < 1e-13
    weight = np.where(np.arange(GRID) % 2 == 0, 1.0, -1.0)
    weight[[0, -1]] /= 2
    part = np.where(here.any(1, keepdims=True), here, weight / np.where(here, 1.0, away))
    return part / part.sum(1, keepdims=True)


def _nodes(low: float, high: float) -> Array:
    """Chebyshev's points of the second kind between two ends; (node,)."""
    return (low + high) / 2 - (high - low) / 2 * np.cos(np.pi * np.arange(GRID) / (GRID - 1))


@lru_cache(maxsize=32)
def _leans(people: int) -> Array:
    """The root at every pair of nodes, of probability and of how much is shared; (node, node)."""
    wanted, alike = np.meshgrid(
        ndtr(_nodes(float(ndtri(LEAST)), float(ndtri(1 - LEAST)))), np.sin(_nodes(0.0, np.pi / 2)) ** 2, indexing="ij"
    )
    found = np.empty(wanted.shape)
    for apart in (True, False):
        rows = (alike <= 0.5) == apart
        found[rows] = _lean(wanted[rows], alike[rows], people, apart=apart)
    return found


def _lean(wanted: Array, alike: Array, people: int, *, apart: bool) -> Array:
    """The root for draws that share at most half of their noise (`apart`), or more; (run,)."""
    z, weight = 8 * NODES, 8 * WEIGHTS * np.exp(-((8 * NODES) ** 2) / 2) / np.sqrt(2 * np.pi)
    common, own = np.sqrt(alike)[:, None], np.sqrt(1 - alike)[:, None]
    most_reluctant = people * ndtr(z) ** (people - 1) * weight
    low, high = ndtri(wanted), ndtri(1 - (1 - wanted) / people)  # were all one person; were no two ever alike
    lean = (low + high) / 2
    for _ in range(STEPS):
        at = (lean[:, None] + common * z) / own if apart else (lean[:, None] - own * z) / common
        below = ndtr(at)
        density = np.exp(-(at**2) / 2) / np.sqrt(2 * np.pi)
        if apart:
            others = below ** (people - 1)
            yes, slope = (others * below) @ weight, (people * others * density / own) @ weight
        else:
            yes, slope = below @ most_reluctant, (density / common) @ most_reluctant
        low, high = np.where(yes < wanted, lean, low), np.where(yes < wanted, high, lean)
        newton = lean + (wanted - yes) / np.maximum(slope, 1e-300)
        step = np.where((newton > low) & (newton < high), newton, (low + high) / 2)
        if np.max(np.abs(step - lean), initial=0.0) < 1e-9:  # then the step after it is below 1e-12
            return step
        lean = step
    return lean
