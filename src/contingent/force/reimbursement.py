"""What the United Nations pays a contributor for each person a month, by date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from contingent.errors import InputError


@dataclass(frozen=True, slots=True)
class PersonnelRate:
    """A rate in US dollars per person and month from a day on."""

    since: date
    dollars: float
    source: str


NATION = "https://nation.com.pk/05-Jul-2014/unga-okays-reimbursement-rate-for-peace-keeping-states"
CASQUEBLEU = "A/RES/72/285, https://casquebleu.org/index.php?title=Personnel_reimbursement"
# A third survey was before the General Assembly in April 2022 (A/76/676, A/76/757, the same page); no page kept in a
# public archive says what it decided, so the rate of 2018 stands as the last one known.
RATES = (
    PersonnelRate(date(2014, 7, 1), 1332, NATION),
    PersonnelRate(date(2016, 7, 1), 1365, NATION),
    PersonnelRate(date(2017, 7, 1), 1410, NATION),
    PersonnelRate(date(2018, 7, 1), 1428, CASQUEBLEU),
)  # fmt: skip


def personnel_rate(on: date) -> PersonnelRate:
    """The rate in force on a day.

    Raises:
        InputError: before the first rate known here.

    """
    known = [rate for rate in RATES if rate.since <= on]
    if not known:
        raise InputError(f"no reimbursement rate is known for {on}; the first is of {RATES[0].since}")
    return known[-1]
