"""A brief alone gives back the numbers it prints; what computes, and no docstring, stands in a run's identity."""

from __future__ import annotations

import ast
import io
import subprocess
import sys
import tokenize
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest

from contingent.brief import Brief, compose
from contingent.brief.embedded_run import unseal
from contingent.brief.number import printed
from contingent.errors import RunError
from contingent.scenario.model import Scenario
from contingent.scenario.read import read
from contingent.study.question import DATA, LIBRARIES, SILENT, fingerprint, library_versions, statements
from contingent.study.store import Store, question_of
from contingent.study.study import Study, describe_differences, load, run_or_load, verify

PACKAGE = Path(str(files("contingent")))


def gates_reversed(scenario: Scenario) -> Scenario:
    gates = dict(reversed(scenario.process.gates.items()))
    return scenario.model_copy(update={"process": scenario.process.model_copy(update={"gates": gates})})


@pytest.mark.parametrize("case", ["mnf_ukraine", "unifil_2006"])
def test_a_brief_opened_where_its_run_is_not_stored_gives_the_numbers_it_prints(
    case: str, tmp_path: Path, briefs_of: Callable[[str], dict[str, Brief]]
) -> None:
    brief = briefs_of(case)["en"]
    sent = unseal(brief.parcel.sealed(), "brief.html").parcel("brief.html")
    asked = sent.question
    result = run_or_load(Study(asked.scenario, asked.options, asked.seed), asked.runs, Store(tmp_path))
    assert result.question.id == brief.run
    assert printed(compose(result).numbers()) == sent.numbers
    assert load(brief.run, Store(tmp_path)).performance.identical(result.performance)


def test_another_order_of_gates_is_another_question_with_other_numbers() -> None:
    base = read("isf_gaza")
    one, two = (Study(s, options=["un_mandate_full"], seed=3).run(30) for s in (base, gates_reversed(base)))
    assert base == gates_reversed(base)  # as mappings; their order is what differs
    assert one.question.id != two.question.id
    assert not one.tables["consultation"].equals(two.tables["consultation"])


def test_a_run_that_differs_says_what_else_does(tmp_path: Path) -> None:
    study, store = Study(read("unifil_2006"), seed=3), Store(tmp_path)
    result = run_or_load(study, 20, store)
    made = question_of(store.path(result.question.id))
    assert made.libraries == library_versions()
    verify(made, store.path(made.id), result)
    other = Study(study.scenario, seed=4).run(20)
    with pytest.raises(RunError, match=r"table \w+ differs .*seed: 3 then, 4 now"):
        verify(made, store.path(made.id), other)
    assert describe_differences({"highspy": ("1.15.1", "1.16.0")}) == ["highspy: 1.15.1 then, 1.16.0 now"]


def test_every_library_that_sets_numbers_is_named() -> None:
    """Of those that the engines import, all but what only labels, validates or stores."""
    label = {"contingent", "xarray", "pydantic", "pydantic_core", "ruamel", "distributed"}
    label |= {"python_calamine", "xlsxwriter", "pandas", "babel", "filelock", "annotated_types"}
    found = set()
    for file in computing():
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            found |= {name.split(".")[0] for name in names}
    third = found - set(sys.stdlib_module_names) - label
    assert third <= set(LIBRARIES)
    assert set(library_versions()) == set(LIBRARIES)


def computing() -> list[Path]:
    return [f for f in sorted(PACKAGE.rglob("*.py")) if f.relative_to(PACKAGE).parts[0] not in SILENT]


def plain_statements(source: str) -> list[str]:
    """The same by the syntax tree and the tokenizer of this Python."""
    lone = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            lone |= set(range(node.lineno, (node.end_lineno or 0) + 1))
    found, parts = [], ""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in {tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}:
            continue
        if token.type == tokenize.NEWLINE:
            found, parts = [*found, parts], ""
        elif token.start[0] not in lone:
            parts += token.string
    return [line for line in found if line]


def test_statements_are_those_of_the_tokenizer_in_all_of_this_package() -> None:
    for file in computing()[::6]:
        source = file.read_text("utf-8")
        ours = ["".join(line.split()) for line in statements(source)]
        assert ours == ["".join(line.split()) for line in plain_statements(source)], file


BASE = '''"""Doc."""\n\n\ndef f(x):\n    """What."""\n    y = x + 1  # why\n    return y\n'''


@pytest.mark.parametrize(
    ("source", "same"),
    [
        (BASE.replace("Doc.", "Another docstring."), True),
        (BASE.replace('    """What."""\n', ""), True),
        (BASE.replace("why", "because"), True),
        (BASE.replace("x + 1", "(x +\n 1)").replace("(", "(").replace("y = (x +\n 1)", "y = x + 1"), True),
        (BASE.replace('"""What."""', "r'''What # not'''"), True),
        (BASE.replace("\n\n\n", "\n"), True),
        (BASE.replace("x + 1", "x + 2"), False),
        (BASE.replace("    return", "  return").replace("  return y", "\n\nreturn_ = 1"), False),
        (BASE.replace("return y", 'return "Doc"'), False),
        (BASE.replace("x + 1", "x + len('a # b')"), False),
    ],
)
def test_only_what_computes_is_in_the_fingerprint(tmp_path: Path, source: str, same: bool) -> None:
    prints = []
    for name, text in (("a", BASE), ("b", source)):
        (tmp_path / name / "force").mkdir(parents=True)
        (tmp_path / name / "force" / "plan.py").write_text(text)
        prints.append(fingerprint(tmp_path / name))
    assert (prints[0] == prints[1]) is same


def test_data_count_by_their_bytes_and_what_only_prints_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "force" / "data").mkdir(parents=True)
    (tmp_path / "brief").mkdir()
    data = tmp_path / "force" / "data" / "a.csv"
    data.write_text("1")
    first = fingerprint(tmp_path)
    (tmp_path / "brief" / "x.py").write_text("x = 1")
    assert fingerprint(tmp_path) == first
    data.write_text("1 ")
    second = fingerprint(tmp_path)
    assert second != first
    data.rename(data.with_name("b.csv"))
    assert fingerprint(tmp_path) not in {first, second}
    assert ".csv" in DATA


def test_what_prints_reads_or_scores_sets_no_number_of_a_study() -> None:
    """No engine's module that a study imports reads from a package that is left out of the fingerprint."""
    import sys

    code = (
        "import contingent.study.study, contingent.study.insight, contingent.study.comparison, sys; print(*sys.modules)"
    )

    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    silent = {name for name in loaded if name.startswith(tuple(f"contingent.{part}" for part in SILENT))}
    joining = {
        f"contingent.evidence.grammar{part}" for part in ("", ".layout", ".lexicon")
    }  # the lines of a claim's quote
    allowed = {"contingent.evidence", "contingent.evidence.claim", *joining}
    assert silent <= allowed | {name for name in silent if name.startswith("contingent.scoring")}
    assert "contingent.scoring.tables" in silent


def test_what_reads_the_records_is_in_the_fingerprint(tmp_path: Path) -> None:
    """The tables of decisions that a study rests on are read by a module that stands among those that score."""
    (tmp_path / "scoring").mkdir()
    prints = []
    for name, text in (("tables.py", "x = 1"), ("tables.py", "x = 2"), ("scores.py", "x = 1"), ("scores.py", "x = 2")):
        (tmp_path / "scoring" / name).write_text(text)
        prints.append(fingerprint(tmp_path))
    assert len(set(prints[:2])) == 2
    assert len(set(prints[1:])) == 1
