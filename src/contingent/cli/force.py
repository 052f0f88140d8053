"""`contingent force`: who brings what, where and when, and what is still missing."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from contingent.cli.flags import SEED, Flags


def force(
    scenario: str,
    /,
    *,
    option: str | None = None,
    why: Annotated[bool, Parameter(negative="")] = False,
    withdrawals: int | None = None,
    realize: int | None = None,
    html: Path | None = None,
    propose: Annotated[bool, Parameter(negative="")] = False,
    gap: float | None = None,
    seconds: float = 120.0,
    seed: int = SEED,
    flags: Flags = Flags(),
) -> int:
    """Plan the force of SCENARIO under its options.

    Args:
        scenario: a shipped name or a folder.
        option: one option; if not given, the scenario as described and then every option.
        why: with one --option, also which requirements conflict, what would help most and whom it cannot lose.
        withdrawals: with one --option, also the plan that loses least when any so many contributors stay at home.
        realize: with one --option, also what is covered in so many realized supplies, as planned and re-planned.
        html: with one --option, also a page of figures: arrivals, shortfall, cost by payer, caveats, who serves what.
        propose: instead of a plan, requirements proposed from tasks, sectors and inhabitants, as a file to edit.
        gap: relative distance to the proven bound that is good enough.
        seconds: time after which the best plan found so far is taken.
        seed: of the runs behind the arrival curve.
        flags: how to report.
    """
    from contingent.cli import output
    from contingent.errors import InputError

    if gap is not None and not 0 < gap < 1:
        raise InputError(f"--gap {gap:g}: a share above 0 and below 1, such as 0.01")
    beside = {
        "why": why, "withdrawals": withdrawals is not None, "realize": realize is not None, "html": html is not None,
    }  # fmt: skip
    if option is None and any(beside.values()):
        raise InputError(f"--{next(name for name in beside if beside[name])}: name one --option to ask this of")
    if realize is not None and realize < 1:
        raise InputError(f"--realize {realize}: at least 1 realized supply")
    if html is not None and not html.parent.is_dir():
        raise InputError(f"--html {html}: there is no folder {html.parent}")
    from contingent.cli.force_tables import plan_record, plan_text
    from contingent.force import plan
    from contingent.scenario.read import read

    whole = read(scenario)
    if option is not None and option not in whole.options:
        raise InputError(f"--option {option}: there are {', '.join(whole.options)}")
    if propose:
        from contingent.cli.force_tables import proposals
        from contingent.force.propose import propose as proposed

        rows = proposals(proposed(whole.under(option) if option else whole))
        output.answer(rows, "requirements:\n" + "\n".join(f"  - {row}" for row in rows), flags)
        return 0
    from contingent.cli import force_reasons as tell

    tight = gap or 1e-4
    asked = (
        {option: whole.under(option)} if option else {"": whole, **{name: whole.under(name) for name in whole.options}}
    )
    records = {}
    for name, under in asked.items():
        found = plan(under, gap=tight, seconds=seconds)
        records[name] = plan_record(under, found)
        if not flags.json:
            title = f"{name}: {whole.options[name].label}" if name else "as described, under no option"
            output.print_result(f"{title}\n{plan_text(under, found)}\n")
        records[name] |= asides(under, found, flags, why=why, withdrawals=withdrawals, seconds=seconds)
        if realize is not None:
            records[name] |= tell.realized(under, found, seed, realize)
            if not flags.json:
                output.print_result(tell.realized_text(under, records[name]["realized"]))
        if html is not None:
            draw_page(html, whole.options[name].label, under, found, seed, records[name] if why else {})
            output.log(f"wrote {html}", flags)
    if flags.json:
        output.emit_json(records[option] if option else {**records.pop(""), "options": records})
    return 0


def draw_page(file: Path, label: str, under, found, seed: int, reasons: dict) -> None:
    """Write the page of one option's plan."""
    from contingent.atomic import atomic_write
    from contingent.brief.force_plan import plan_page
    from contingent.brief.force_plan_figures import RUNS
    from contingent.ensemble.design import Design
    from contingent.force import deploy

    deployment = deploy(found, under, Design(seed=seed, runs=RUNS))
    drawn = plan_page(under, found, deployment, label, reasons).render("html")
    with atomic_write(file) as scratch:
        scratch.write_bytes(drawn)


def asides(under, found, flags: Flags, *, why: bool, withdrawals: int | None, seconds: float) -> dict:
    """What was asked beside one option's plan: told at once, and as plain values."""
    from contingent.cli import force_reasons as tell
    from contingent.cli import output

    record: dict = {}
    if why:
        record |= tell.reasons(under, found)
        if not flags.json:
            output.print_result(tell.reasons_text(under, record) + "\n")
    if withdrawals is not None:
        from contingent.force.build_instance import build_instance
        from contingent.force.plan import to_plan
        from contingent.force.robust import robust

        instance = build_instance(under)
        safe = robust(instance, withdrawals, seconds=seconds)
        record["robust"] = tell.robust_record(safe)
        if not flags.json:
            output.print_result(tell.robust_text(under, safe, found, to_plan(under, instance, safe.solution)))
    return record
