"""The names of dimensions, and the rule that labels must match exactly before arrays meet."""

from __future__ import annotations

import xarray as xr

from contingent.errors import LabelError

OPTION = "option"
RUN = "run"
WEEK = "week"
MONTH = "month"
SECTOR = "sector"
TASK = "task"
PHASE = "phase"
CONTRIBUTOR = "contributor"
UNIT_TYPE = "unit_type"
PLEDGE = "pledge"
REQUIREMENT = "requirement"
STAKEHOLDER = "stakeholder"
ISSUE = "issue"
GATE = "gate"
CRITERION = "criterion"
RANK = "rank"
CROSSING = "crossing"


def aligned(*arrays: xr.DataArray | xr.Dataset) -> tuple[xr.DataArray | xr.Dataset, ...]:
    """The arrays, unchanged, if every dimension they share carries the same labels in the same order.

    Raises:
        LabelError: names the first dimension that differs and the labels only one side has.

    """
    try:
        return xr.align(*arrays, join="exact", copy=False)
    except ValueError:
        first, *rest = arrays
        for other in rest:
            for dimension in set(first.dims) & set(other.dims):
                ours, theirs = list(first[dimension].values), list(other[dimension].values)
                if ours != theirs:
                    apart = sorted({str(x) for x in ours} ^ {str(x) for x in theirs}) or ["the same labels, reordered"]
                    raise LabelError(f"dimension {dimension!r} does not match: {', '.join(apart[:8])}") from None
        raise LabelError("the arrays do not share their labels") from None
