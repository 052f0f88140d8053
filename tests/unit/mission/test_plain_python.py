"""The same functions without the compiler give the same bits."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from contingent.mission import compiled

SCRIPT = """
import hashlib, sys, numpy as np
np.seterr(over="ignore", divide="ignore", invalid="ignore")
from contingent.ensemble.design import Design
from importlib import import_module
from contingent.mission import kernel
from contingent.mission.backtests import missions
module = import_module("contingent.mission.simulate")
from contingent.mission.inputs import prepare
from contingent.mission.outputs import Outputs
missions.RUNS = 3
row = {"mission": "m", "weeks": 3, "population": 500_000, "armed": 9000, "troops": 4000, "command": "un",
       "use_of_force": "enforcement", "consent": "partial", "on_disarmament": 0.2}
scenario, presence = missions.small_scenario(row)
inputs = prepare(scenario, presence, Design(3, 3))
outputs = Outputs.empty(inputs)
if sys.argv[1] == "plain":
    empty = kernel.Memory.empty
    def records(*shape):
        room = empty(*shape)
        return room._replace(records=kernel.Records(*(each.view(np.recarray) for each in room.records)))
    kernel.Memory.empty = records
module.simulate_into(inputs, outputs)
print(hashlib.sha256(outputs.weekly.tobytes() + outputs.sectors.tobytes()).hexdigest(), outputs.weekly[0].sum())
"""


def test_plain_python_and_compiled_code_agree_to_the_last_bit(tmp_path: Path):
    script = tmp_path / "both.py"
    script.write_text(SCRIPT)
    said = []
    for path, plain in (("plain", "1"), ("compiled", "0")):
        environment = {**os.environ, "NUMBA_DISABLE_JIT": plain}
        done = subprocess.run(
            [sys.executable, str(script), path], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-2000:]
        said.append(done.stdout)
    assert said[0] == said[1]


@pytest.mark.parametrize(
    ("file", "anew"), [("kernel.py", True), ("state.py", True), ("data/state.csv", True), ("report.py", False)]
)
def test_what_was_compiled_is_kept_until_a_compiled_module_or_the_table_changes(tmp_path, monkeypatch, file, anew):
    (tmp_path / "data").mkdir()
    for name, text in (("kernel.py", "@jit_internal\ndef f(): 1"), ("state.py", "2"), ("data/state.csv", "3"),
                       ("report.py", "4")):  # fmt: skip
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(compiled, "files", lambda package: tmp_path)
    before = compiled._sources()
    (tmp_path / file).write_text((tmp_path / file).read_text() + "0")
    assert (compiled._sources() != before) is anew
