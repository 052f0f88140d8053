"""`contingent ask` and `contingent record`: whom to ask for troops, and what a contributor has sent before."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from contingent.cli.flags import Flags

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
    from contingent.cli import output
    from contingent.errors import InputError
    from contingent.force.backtest import read_records
    from contingent.force.candidates import whom_to_ask
    from contingent.scenario.read import read

    whole = read(scenario)
    if option is not None and option not in whole.options:
        raise InputError(f"--option {option}: there are {', '.join(whole.options)}")
    if top < 1:
        raise InputError(f"--top {top}: at least 1")
    found = whom_to_ask(whole, option, read_records(data), host.upper(), contested=contested)
    output.answer(found, asked_text(found, top), flags)
    return 0


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


def record(
    contributor: str,
    /,
    *,
    people: float | None = None,
    missions: float | None = None,
    flags: Flags = Flags(),
) -> int:
    """Show what the record holds of CONTRIBUTOR's service in UN missions, and what of a claim it can confirm.

    Args:
        contributor: a three-letter code such as PAK.
        people: claimed to have served.
        missions: claimed to have been served in.
        flags: how to report.
    """
    from contingent.cli import output
    from contingent.errors import InputError
    from contingent.force.un_records import PANEL, RECORDS, check
    from contingent.force.un_records import people as sent

    code = contributor.upper()
    if code not in RECORDS:
        raise InputError(f"{contributor}: no record is kept; there are {', '.join(sorted(RECORDS))}")
    if any(number is not None and number < 0 for number in (people, missions)):
        raise InputError("--people and --missions: 0 or more")
    held = RECORDS[code]
    found = [asdict(f) for f in check(code, people or 0.0, missions or 0.0)]
    asked = {"people": people is not None, "missions": missions is not None}
    found = [finding for finding in found if asked.get(finding["what"], True)]
    told = {"contributor": code, **asdict(held), "people": round(sent(code)), "findings": found, "source": PANEL}
    lines = [
        f"{code}: {held.person_months:,} person-months in UN missions, {held.troop_months:,} of them troops, over "
        f"{held.months} months",
        f"  at most {held.peak:,} people at once ({held.peak_month}); {held.deaths} of its people died, 1948 to 2015",
        f"  about {sent(code):,.0f} people if each stayed twelve months; {held.missions} missions seen in 2009 to 2014",
    ]
    lines += [
        f"  {f['what']}: {f['claimed']:,.0f} against {f['found']:,.0f}, {f['verdict']} - {f['why']}" for f in found
    ]
    lines.append(f"  source: {PANEL}; deaths by contingent: United Nations")
    output.answer(told, "\n".join(lines), flags)
    return 0
