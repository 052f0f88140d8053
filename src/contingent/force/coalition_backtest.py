"""How well is it forecast who contributes to a force outside the UN? `contingent backtest coalitions`.

Leave-one-force-out validation. `--data` is a folder as `coalition_table` reads it. Left out are lead states, rows of
uncertain outcome, forces that took over from another of the same states, and forces whose contributors by state were
not found. A state is *asked* where the table says that it came, sent a few, offered, refused, was noted to stay away or
was kept out by the host.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from contingent.errors import InputError
from contingent.force.backtest import auc, calibration, resampled
from contingent.force.coalition import shipped
from contingent.force.coalition_table import (
    Forces,
    agreement,
    from_facts,
    from_table,
    heard_of,
    learn,
    read_forces,
    scored,
)
from contingent.force.propensity import rows
from contingent.scoring import Score, Scorecard, backtest_task, brier, cluster_bootstrap, log_score

Design = Callable[[Forces], pd.DataFrame]


def left_out(
    forces: Forces, design: Design, agrees: NDArray[np.float64], *, group: str = "force"
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """P(contributes), P(in play) and the base rate of every row, each from forces left out; (row,), nan where none.

    Args:
        forces: only rows that are `scored`.
        design: where features come from.
        agrees: the record's P(agrees | asked).
        group: `force`; `sender`, all forces of an organisation, or all of lead states, at once; `later`, each force
            from those that had started before it, once there are four.
    """
    x = design(forces)
    names, came = forces.column("force"), forces.column("y") == 1
    start = forces.column("start").astype(str)
    sender = np.array([org if isinstance(org, str) else "a lead state" for org in forces.column("org")])
    in_play, base = np.full(len(names), np.nan), np.full(len(names), np.nan)
    for name in dict.fromkeys(names):
        here = names == name
        past = {
            "force": ~here, "sender": sender != sender[here][0], "later": start < start[here][0],
        }[group]  # fmt: skip
        if len(set(names[past])) < 4:
            continue
        model = learn(rows(x, past), forces.keep(past))
        in_play[here], base[here] = model.probability(rows(x, here)), came[past].mean()
    return in_play * agrees, in_play, base


def predict(data: Path, file: Path) -> pd.DataFrame:
    """Every state of the forces in a file without answers, from the labelled forces of a folder, never from itself.

    Columns force, iso3, in_play, agrees, contributes; a row of a lead state is certain and left empty.

    Raises:
        DataError: a table does not have its layout.
    """
    taught = read_forces(data)
    taught = taught.keep(scored(taught))
    asked = read_forces(file, about=taught.about)
    x, mine, names = from_table(asked), taught.column("force"), asked.column("force")
    agrees = agreement(asked, np.zeros(len(names), bool))
    in_play = np.full(len(names), np.nan)
    for known in {*mine} & {*names} | {""}:
        others = taught.keep(mine != known)
        here = (names == known) if known else ~np.isin(names, mine)
        if here.any():
            in_play[here] = learn(from_table(others), others).probability(rows(x, here))
    leads = asked.column("is_lead") == 1
    said = {"in_play": in_play, "agrees": agrees, "contributes": in_play * agrees}
    columns = {name: np.where(leads, np.nan, values) for name, values in said.items()}
    return pd.DataFrame({"force": names, "iso3": asked.column("iso3"), **columns})


@backtest_task(data="coalitions", predict=predict)
def coalitions(data: Path, fit: str = "") -> Scorecard:
    """The record of the task `coalitions`; `fit="shipped"` scores what ships as it is, on whatever forces are there.

    Raises:
        DataError: the tables do not have the layout above.
        InputError: another way to fit.
    """
    if fit not in ("", "folds", "shipped"):
        raise InputError(
            f"--fit {fit}: the task coalitions takes `folds` (each force left out in turn; its own way) or `shipped`"
        )
    forces = read_forces(data)
    forces = forces.keep(scored(forces))
    came, name = (forces.column("y") == 1).astype(int), forces.column("force")
    everywhere, by_lead = np.ones(len(came), bool), forces.rows["org"].isna().to_numpy()
    asked, agrees = heard_of(forces), agreement(forces, np.zeros(len(came), bool))
    scores: dict[str, Score] = {}
    baselines: dict[str, dict[str, Score]] = {"base rate": {}}

    def report(suffix: str, p: NDArray, usual: NDArray, keep: NDArray[np.bool_]) -> None:
        keep = keep & ~np.isnan(p)
        for into, said in ((scores, p), (baselines["base rate"], usual)):
            for rule, kind in ((log_score, "log_score"), (brier, "brier")):
                into[kind + suffix] = cluster_bootstrap(rule(said[keep], came[keep]), name[keep])
        scores[f"auc{suffix}"] = resampled(auc, p[keep], came[keep], name[keep])
        baselines["base rate"][f"auc{suffix}"] = Score(0.5, 0.5, 0.5)

    def beside(what: str, p: NDArray) -> None:
        baselines[what] = {
            "auc": resampled(auc, p, came, name),
            "log_score": cluster_bootstrap(log_score(p, came), name),
        }

    ours, in_play, base = left_out(forces, from_table, agrees)
    if fit == "shipped":
        in_play = shipped().model.probability(from_facts(forces))
        ours = in_play * agrees
    else:
        beside("shipped facts alone", left_out(forces, from_facts, agrees)[0])
        beside("membership and distance alone", left_out(forces, _near_and_member, agrees)[0])
    report("", ours, base, everywhere)
    scores["calibration_error"] = resampled(calibration, ours, came, name)
    report("_lead_state", ours, base, by_lead)
    for group in () if fit == "shipped" else ("sender", "later"):
        p, _, usual = left_out(forces, from_table, agrees, group=group)
        report(f"_{group}", p, usual, everywhere)
    usual = np.array([came[asked & (name != n)].mean() for n in name])
    report("_asked", agreement(forces, asked), usual, asked)
    scores["auc_asked_in_play"] = resampled(auc, in_play[asked], came[asked], name[asked])
    return Scorecard(
        task="coalitions",
        data_sha256=forces.sha256,
        cutoff="the coefficients that ship, taught on the forces of their own table"
        if fit == "shipped"
        else "each force from all others; _sender: from forces of other senders; _later: from forces before it",
        n=len(came),
        scores=scores,
        baselines=baselines,
        notes=(
            "silence counts as no, which flatters; _asked is P(agrees | asked) over the states that came or spoke",
            "kinds of contribution are not told apart by this table",
            *by_force(name, ours, base, came),
        ),
    )


def _near_and_member(forces: Forces) -> pd.DataFrame:
    return from_table(forces).filter(items=["member", "outsider", "distance"])


def by_force(name: NDArray, ours: NDArray, base: NDArray, came: NDArray) -> list[str]:
    """A line a force: how well its contributors were forecast."""
    lines = []
    for one in dict.fromkeys(name):
        here = name == one
        ranked = auc(ours[here], came[here])
        lines.append(
            f"{one}: {came[here].sum()} came, {ours[here].sum():.1f} forecast; auc {ranked:.3f}, log score "
            f"{log_score(ours[here], came[here]).mean():.3f} (base {log_score(base[here], came[here]).mean():.3f})"
        )
    return lines
