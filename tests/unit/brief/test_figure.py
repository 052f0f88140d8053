"""The brief's figures, one by one."""

import re

import pytest

from contingent.brief import figure, figure_names
from contingent.brief.document.blocks import Figure
from contingent.errors import InputError


def test_figures_are_those_of_the_brief_in_its_order(result, brief):
    names = figure_names(result)
    blocks = [b for s in brief.sections for b in s.blocks if isinstance(b, Figure)]
    assert set(names) == {block.id for block in blocks}
    assert len(set(names)) == len(names) >= 12
    assert names[0] == "views"
    assert names[-1] == "calibration"


def test_a_figure_is_the_one_that_the_brief_prints(result, brief):
    made = figure(result, "difference")
    printed = next(b for s in brief.sections for b in s.blocks if isinstance(b, Figure) and b.id == "difference")
    assert made == printed
    assert made.svg == made._repr_svg_() == printed.svg
    assert re.match(r'<svg [^>]*aria-label="[^"]+\?"', made.svg)


def test_a_figure_that_is_not_there_is_answered_with_those_that_are(result):
    with pytest.raises(InputError, match=r"there is no figure `differences`; did you mean `difference`\?"):
        figure(result, "differences")
