"""What is a number of a force plan called, and how is it computed?"""

from __future__ import annotations

from contingent.brief import number
from contingent.brief.number import Number
from contingent.study.formulas import formula_of

RUNS = 400  # realized supplies behind the arrival curve
FORMULAS = {
    **{name: formula_of(name) for name in ("force.assigned", "force.required", "force.shortfall")},
    "force.minimum": "persons below which a task cannot be done, by the statement of requirements",
    "force.critical": "persons of the minimum less persons assigned, where that is more than nothing",
    "force.planned": "persons in theatre in a week, as notice, lift and tours let the plan's units arrive and leave",
    "force.arrivals": "persons in theatre in a week of a realized supply: what the plan wants there, times the share "
    f"that its contributor delivers, as many weeks later as it is late; {RUNS} realized supplies",
    "force.cost": "person-months in theatre times each pledge's cost per person and month, by who "
    "bears it: the fund what it pays of its rate, the contributor the rest",
    "force.rate": "US dollars a person and month: the rate of the General Assembly on the day of the scenario, and the "
    "least and the most that an offer of the scenario costs",
    "force.pledged": "persons offered by the pledge",
    "force.unsupported": "persons serving in a sector who do not bring that support themselves, less those who can do "
    "without, less those its units there cover; averaged over the phase",
    "force.change": "persons short when all is planned anew with the change, less persons short without it; averaged "
    "over all weeks, units may be split",
}


def persons(name: str, value: float, how: str = "", /, **where: str) -> Number:
    """A number of persons of a result named in `FORMULAS`."""
    return number.exact(round(float(value)), number.result(name, how, **where))


def change(value: float, /, **where: str) -> Number:
    """A change in persons short, with its sign."""
    trace = number.result("force.change", "", **where)
    return Number(value, number.signed(f"{round(value):+,}".replace(",", "\u202f")) if round(value) else "0", trace)


def millions(dollars: float, /, **where: str) -> Number:
    """Millions of US dollars, to a tenth."""
    return number.decimal(dollars / 1e6, number.result("force.cost", "million US dollars", **where), 1)
