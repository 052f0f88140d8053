"""Is any text refused, or any place in it wrong? 150 random texts here, 100,000 by `python benchmarks/any_text.py`."""

from __future__ import annotations

import any_text


def test_150_texts_in_every_script_and_layout(capsys):
    assert any_text.main(150, 1) == 0, capsys.readouterr().out
