"""KTAB's CSV: how a table is read from it and written to it.

Row 1: title, description, number of stakeholders, number of issues. Row 2: headings. Then one row a
stakeholder: name, description, capability, and a position and a salience for every issue.
"""

from __future__ import annotations

import csv
import io

from contingent.consultation.spatial.ktab_cells import Faults, Row, table_from
from contingent.consultation.spatial.table import Table

LARGEST = 5_000_000  # characters; 250 stakeholders on 30 issues take a hundredth of it


def parse_csv(text: str, name: str) -> Table:
    """The table of a CSV; `name` is what complaints call the file.

    Raises:
        ScenarioError: everything wrong with it, each with its line and cell.
    """
    faults = Faults(name)
    if len(text) > LARGEST:
        faults.add(0, "", f"the file has {len(text):,} characters; a table has at most {LARGEST:,}")
        faults.stop()
    try:
        lines = list(csv.reader(io.StringIO(text.lstrip("\ufeff")), skipinitialspace=True))
    except csv.Error as reason:
        faults.add(0, "", f"this is not a CSV file: {reason}")
        faults.stop()
        raise AssertionError from reason
    rows = [
        (number, [cell.strip() for cell in cells])
        for number, cells in enumerate(lines, 1)
        if any(c.strip() for c in cells)
    ]
    if len(rows) < 2 or len(rows[0][1]) < 4:
        faults.add(1, "", "the first row must hold a title, a description and the numbers of stakeholders and issues")
        faults.stop()
    top = rows[0][1]
    count = _count(faults, rows[0][0], "number of stakeholders", top[2])
    issues = _count(faults, rows[0][0], "number of issues", top[3])
    faults.stop()
    width = 3 + 2 * issues
    heads = rows[1][1]
    if len(_filled(heads)) < width:
        missing = "salience" if len(_filled(heads)) % 2 == 0 else "position"
        faults.add(
            rows[1][0], f"column {len(_filled(heads)) + 1}", f"the heading for a {missing} is missing",
            f"{issues} issues need {width} columns",
        )  # fmt: skip
        faults.stop()
    names = [_issue(heads[3 + 2 * k]) for k in range(issues)]
    body = rows[2:]
    if len(body) != count:
        faults.add(rows[0][0], "number of stakeholders", f"says {count}, but {len(body)} rows follow")
    found = []
    for line, cells in body:
        if len(_filled(cells)) > width:
            faults.add(line, f"column {width + 1}", f"`{cells[width]}` stands beyond the last column")
        cells = [*cells, *[""] * (width - len(cells))]
        found.append(Row(line, cells[0], cells[1], cells[2], tuple(cells[3:width:2]), tuple(cells[4:width:2])))
    return table_from(found, names, top[0], top[1], faults)


def _count(faults: Faults, line: int, cell: str, text: str) -> int:
    if text.isdigit() and 0 < int(text) < 10_000:
        return int(text)
    faults.add(line, cell, f"`{text}` is not a whole number above 0")
    return 0


def _filled(cells: list[str]) -> list[str]:
    """The cells up to the last one that is not empty: KTAB's files end rows with a comma at will."""
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return cells[:end]


def _issue(heading: str) -> str:
    return heading or "unnamed"


def write_csv(table: Table) -> str:
    """A CSV that KTAB reads, and that reads back as the same table."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([table.title, table.description, len(table.names), len(table.issues)])
    heads = [part for issue in table.issues for part in (issue, f"{issue} Salience")]
    writer.writerow(["Actor", "Description", "Influence", *heads])
    for i, name in enumerate(table.names):
        stakes = [
            repr(float(x)) for k in range(len(table.issues)) for x in (table.position[i, k], table.salience[i, k])
        ]
        described = table.descriptions[i] if table.descriptions else ""
        writer.writerow([name, described, repr(float(table.capability[i])), *stakes])
    return out.getvalue()
