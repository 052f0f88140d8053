"""Which small faults in the engines would the tests not see? (Mutation testing, with Cosmic Ray's operators.)

    uv run --group mutation python benchmarks/mutation.py consultation --sample 60
    uv run --group mutation python benchmarks/mutation.py force/usable.py --near

Changes one place of a module at a time in a copy of the package (an operator, a number, a comparison), runs the tests
that concern the module, and prints every change that they let pass, with its diff, and their share. Source is changed,
not wrapped, so compiled kernels are tried as well. Needs a system that forks: libraries are loaded once, each trial is
a child.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "contingent"
ENGINES = ("appraisal", "consultation", "ensemble", "evidence", "force", "mission", "precedents", "quantities.py",
           "notation.py", "scoring", "study")  # fmt: skip
# Arithmetic for arithmetic, comparison for comparison; the rest (bits for sums) fails on any test and says nothing.
SUM = "(Add|Sub|Mul|Div|Pow|Mod|FloorDiv)"
ORDER = "(Eq|NotEq|Lt|LtE|Gt|GtE)"
WANTED = re.compile(
    rf"core/(ReplaceBinaryOperator_{SUM}_{SUM}|ReplaceComparisonOperator_{ORDER}_{ORDER}|NumberReplacer|ReplaceTrueWithFalse"
    r"|ReplaceFalseWithTrue|ReplaceAndWithOr|ReplaceOrWithAnd|AddNot|ReplaceUnaryOperator_(USub_UAdd|Delete_USub|Delete_Not))"
)
IDLE = re.compile(r"^\s*(@|from |import |class |[A-Z_]+: |raise )|slots=|strict=")  # nothing to see by a number there
LIBRARIES = ("numpy", "scipy.stats", "scipy.special", "pandas", "xarray", "pydantic", "numba", "ruamel.yaml",
             "highspy", "cyclopts", "pytest")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mutant:
    """One small change of one module."""

    module: Path
    operator: str
    occurrence: int
    line: int


def mutants(module: Path) -> Iterator[Mutant]:
    """Every change of a module that could be seen."""
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.plugins import get_operator, operator_names

    source = module.read_text("utf-8")
    tree, lines = get_ast(source), source.splitlines()
    nodes = list(ast_nodes(tree))
    for name in sorted(filter(WANTED.fullmatch, operator_names())):
        operator = get_operator(name)()
        places = (start for node in nodes for start, _ in operator.mutation_positions(node))
        for occurrence, (line, _) in enumerate(places):
            if not IDLE.search(lines[line - 1]):
                yield Mutant(module, name, occurrence, line)


def changed(mutant: Mutant) -> str | None:
    """The module's text with that change."""
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    return mutate_code(mutant.module.read_text("utf-8"), get_operator(mutant.operator)(), mutant.occurrence)


def tests_of(module: Path, *, near: bool) -> list[Path]:
    """Test files that import a module, then (unless `near`) the other unit tests of its package."""
    dotted = ".".join(module.relative_to(PACKAGE.parent).with_suffix("").parts)
    files = [
        *sorted((ROOT / "tests" / "unit").rglob("test_*.py")),
        *sorted((ROOT / "tests" / "property").glob("test_*.py")),
    ]
    direct = [file for file in files if dotted in imported(file)]
    folder = ROOT / "tests" / "unit" / module.relative_to(PACKAGE).parts[0]
    return direct if near else [*direct, *(file for file in files if folder in file.parents and file not in direct)]


def imported(file: Path) -> set[str]:
    """Dotted names that a file imports, as modules or out of them."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def run_tests(copy: Path, tests: list[Path], output: Path, *, compiled: bool) -> int:
    """The exit code of the tests on the copy, in this process."""
    os.setsid()
    with output.open("w") as out:
        os.dup2(out.fileno(), 1)
        os.dup2(out.fileno(), 2)
    os.environ["PYTHONPATH"] = str(copy)  # for tests that start the program
    sys.path.insert(0, str(copy))
    import numba
    import pytest

    if compiled:  # a kernel elsewhere may hold what was changed
        numba.config.CACHE_DIR = os.environ["NUMBA_CACHE_DIR"] = tempfile.mkdtemp(dir=copy.parent)
    words = ["-x", "-q", "-n0", "-p", "no:cacheprovider", "--no-header", "--tb=line"]
    return int(pytest.main([*words, f"--rootdir={ROOT}", f"-c{ROOT / 'pyproject.toml'}", *map(str, tests)]))


def trial(copy: Path, tests: list[Path], limit: float, output: Path, *, compiled: bool) -> int | None:
    """The exit code of the tests on the copy, None after `limit` seconds; in a child, so that nothing stays loaded."""
    child = os.fork()
    if not child:
        try:
            code = run_tests(copy, tests, output, compiled=compiled)
        except BaseException:
            traceback.print_exc()
            code = 99
        finally:
            os._exit(code)
    end = time.monotonic() + limit
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.05)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def diff_of(mutant: Mutant, text: str) -> str:
    """The change as a reader of patches sees it."""
    name = str(mutant.module.relative_to(PACKAGE.parent))
    lines = difflib.unified_diff(
        mutant.module.read_text("utf-8").splitlines(), text.splitlines(), name, name, lineterm="", n=1
    )
    return "\n".join(lines)


def main() -> int:
    """Try a sample and tell what was let pass; 1 if more than `--allow` of it was."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "parts", nargs="*", default=ENGINES, help="packages or modules, such as consultation or force/usable.py"
    )
    parser.add_argument("--sample", type=int, default=60, help="changes tried; 0 for all")
    parser.add_argument("--seed", type=int, default=1, help="of the sample")
    parser.add_argument("--limit", type=float, default=120, help="seconds for the tests of one change")
    parser.add_argument("--minutes", type=float, default=60, help="stop after so long and tell what was tried by then")
    parser.add_argument("--near", action="store_true", help="only tests that import the changed module")
    parser.add_argument("--allow", type=float, default=0.1, help="share that may survive")
    asked = parser.parse_args()
    modules = [
        file
        for part in asked.parts
        for file in ([PACKAGE / part] if part.endswith(".py") else sorted((PACKAGE / part).rglob("*.py")))
        if file.name != "__init__.py"
    ]
    sample = [mutant for module in modules for mutant in mutants(module)]
    print(f"{len(sample)} changes of {len(modules)} modules", flush=True)
    if 0 < asked.sample < len(sample):
        sample = random.Random(asked.seed).sample(sample, asked.sample)
    os.chdir(ROOT)
    for library in LIBRARIES:
        with suppress(ImportError):
            __import__(library)
    verdicts: Counter[str] = Counter()
    end = time.monotonic() + 60 * asked.minutes
    with tempfile.TemporaryDirectory() as work:
        copy, output = Path(work) / "src", Path(work) / "output"
        shutil.copytree(PACKAGE, copy / "contingent")
        sound: dict[tuple[Path, ...], bool] = {}
        for mutant in sorted(sample, key=lambda m: (m.module, m.line)):
            if time.monotonic() > end:
                break
            name, tests, text = (
                mutant.module.relative_to(PACKAGE),
                tests_of(mutant.module, near=asked.near),
                changed(mutant),
            )
            if text is None:
                continue
            compiled = bool(re.search(r"\bjit|numba|compiled", text))
            key = tuple(tests)
            if tests and key not in sound:
                sound[key] = trial(copy, tests, 5 * asked.limit, output, compiled=False) == 0
                if not sound[key]:
                    print(f"{name}: its tests fail without any change\n{output.read_text()[-600:]}", flush=True)
            if tests and not sound[key]:
                verdicts["tests fail"] += 1
                continue
            target = copy / "contingent" / name
            target.write_text(text, "utf-8")
            code = trial(copy, tests, asked.limit, output, compiled=compiled) if tests else 0
            shutil.copy2(mutant.module, target)
            verdict = {0: "survived", None: "out of time"}.get(code, "killed")
            verdicts[verdict] += 1
            if verdict == "survived":
                print(f"\nSURVIVED {mutant.operator.removeprefix('core/')}{'' if tests else ' (no test imports it)'}")
                print(diff_of(mutant, text), flush=True)
    survived, tried = verdicts["survived"], verdicts["survived"] + verdicts["killed"]
    print(f"\n{dict(verdicts)}; {survived} of {tried} survived ({survived / max(tried, 1):.0%})")
    return int(survived > asked.allow * tried)


if __name__ == "__main__":
    sys.exit(main())
