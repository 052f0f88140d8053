"""The names of the dimensions of labelled arrays."""

from __future__ import annotations

OPTION = "option"
RUN = "run"
WEEK = "week"
SECTOR = "sector"
TASK = "task"
PHASE = "phase"
CONTRIBUTOR = "contributor"
UNIT_TYPE = "unit_type"
PLEDGE = "pledge"
STAKEHOLDER = "stakeholder"
ISSUE = "issue"
GATE = "gate"
CRITERION = "criterion"
RANK = "rank"
CROSSING = "crossing"
