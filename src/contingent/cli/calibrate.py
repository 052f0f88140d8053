"""`contingent calibrate`: which of the mission's numbers the data inform, and what they say."""

from __future__ import annotations

from pathlib import Path

from contingent.cli.flags import Flags


def calibrate(scenario: str, /, *, data: Path, check: int = 0, flags: Flags = Flags()) -> int:
    """Say of every parameter of SCENARIO's mission its prior, its citation, and its posterior or the word judgement.

    Args:
        scenario: a shipped name or a folder.
        data: the folder with the data, flat or by folder: daily deaths, relapses, hostile deaths of UN missions;
            nothing after the scenario's date is read from them.
        check: also run this many rounds of simulation-based calibration for each posterior (1,000 say enough).
        flags: how to report.
    """
    from contingent.cli import output
    from contingent.errors import InputError
    from contingent.mission.calibration.learn import learn, questions, rows, to_text
    from contingent.mission.calibration.posterior import rank_histograms
    from contingent.scenario.read import read

    base = read(scenario)
    if not data.is_dir():
        raise InputError(f"--data {data}: there is no such folder")
    if check < 0:
        raise InputError(f"--check {check}: at least 0")
    table = rows(base, learn(base, data))
    found = {"scenario": base.name, "as_of": str(base.as_of), "parameters": table}
    lines = [to_text(table)]
    if check:
        ranks = {name: rank_histograms(question, check) for name, (question, _) in questions(base, data).items()}
        found["ranks"] = {
            name: {number: {"counts": r.counts.tolist(), "p": r.p} for number, r in rows_.items()}
            for name, rows_ in ranks.items()
        }
        lines += ["", "ranks of the truth among posterior draws, by tenths; p: chance of a histogram as uneven"]
        lines += [
            f"{name:70}{number:22}p {r.p:.3f}  {' '.join(str(count) for count in r.counts)}"
            for name, rows_ in ranks.items()
            for number, r in rows_.items()
        ]
    if flags.json:
        output.emit_json(found)
    else:
        output.print_result("\n".join(lines))
    return 0
