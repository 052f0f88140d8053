"""`contingent sheet`: a scenario's requirements, pledges and caveats as a workbook, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from contingent.cli.flags import Flags


def sheet(
    direction: Literal["export", "import"],
    scenario: str,
    file: Path,
    /,
    *,
    hxl: Annotated[bool, Parameter(negative="")] = False,
    write: Annotated[bool, Parameter(negative="")] = False,
    flags: Flags = Flags(),
) -> int:
    """Export SCENARIO to FILE.xlsx, or import FILE.xlsx into the scenario's folder.

    An import says what would change and stops; with --write it changes the scenario's files.

    Args:
        direction: export or import.
        scenario: a shipped name or a folder; an import with --write needs a folder of your own.
        file: the workbook.
        hxl: put a row of HXL hashtags under the headings.
        write: carry the import out.
        flags: how to report.
    """
    from contingent.cli import output
    from contingent.errors import InputError
    from contingent.scenario.read import locate, read, shipped

    whole = read(scenario)
    if direction == "export":
        from contingent.scenario.workbook import write as export

        if file.suffix != ".xlsx":
            raise InputError(f"{file}: a workbook's name ends in .xlsx")
        if not file.parent.is_dir():
            raise InputError(f"{file}: there is no folder {file.parent}")
        export(whole, file, hxl=hxl)
        if flags.json:
            output.emit_json(
                {"written": file.name, "requirements": len(whole.requirements), "pledges": len(whole.pledges)}
            )
        else:
            output.log(f"wrote {file}: {len(whole.requirements)} requirements, {len(whole.pledges)} pledges", flags)
        return 0

    from contingent.scenario.workbook_import import read_workbook

    if not file.is_file():
        raise InputError(f"{file}: there is no such file")
    reading = read_workbook(whole, file)
    folder = locate(scenario)
    if flags.json:
        rows = [
            {"part": d.part, "id": d.id, "field": d.field, "before": d.before, "after": d.after}
            for d in reading.differences
        ]
        output.emit_json({"differences": rows, "written": write and bool(rows)})
    else:
        output.print_result("\n".join(map(str, reading.differences)) or "no difference")
    if not write or not reading.differences:
        if reading.differences:
            output.log("nothing is written yet; --write carries it out", flags)
        return 0
    if folder in shipped().values():
        raise InputError(
            f"{scenario} is shipped and stays as it is; `contingent new DIR --like {scenario}` makes a copy"
        )
    from contingent.scenario.workbook_import import amend

    for changed in amend(folder, reading):
        output.log(f"changed {changed}", flags)
    return 0
