"""`contingent record`: a contributor's service in UN missions, beside what is claimed of it."""

from __future__ import annotations

from contingent.cli.flags import Flags


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
    from dataclasses import asdict

    from contingent.cli import speak
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
    if flags.json:
        speak.data(
            {"contributor": code, **asdict(held), "people": round(sent(code)), "findings": found, "source": PANEL}
        )
        return 0
    lines = [
        f"{code}: {held.person_months:,} person-months in UN missions, {held.troop_months:,} of them troops, over "
        f"{held.months} months",
        f"  at most {held.peak:,} people at once ({held.peak_month}); {held.deaths} of its people died, 1948 to 2015",
        f"  about {sent(code):,.0f} people if each stayed twelve months; {held.missions} missions seen in 2009 to 2014",
    ]
    lines += [
        f"  {f['what']}: {f['claimed']:,.0f} against {f['found']:,.0f}, {f['verdict']} - {f['why']}" for f in found
    ]
    speak.text("\n".join([*lines, f"  source: {PANEL}; deaths by contingent: United Nations"]))
    return 0
