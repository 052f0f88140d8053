"""`contingent ask`: whom to ask next, how likely each state is to come, and how fast a force fills."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from contingent.cli.flags import Flags

if TYPE_CHECKING:
    from contingent.scenario.model import Scenario

CHECKED = "chances are those of a UN mission, as scored by `contingent backtest contributors`; a coalition's may differ"
PAID = {
    "assessed": "assessed contributions pay",
    "voluntary": "a voluntary fund pays",
    "own": "contributors pay themselves",
}


def ask(
    scenario: str,
    /,
    *,
    data: Path,
    host: str,
    option: str | None = None,
    top: int = 25,
    contested: Annotated[bool, Parameter(negative="")] = False,
    flags: Flags = Flags(),
) -> int:
    """List the states likeliest to send a formed contingent, with those SCENARIO already counts on marked.

    Args:
        scenario: a shipped name or a folder.
        data: folder with contributors_task.csv, geopko_v23_tccmap_year.csv, ipi_countries_groups.csv and, for the
            months a force takes to fill, derived_fillup_since_mandate.csv.
        host: where the force goes, as a three-letter code such as PSE.
        option: whose shortfall counts; if not given, the scenario as described.
        top: states listed.
        contested: fighting goes on, or a party objects to who comes; slower missions then count more.
        flags: how to report.
    """
    from contingent.cli import speak
    from contingent.errors import InputError
    from contingent.scenario.read import read

    whole = read(scenario)
    if option is not None and option not in whole.options:
        raise InputError(f"--option {option}: there are {', '.join(whole.options)}")
    if top < 1:
        raise InputError(f"--top {top}: at least 1")
    found = asked(whole, option, data, host.upper(), contested=contested)
    if flags.json:
        speak.data(found)
    else:
        speak.text(asked_text(found, top))
    return 0


def asked(whole: Scenario, option: str | None, data: Path, host: str, *, contested: bool) -> dict[str, Any]:
    """The answer as plain values, every state, the most useful first."""
    import numpy as np

    from contingent.cli.standing import standing
    from contingent.countries import OWN_NAMES
    from contingent.errors import DataError
    from contingent.force import plan
    from contingent.force.analysis import Analysis
    from contingent.force.backtest import PLAIN, table
    from contingent.force.candidates import MAPS, STATES, features, scaled
    from contingent.force.conversion import PAYERS, rate
    from contingent.force.fill_up import MONTHS, months_to
    from contingent.force.propensity import CLOSED, FEW, LABELS, fit, rows

    scenario = whole.under(option) if option else whole
    panel, _ = table(data, "contributors_task.csv", (*LABELS, *PLAIN))
    maps, _ = table(data, "geopko_v23_tccmap_year.csv", MAPS)
    states, _ = table(data, "ipi_countries_groups.csv", STATES)
    now = scenario.as_of.year * 12 + scenario.as_of.month - 1
    panel = rows(panel, panel["t0"].to_numpy(int) <= now - CLOSED)  # what had not happened by then teaches nothing
    taught = rows(panel, ~panel["m"].isin(FEW).to_numpy())
    if not len(taught):
        raise DataError(f"no mission of the record was closed by {scenario.as_of}")
    year = min(int(maps["year"].to_numpy(int).max()), scenario.as_of.year - 1)
    closing = int(panel["t0"].to_numpy(int).max()) // 12 - 1  # the last whole year before the panel's last mission
    then = features(panel, maps, states, host, closing)
    here = scaled(features(panel, maps, states, host, year), then, panel)
    here = rows(here, here["host_self"].to_numpy() == 0)
    model = fit(taught.drop(columns="m"))
    known = here.drop(columns="iso3")
    chance, (low, high) = model.probability(known), model.interval(known)
    missing = plan(scenario).shortfall.sum(["unit_type", "sector", "task"]).max()
    useful = float(np.minimum(model.sizes, float(missing)).mean())
    more = Analysis(scenario).one_more()
    past, _ = table(data, "derived_fillup_since_mandate.csv", ("mission", "mandate", *(f"m{m}" for m in MONTHS)))
    mandates = past["mandate"].astype(str).str[:7].tolist()
    past = rows(past, np.array([int(m[:4]) * 12 + int(m[5:7]) - 1 <= now - CLOSED for m in mandates]))
    taken = {share: months_to(past, share, np.array([float(contested), 0.0])) for share in (0.5, 0.9)}
    names, codes = here["c"].tolist(), here["iso3"].astype(str).tolist()
    return {
        "served_until": year,
        "missing": round(float(missing)),
        "wanted_most": [{"unit": c.what, "critical": round(c.critical, 1), "short": round(c.short, 1)}
                        for c in more if c.felt],
        "size_if_it_comes": [round(float(q)) for q in np.quantile(model.sizes, [0.1, 0.5, 0.9])],
        "states": [
            {
                "state": OWN_NAMES.get(codes[i], names[i]), "code": codes[i], "chance": round(float(chance[i]), 3),
                "low": round(float(low[i]), 3), "high": round(float(high[i]), 3),
                "useful_persons": round(float(chance[i]) * useful), "standing": standing(scenario, codes[i], whole),
            }
            for i in np.argsort(-chance, kind="stable")
        ],
        "kept": {
            payer: [round(value, 2) for value in (rate(payer).mean, *rate(payer).interval())] for payer in PAYERS
        },
        "months_to": {f"{share:.0%}": [_month(taken[share].quantile(q)) for q in (0.1, 0.5, 0.9)] for share in taken},
    }  # fmt: skip


def _month(value: float) -> float | None:
    """Months to one decimal; None for never within the record."""
    from math import isfinite

    return round(value, 1) if isfinite(value) else None


def asked_text(found: dict[str, Any], top: int) -> str:
    """The same for people."""
    wanted = ", ".join(
        f"{w['unit'].replace('_', ' ')} ({w['critical']:+,.0f} below the minimum)"
        if w["critical"]
        else f"{w['unit'].replace('_', ' ')} ({w['short']:+,.0f} below what is wanted)"
        for w in found["wanted_most"][:3]
    )
    small, middle, large = found["size_if_it_comes"]
    lines = [
        f"At most {found['missing']:,} people are missing in a phase; one more unit helps most of: {wanted or 'none'}",
        f"A contingent that comes has {middle:,} people ({small:,} to {large:,} in eight of ten cases); sizes do not "
        "follow from the sender",
        f"  {'state':26} {'sends a formed unit in 24 months':>33} {'useful people':>14}   in this case",
    ]
    for row in found["states"][:top]:
        chance = f"{row['chance']:.0%} ({row['low']:.0%} to {row['high']:.0%})"
        lines.append(f"  {row['state']:26} {chance:>33} {row['useful_persons']:>14,}   {row['standing']}")
    lines.append(f"  service in UN missions as of {found['served_until']}; {CHECKED}")
    for payer, (middle, low, high) in found["kept"].items():
        lines.append(f"pledges kept where {PAID[payer]}: {middle:.0%} ({low:.0%} to {high:.0%})")
    for share, months in found["months_to"].items():
        fast, usual, slow = ("not within 24" if month is None else f"{month:g}" for month in months)
        lines.append(f"{share} of the authorized strength, months after the mandate: {usual} ({fast} to {slow})")
    return "\n".join(lines)
