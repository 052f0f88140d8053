"""`contingent ask` and `contingent record`: whom to ask for troops, and what a contributor has done before."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contingent.cli.load import at_least, known
from contingent.cli.output import Flags
from contingent.errors import InputError

if TYPE_CHECKING:
    from contingent.precedents.cases import Query

KINDS = (
    "any uniformed contribution of ten people or more counts; limited: of those who agree, how many to support, ships, "
    "training or a token; asks for money or bases alone are not on record"
)
PAID = {
    "assessed": "assessed contributions pay",
    "voluntary": "a voluntary fund pays",
    "own": "contributors pay themselves",
}


def ask(
    scenario: str,
    /,
    *,
    host: str,
    lead: str | None = None,
    organisation: str | None = None,
    party: tuple[str, ...] = (),
    data: Path | None = None,
    option: str | None = None,
    top: int = 25,
    flags: Flags = Flags(),
) -> int:
    """List the states likeliest to contribute: in play, would agree, contributes, with those SCENARIO counts on marked.

    Args:
        scenario: a shipped name or a folder.
        host: where the force goes, by name or three-letter code, such as HTI.
        lead: the state that leads it; if not given, the United States where the scenario says they lead or ask.
        organisation: that sends it, such as nato, eu, au, ecowas, sadc; none if states gather by themselves.
        party: a state that is a party to the conflict, and is not listed; may be given several times.
        data: for a UN mission: who serves in such missions lately, as a publisher's file has it (see `data`: the
            United Nations' contributors, IPI, Geo-PKO).
        option: whose shortfall and terms count; if not given, the scenario as described.
        top: states listed.
        flags: how to report.
    """
    from contingent.force.coalition import force
    from contingent.force.service import read_service
    from contingent.force.states import state
    from contingent.force.whom_to_ask import whom_to_ask
    from contingent.scenario.read import read

    whole = read(scenario)
    known("option", option, whole.options)
    at_least(1, top=top)
    service = read_service(data) if data else None
    parties = tuple(state(code, "--party").iso3 for code in party)
    usual = "USA" if whole.reference_class.us_request_or_lead and "un" not in whole.mandate.likes else None
    what = force(host, lead or usual, organisation, whole.as_of)
    found = whom_to_ask(whole, option, what, service, parties=parties)
    flags.answer(found, asked_text(found, top))
    return 0


def asked_text(found: dict[str, Any], top: int) -> str:
    """The same for people."""
    few = ((w["unit"].replace("_", " "), w["critical"], w["short"]) for w in found["wanted_most"][:3])
    wanted = ", ".join(
        f"{unit} ({below or short:+,.0f} below {'the minimum' if below else 'what is wanted'})"
        for unit, below, short in few
    )
    small, middle, large = found["size_if_it_comes"]
    lines = [
        f"At most {found['missing']:,} people are missing in a phase; one more unit helps most of: {wanted or 'none'}",
        f"A contingent that comes has {middle:,} people ({small:,} to {large:,} in eight of ten cases); sizes do not "
        "follow from the sender",
        f"  {'state':26} {'in play':>8} {'would agree':>12} {'limited':>8} {'contributes':>22} {'useful people':>14}"
        "   in this case",
    ]
    for row in found["states"][:top]:
        chance = f"{row['contributes']:.0%} ({row['low']:.0%} to {row['high']:.0%})"
        lines.append(
            f"  {row['state']:26} {row['in_play']:>8.0%} {row['agrees']:>12.0%} {row['limited']:>8.0%} {chance:>22} "
            f"{row['useful_persons']:>14,}   {row['standing']}"
        )
    if found["no_states"]:
        lines.append(f"  not listed, for they are no states and records hold states: {', '.join(found['no_states'])}")
    lines += [
        "  contributes = in play x would agree if asked (past decisions; the state's own codes by one rule)",
        f"  in play: {found['rests_on']}", *([f"  service: {found['service']}"] * bool(found["service"])), f"  {KINDS}",
    ]  # fmt: skip
    for payer, (middle, low, high) in found["kept"].items():
        lines.append(f"pledges kept where {PAID[payer]}: {middle:.0%} ({low:.0%} to {high:.0%})")
    return "\n".join(lines)


def record(
    contributor: str,
    /,
    *,
    people: float | None = None,
    missions: float | None = None,
    scenario: str | None = None,
    option: str | None = None,
    host: str | None = None,
    data: Path | None = None,
    flags: Flags = Flags(),
) -> int:
    """Show CONTRIBUTOR's service in UN missions, its past decisions to join or not, and whether it would agree now.

    Args:
        contributor: a state by its name or three-letter code, such as KEN.
        people: claimed to have served; what the record can confirm of it is told.
        missions: claimed to have been served in.
        scenario: would it agree to this case's force, with what was known on its date; if not given, to a UN mission
            and to another force of which no more is known, by all decisions on record.
        option: of that scenario.
        host: where that force goes, such as HTI; needed for another state than the scenario's own.
        data: a publisher's file of who serves in UN missions (see `data`), for what the shipped record, which ends in
            March 2014, does not know.
        flags: how to report.
    """
    from contingent.force.states import state
    from contingent.force.un_records import PANEL, check, records
    from contingent.force.un_records import people as sent
    from contingent.precedents.cases import known as known_until
    from contingent.precedents.cases import shipped_cases
    from contingent.precedents.forecast import forecast

    code = state(contributor, "CONTRIBUTOR").iso3
    if any(number is not None and number < 0 for number in (people, missions)):
        raise InputError("--people and --missions: 0 or more")
    until, questions = _questions(code, scenario, option, host)
    held = records().get(code)
    found = [asdict(f) for f in check(code, people or 0.0, missions or 0.0)]
    asked = {"people": people is not None, "missions": missions is not None}
    found = [finding for finding in found if asked.get(finding["what"], True)]
    decisions = [
        {"when": case.month, "operation": case.operation, "outcome": case.outcome, "arrived": case.deployed,
         "conditions": case.conditions, "source": case.source_url or case.source_kind}
        for case in sorted(known_until(shipped_cases(), until), key=lambda case: case.month) if case.query.iso3 == code
    ]  # fmt: skip
    agrees = {}
    for name, query in questions.items():
        f = forecast(query, until)
        agrees[name] = {
            "best": f.probability, "low": f.low, "high": f.high, "limited": f.limited, "decisions_known": f.n,
            "kinds": {kind.label: {"joined": kind.joined, "of": kind.n} for kind in f.kinds},
        }  # fmt: skip
    told = {
        "contributor": code, **(asdict(held) if held else {}), "people": round(sent(code)), "findings": found,
        "in_file": _in_file(data, code, until), "source": PANEL, "decisions": decisions, "would_agree": agrees,
    }  # fmt: skip
    flags.answer(told, record_text(told, served=held is not None))
    return 0


def _in_file(data: Path | None, code: str, until: date) -> dict[str, Any] | None:
    """What a publisher's file holds of a state until a day."""
    from contingent.force.service import read_service

    if data is None:
        return None
    return read_service(data).before(f"{until:%Y-%m}").of(code)


def _questions(code: str, scenario: str | None, option: str | None, host: str | None) -> tuple[date, dict[str, Query]]:
    """The day until which decisions are known, and what a state might be asked, by name."""
    from contingent.force.coalition import generic
    from contingent.force.states import state, states
    from contingent.force.whom_to_ask import question
    from contingent.scenario.read import read

    if scenario is None:
        if option or host:
            raise InputError("--option and --host go with --scenario CASE")
        names = {"a UN mission": True, "another force": False}
        return date.max, {name: generic(code, un_led=led) for name, led in names.items()}
    whole = read(scenario)
    known("option", option, whole.options)
    if host is None and code != whole.alike.country:
        raise InputError(
            f"{code} is not the state that {scenario} is about: say where its force goes, such as --host HTI"
        )
    at = state(host, "--host") if host else next(iter(states().values()))  # the case's own state needs no host
    chosen = whole.under(option) if option else whole
    return whole.as_of, {f"{scenario}, {option or 'as described'}": question(chosen, code, at)}


def record_text(told: dict[str, Any], *, served: bool) -> str:
    """The same for people."""
    code = told["contributor"]
    lines = [f"{code}: none of its uniformed people are in the panel of UN missions"]
    if served:
        lines = [
            f"{code}: {told['person_months']:,} person-months in UN missions over {told['months']} months: "
            f"{told['troop_months']:,} of troops, {told['police_months']:,} of police, {told['expert_months']:,} of "
            "experts",
            f"  at most {told['peak']:,} people at once ({told['peak_month']}); {told['deaths']} of its people died, "
            "1948 to 2015",
            f"  about {told['people']:,} people if each stayed twelve months; {told['missions']} missions seen in 2009 "
            "to 2014",
        ]
    lines += [
        f"  {f['what']}: {f['claimed']:,.0f} against {f['found']:,.0f}, {f['verdict']} - {f['why']}"
        for f in told["findings"]
    ]
    lines.append(f"  source: {told['source']}; deaths by contingent: United Nations")
    if there := told["in_file"]:
        most = (
            f"at most {there['peak']:,} people at once ({there['peak_when']})"
            if there["peak"]
            else "none of its people"
        )
        months = there["person_months"]
        lines += [
            f"In {there['source']}, {there['from']} to {there['until']}: {most}"
            + (f"; {months:,} person-months" if months else "")
            + (f"; in {', '.join(there['missions'])}" if there["missions"] else ""),
            f"  it cannot tell: {there['lacks']}",
        ]
    lines.append(f"Past decisions on record: {len(told['decisions']) or 'none'}")
    for made in told["decisions"]:
        arrived = "" if made["arrived"] or not made["outcome"].startswith("joined") else ", nothing arrived"
        terms = f"; {made['conditions']}" if made["conditions"] else ""
        lines.append(f"  {made['when']}  {made['operation']}: {made['outcome'].replace('_', ' ')}{arrived}{terms}")
    lines.append("Would it agree if asked, by the record of past decisions (not: would it be asked, see `ask`)")
    kinds = ""
    for name, p in told["would_agree"].items():
        lines.append(
            f"  {name}: {p['best']:.0%} ({p['low']:.0%} to {p['high']:.0%}), from {p['decisions_known']} decisions of "
            f"all states; {p['limited']:.0%} of a yes to a limited part"
        )
        kinds = ", ".join(f"{kind} {n['joined']} of {n['of']}" for kind, n in p["kinds"].items())
    lines.append(
        f"  kinds asked for and agreed to, by all states: {kinds}; asks for money or bases alone are not on record"
    )
    return "\n".join(lines)


def data(file: Path, /, *, state: str = "", save: Path | None = None, flags: Flags = Flags()) -> int:
    """Say what FILE is, as its publisher offers it (IPI, United Nations, Geo-PKO, SIPRI, HDX), and check its cells.

    Args:
        file: .csv, .xlsx or .ods, as downloaded.
        state: whose rows they are, where only the file's name says so.
        save: also write it here as .csv, with days, numbers and states in one form.
        flags: how to report.
    """
    from contingent.atomic import atomic_write
    from contingent.scoring.tables import published

    found, rows = published(file, state)
    span = f" from {found['from']} until {found['until']}" if found["from"] else ""
    lines = [
        f"{found['publisher']}: {found['what']}",
        f"  {found['rows']:,} rows{span}, headings in row {found['headings_in_row']} of `{found['sheet']}`"
        + (f"; {found['sums_left_out']} rows are sums, and are left out" if found["sums_left_out"] else ""),
    ]
    if "iso3" in rows:
        strange = f"; no states: {', '.join(found['no_states'])}" if found["no_states"] else ""
        lines.append(f"  {found['states']} states by their codes (iso3){strange}")
    if save is not None:
        with atomic_write(save) as scratch:
            rows.to_csv(scratch, index=False)
        lines.append(f"  written to {save}")
    flags.answer(found | {"written": str(save) if save else None}, *lines)
    return 0
