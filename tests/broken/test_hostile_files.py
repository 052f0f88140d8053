"""Foreign work that never ends, takes all memory or aborts is one line, and the next one is done as if nothing was."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from xlsxwriter import Workbook

from contingent import processes
from contingent.cli import run
from contingent.errors import InputError
from contingent.evidence.ingest import Settings, articles_in, read_one
from contingent.grids import CELLS, grids
from contingent.processes import contained
from contingent.records import from_json, from_yaml


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A second process with less time than users have."""
    processes._helper.cache_clear()
    monkeypatch.setattr(processes, "SECONDS", 1)
    yield
    processes._helper.cache_clear()


@pytest.mark.parametrize("work", ["while True: pass", "x = bytearray(4 * 10**9)", "import os; os.abort()", "exit()"])
def test_work_that_harms_its_process_is_one_line_that_names_the_file(work: str) -> None:
    with pytest.raises(InputError, match=r"^page\.html: reading it takes more than") as told:
        contained("page.html", exec, work)
    assert "\n" not in str(told.value)
    assert contained("next", sum, [1, 2]) == 3
    assert os.getpid() != contained("whose", os.getpid) == contained("whose", os.getpid)


def test_what_the_work_prints_and_raises_comes_back_as_it_should(capfd: pytest.CaptureFixture[str]) -> None:
    assert contained("greets", print, "hello") is None
    with pytest.raises(ValueError, match="invalid literal"):
        contained("wrong", int, "x")
    with pytest.raises(InputError, match="is empty"):
        contained("empty", from_json, b"", int, "file", "is empty")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "words",
    [
        "evidence FILE --out L", "check FILE", "open FILE", "data FILE", "ledger verify FILE", "consultation FILE.csv",
        "record KEN --data FILE", "forecast verify --ledger FILE", "new mine --from FILE", "migrate FILE",
        "evidence a.txt --out L --decisions FILE", "evidence a.txt --out L --pack FILE.yaml",
        "backtest losses --data FILE", "sheet import amm_aceh FILE",
    ],
)  # fmt: skip
def test_what_may_never_end_is_refused_by_every_verb(words, tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("The minister said that troops will be sent to Haiti.")
    for name in ("endless", "endless.csv", "endless.yaml"):
        os.mkfifo(name)
    assert run(words.replace("FILE", "endless").split()) == 2
    assert "is a pipe or a device, not a file" in "".join(capsys.readouterr())
    assert not Path("L").exists()


def test_the_second_process_ends_with_the_first() -> None:
    code = "import os; from contingent.processes import contained; print(contained('a', os.getpid), flush=True); os.kill(os.getpid(), 9)"
    child = int(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False).stdout)
    deadline = time.monotonic() + 20
    while _lives(child):
        assert time.monotonic() < deadline, "it is an orphan"
        time.sleep(0.02)


def _lives(process: int) -> bool:
    status = Path(f"/proc/{process}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"


def test_one_page_that_cannot_be_read_in_time_stops_no_folder(tmp_path: Path) -> None:
    """Repeated elements that nothing closes."""
    (tmp_path / "a.html").write_text("<p>The minister said that troops will be sent.<p>" + "<b><i><p>" * 90_000)
    (tmp_path / "b.txt").write_text("The minister said that troops will be sent.")
    first, second = (read_one(tmp_path, Settings(), file) for file in articles_in(tmp_path))
    assert first[0][0] == "skipped"
    assert first[0][1]["reason"].startswith("a.html: reading it takes more than")
    assert [kind for kind, _ in second][:2] == ["document", "claim"]


def workbook(file: Path, rows: str) -> Path:
    """A workbook with other rows in its one sheet."""
    whole = file.with_suffix(".whole")
    book = Workbook(whole)
    book.add_worksheet("A")
    book.close()
    with ZipFile(whole) as old, ZipFile(file, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, text.replace(b"<sheetData/>", f"<sheetData>{rows}</sheetData>".encode()))
    return file


def test_a_cell_far_off_is_named_and_every_spelling_of_a_formula_is_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="XFD1048576 is too far off"):
        grids(workbook(tmp_path / "far.xlsx", '<row><c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>'))
    many = "".join(f'<c r="A{row}"><v>{row}</v></c>' for row in (1, CELLS))
    assert len(grids(workbook(tmp_path / "long.xlsx", f"<row>{many}</row>"))[0].rows) == CELLS
    for number, cell in enumerate(
        (
            '<c s="0" r="H2">',
            "<c r='H2'>",
            '<c\nr = "H2"  t="n">',
            '<x:c xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" r="H2">',
        )
    ):
        end = "</x:c>" if cell.startswith("<x") else "</c>"
        prefix = "x:" if cell.startswith("<x") else ""
        body = f"{cell}<{prefix}f>1+1</{prefix}f><{prefix}v>9999</{prefix}v>{end}"
        found = grids(workbook(tmp_path / f"{number}.xlsx", f'<row r="2">{body}</row>'))[0]
        assert found.marks[1, 7] == "holds a formula", cell


@pytest.mark.parametrize(
    "text",
    ["5", "null", "[]", "{", "[" * 100_000, '{"a": ' * 100_000, "\ufeff{}", '"\\ud800"', "1e9999", "9" * 5000, "NaN"],
)
def test_foreign_json_of_another_shape_is_one_line(text: str) -> None:
    for content in (text, text.encode("utf-16"), text.encode() + b"\xff"):
        with pytest.raises(InputError, match=r"^f\.json: ") as told:
            from_json(content, dict[str, dict[str, int]], "f.json", "say what it must be")
        assert "\n" not in str(told.value)
        assert len(str(told.value)) < 300


def test_a_table_wider_than_any_sheet_is_refused_before_its_headings_are_compared(tmp_path: Path) -> None:
    (tmp_path / "wide.csv").write_text("a," * 20_000)
    with pytest.raises(InputError, match=r"has 20,001 columns"):
        grids(tmp_path / "wide.csv")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        *((text, "not valid YAML") for text in ("a: " + "9" * 5000, "a: [", "!!python/object:os.system x", "\x00")),
        ("[" * 200_000, "line 1 is nested more than 24 levels deep"),  # the parser would end the process
        ("- x\n" * 200_000, "is past value"), ("a: &b [1, 2]\nc: [*b, *b]", "aliases"),
    ],
)  # fmt: skip
def test_foreign_yaml_that_cannot_be_held_is_one_line(text: str, says: str) -> None:
    with pytest.raises(InputError, match=rf"^f\.yaml: .*({says})") as told:
        from_yaml(text, "f.yaml")
    assert "\n" not in str(told.value)
