"""YAML is read as YAML 1.2, with lines, and cannot unfold beyond its size."""

from __future__ import annotations

from pathlib import Path

import pytest

from contingent.scenario.source import LARGEST, Source


def source(tmp_path: Path, **texts: str | bytes) -> Source:
    found = Source(places={(): ("case", 0)})
    for name, text in texts.items():
        file = tmp_path / f"{name}.yaml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        found.add(file, f"case/{name}.yaml")
    return found


def test_core_types_only(tmp_path: Path) -> None:
    found = source(tmp_path, a="a: NO\nb: 12:30\nc: '5'\nd: 5\ne: .5\nf: 2025-10-28\ng: true\nh: ~\ni: 1e3\n")
    assert found.data == {
        "a": "NO", "b": "12:30", "c": "5", "d": 5, "e": 0.5, "f": "2025-10-28", "g": True, "h": None, "i": 1000.0,
    }  # fmt: skip
    assert not found.complaints


def test_places_are_known_to_the_line(tmp_path: Path) -> None:
    found = source(tmp_path, a="x:\n  - id: one\n    n: 3\n  - id: two\n")
    assert found.place(("x", 0, "n")) == ("case/a.yaml", 3)
    assert found.place(("x", 1, "absent")) == ("case/a.yaml", 4)
    assert found.place(("nowhere",)) == ("case", 0)


def test_mappings_of_several_files_are_merged_and_doubles_named_with_both_places(tmp_path: Path) -> None:
    found = source(tmp_path, a="claims:\n  c1: 1\n", b="claims:\n  c2: 2\n  c1: 3\n")
    assert found.data == {"claims": {"c1": 1, "c2": 2}}
    assert [str(c) for c in found.complaints] == [
        "case/b.yaml:3  claims.c1: is given twice; first given at case/a.yaml:2; keep one of the two"
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"", "is empty"),
        (b"# only a comment\n", "is empty"),
        (b"\xff\xfe\x00a", "not UTF-8"),
        (b"a: [1,\n b: 2", "case/a.yaml:2"),
        (b"a: 1\na: 2\n", "case/a.yaml:2  a: is given twice"),
        (b"a: &x [1, 2]\nb: [*x, *x]\n", "aliases"),
        (b"a: &x {b: *x}\n", "a.yaml"),
        (b"- a\n- b\n", "`key: value`"),
        (b"[" * 100_000, "nested more than"),
        (b"a: " + b"[" * 3000 + b"]" * 3000, "nested more than"),
        (b"a: 1\n---\nb: 2\n", "another document"),
        (b"\x00\x01", "not YAML"),
    ],
)
def test_what_is_no_scenario_is_refused_with_its_place(tmp_path: Path, text: bytes, says: str) -> None:
    found = source(tmp_path, a=text)
    assert any(says in str(complaint) for complaint in found.complaints), [str(c) for c in found.complaints]


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "huge.yaml"
    with file.open("wb") as out:
        out.truncate(10 * LARGEST)
    found = Source()
    found.add(file, "huge.yaml")
    assert "20 MB; a scenario file may have at most 2 MB" in str(found.complaints[0])
