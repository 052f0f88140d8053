"""How are simulated histories told, to people and to other programs?

Means, quantiles, chances and fans, each with its Monte Carlo error, what hangs on the cease-fire by what becomes of it;
and export as NetCDF, CSV or Parquet.
"""

from collections.abc import Sequence
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from contingent.atomic import atomic_write
from contingent.errors import ExtraError, InputError
from contingent.labels import CONTRIBUTOR, RUN, SECTOR, WEEK
from contingent.mission.outputs import YES_OR_NO, Mission

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
COLUMNS = {"q50": "median", "q05": "5 %", "q95": "95 %", "mean": "mean"}
LEAST = 0.05  # share of runs from which on a branch is told by itself (a judgement)
KILLED = ("civilian_deaths", "outside_deaths", "own_deaths", "contributor_own_deaths")
BRANCHES = {"holds": "it holds to the end", "falls": "it falls at some time", "never": "none comes"}
STATES = ("ceasefire", "consent")  # weekly series that are 0 or 1 in every run: told as chances
CHANNELS = {
    "legal_basis": "legal basis", "use_of_force": "use of force", "protection": "guarding", "clearance": "clearing",
}  # fmt: skip
CHANCES = {
    "ceasefire_came": "a cease-fire comes", "ceasefire_fell": "the cease-fire falls at some time",
    "ceasefire_holds": "a cease-fire holds at the end", "contributor_withdrew": "{contributor} takes its people home",
    "contributors_left": "any contributor takes its people home",
}  # fmt: skip


def of_headline(headline: xr.Dataset) -> dict[str, dict[str, Any]]:
    """Mean, its standard error, and quantiles of every headline outcome; of yes or no, the chance and its error.

    Runs of a Latin hypercube vary less together than independent ones, so the error is an upper bound
    (Stein 1987, doi:10.1080/00401706.1987.10488205).
    """
    found: dict[str, dict[str, Any]] = {}
    for name, values in headline.items():
        numbers, row = values.to_numpy(), {"unit": values.attrs["units"]}
        if name in YES_OR_NO:
            row |= chance(numbers)
        else:
            row |= {"mean": float(numbers.mean()), "monte_carlo_error": _error(numbers), **quantiles(numbers, LEVELS)}
        found[str(name)] = row | ({"any": chance(numbers > 0)} if name == "contributors_left" else {})
    return found


def chance(happens: np.ndarray) -> dict[str, float | None]:
    """The share of runs in which something happens, with its Monte Carlo error."""
    return {"chance": float(happens.mean()), "monte_carlo_error": _error(happens.astype(np.float64))}


def quantiles(numbers: np.ndarray, levels: Sequence[float]) -> dict[str, float]:
    """`q05` and so on."""
    return {f"q{100 * at:02.0f}": float(q) for at, q in zip(levels, np.quantile(numbers, levels), strict=True)}


def _error(numbers: np.ndarray) -> float | None:
    return float(numbers.std(ddof=1) / np.sqrt(len(numbers))) if len(numbers) > 1 else None


def branches(came: np.ndarray, fell: np.ndarray) -> dict[str, np.ndarray]:
    """The runs in which a cease-fire holds once it is there, falls at some time, or never comes; (run) each.

    Those in at least `LEAST` of the runs, if there are two or more of them: else there is nothing to tell apart.
    """
    came, fell = came > 0, fell > 0
    every = {"holds": came & ~fell, "falls": came & fell, "never": ~came}
    often = {name: runs for name, runs in every.items() if runs.mean() >= LEAST}
    return often if len(often) > 1 else {}


def by_branch(headline: xr.Dataset) -> dict[str, dict[str, Any]]:
    """People killed, by what becomes of the cease-fire; empty where nothing hangs on one."""
    if "ceasefire_fell" not in headline:
        return {}
    fell = headline["ceasefire_fell"].to_numpy()
    split = branches(headline["ceasefire_came"].to_numpy() if "ceasefire_came" in headline else fell >= 0, fell)
    return {
        name: chance(runs) | {
            each: {"mean": float(values[runs].mean()), **quantiles(values[runs], (0.05, 0.5, 0.95))}
            for each in KILLED if each in headline and (values := headline[each].to_numpy()).any()
        }
        for name, runs in split.items()
    }  # fmt: skip


def means(results: xr.Dataset, labels: str) -> dict[str, dict[str, float]]:
    """The mean over the runs of every result, by label and name."""
    found = results.astype(np.float64).mean(RUN)
    return {
        str(label): {str(name): float(values.sel({labels: label})) for name, values in found.items()}
        for label in found[labels].to_numpy()
    }


def of_mission(mission: Mission, *, weekly: bool = True) -> dict[str, Any]:
    """Everything a reader asks about first, as plain values; `weekly` the series too."""
    found = {
        "headline": of_headline(mission.headline),
        "sectors": means(mission.sectors, SECTOR),
        "contributors": means(mission.contributors.drop_vars("withdrawal_week"), CONTRIBUTOR),
    }
    return found | ({"weekly": {str(name): by_week(mission, name) for name in mission.weekly}} if weekly else {})


def by_week(mission: Mission, name: Any) -> dict[str, Any]:
    """A weekly series with its unit: quantiles week by week, or of a state that holds or not its chance."""
    series = mission.weekly[name].transpose(RUN, WEEK)
    if name in STATES:
        told = {"chance": series.astype(np.float64).mean(RUN).to_numpy().tolist()}
    else:
        rows = np.quantile(series.to_numpy(), LEVELS, axis=0).tolist()
        told = {f"q{100 * level:02.0f}": row for level, row in zip(LEVELS, rows, strict=True)}
    return {"unit": series.attrs["units"]} | told


def to_text(found: dict[str, Any]) -> str:
    """The headline as a table for people; whose deaths are meant is said, as criteria mean the contributor's own."""
    own = "contributor_own_deaths"
    said = {"own_deaths": "deaths of the whole force", own: f"of them {found['contributor']}'s own"}

    def numbers(row: dict[str, Any]) -> str:
        return "".join(f"{row[key]:>12,.6g}" for key in COLUMNS)

    def error(row: dict[str, Any], times: float = 1) -> str:
        return "-" if row["monte_carlo_error"] is None else f"{times * row['monte_carlo_error']:.2g}"

    heads = "".join(f"{head:>12}" for head in COLUMNS.values())
    rows = [f"{'':28}{heads}  +- error   unit"]
    counted = [name for name in found["headline"] if name not in CHANCES]
    if {own, "own_deaths"} <= {*counted}:  # side by side
        counted.remove(own)
        counted.insert(counted.index("own_deaths") + 1, own)
    for name in counted:
        row = found["headline"][name]
        rows.append(f"{said.get(name, name):28}{numbers(row)}  {error(row):<9} {row['unit']}")
    likely = {name: row.get("any", row) for name, row in found["headline"].items() if name in CHANCES}
    if likely:
        rows += ["", f"{'chance that within these weeks':52}{'%':>8}  +- error"]
    for name, row in likely.items():
        what = CHANCES[name].format(contributor=found["contributor"])
        rows.append(f"{what:52}{100 * row['chance']:>8.1f}  {error(row, 100)}")
    if found.get("branches"):
        rows += ["", f"{'killed, by what becomes of the cease-fire':52}{heads}"]
    for branch, row in found.get("branches", {}).items():
        rows.append(f"{BRANCHES[branch]}, in {100 * row['chance']:.0f} % of runs")
        rows += [f"    {said.get(name, name):48}{numbers(row[name])}" for name in KILLED if name in row]
    if "split" in found:
        channels = list(next(iter(found["split"].values())))
        names = [name for name in channels if any(row[name] for row in found["split"].values())]
        rows += ["", f"mean difference from {found['against']}, and what it comes through"]
        rows.append(f"{'':28}{'all':>13}" + "".join(f"{CHANNELS.get(name, name):>13}" for name in names))
        for name, row in found["split"].items():
            parts = [sum(row.values()), *(row[key] for key in names)]
            rows.append(f"{said.get(name, name):28}" + "".join(f"{part:>13,.4g}" for part in parts))
        if idle := [str(CHANNELS.get(name, name)) for name in channels if name not in names]:
            rows.append(f"nothing of it comes through {', '.join(idle)}")
    if "sobol" in found:
        names = list(next(iter(found["sobol"].values())))
        says = "share of the variance that would remain if all but a group of numbers were known (total Sobol index)"
        rows += ["", says]
        rows.append(f"{'':28}" + "".join(f"{name.replace('equation', 'eq.'):>9}" for name in names))
        for name, row in found["sobol"].items():
            rows.append(f"{said.get(name, name):28}" + "".join(f"{row[key]['total']:>9.2f}" for key in names))
    world = f"the world {found['world']}" if found["world"] else "no world of the scenario's events, as the option is"
    world = f"in {world}" + (", both options alike" if "split" in found else "")
    first, last = (f"{day.day} {day:%B %Y}" for day in map(date.fromisoformat, (found["from"], found["until"])))
    title = f"{found['label']}: {found['runs']:,} runs, seed {found['seed']}; {found['weeks']} weeks, {first} to {last}"
    return "\n".join([title, world, *rows])


ENDINGS = (".nc", ".csv", ".parquet")


def check_export(path: Path) -> None:
    """Refuse a file that could not be written, before anything is computed.

    Raises:
        InputError: another ending, a file already there, or no such folder.
        ExtraError: Parquet without the library for it.
    """
    if path.suffix not in ENDINGS:
        raise InputError(f"--export {path}: end the name in one of {', '.join(ENDINGS)}")
    if path.exists():
        raise InputError(f"--export {path}: there is a file already; nothing was written over it")
    if not path.parent.is_dir():
        raise InputError(f"--export {path}: there is no folder {path.parent}")
    if path.suffix == ".parquet" and not (find_spec("fastparquet") or find_spec("pyarrow")):
        raise ExtraError(
            f"--export {path}: Parquet needs the extra `parquet`: pip install 'contingent[parquet]'; "
            "or write .csv or .nc"
        )


def write(mission: Mission, path: Path) -> None:
    """Write the histories: NetCDF holds all three tables; CSV and Parquet the weekly series, a row a run and week."""
    with atomic_write(path) as scratch:
        if path.suffix == ".nc":
            whole = mission.weekly
            for labels, each in ((SECTOR, mission.sectors), (CONTRIBUTOR, mission.contributors)):
                whole = whole.merge(each.rename({str(name): f"{labels}_{name}" for name in each}))
                whole[labels] = whole[labels].astype(str)
            whole.to_netcdf(scratch, engine="h5netcdf" if find_spec("h5netcdf") and find_spec("h5py") else "scipy")
            return
        frame = mission.weekly.to_dataframe().reset_index()
        if path.suffix == ".csv":
            frame.to_csv(scratch, index=False, float_format="%.7g")
        else:
            frame.to_parquet(scratch, index=False)
