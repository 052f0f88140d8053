"""The screens of a draft, each a function of the desk, the draft as it stands, and what was asked."""

from contingent.workbench.screens import force
from contingent.workbench.screens.assumptions import assumptions
from contingent.workbench.screens.bottom_line import bottom_line
from contingent.workbench.screens.compare import compare
from contingent.workbench.screens.evidence import evidence
from contingent.workbench.screens.runs import runs
from contingent.workbench.screens.terms import terms

SCREENS = {"assumptions": assumptions, "bottom-line": bottom_line, "compare": compare, "terms": terms,
           "evidence": evidence, "force": force.force, "runs": runs}  # fmt: skip
