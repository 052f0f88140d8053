"""Write the members' table that ships in consultation/data/council.csv, or fit the coefficients of council.py.

    uv run python benchmarks/freeze_council.py TIES.csv > src/contingent/consultation/data/council.csv
    uv run python benchmarks/freeze_council.py

The first joins the terms typed below with a file of `iso3,year,ideal_point`, rounded to one decimal. The second fits
the coefficients to published counts of drafts put to the vote and scores them on years left out (some ten minutes).
Both hold facts and derived figures only.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from contingent.consultation import council

TERMS = {  # first year of a term -> the five elected (un.org, "Countries elected members of the Security Council")
    1989: "CAN COL ETH FIN MYS", 1990: "CIV COD CUB ROU YEM", 1991: "AUT BEL ECU IND ZWE", 1992: "CPV HUN JPN MAR VEN",
    1993: "BRA DJI ESP NZL PAK", 1994: "ARG CZE NGA OMN RWA", 1995: "BWA DEU HND IDN ITA", 1996: "CHL EGY GNB KOR POL",
    1997: "CRI JPN KEN PRT SWE", 1998: "BHR BRA GAB GMB SVN", 1999: "ARG CAN MYS NAM NLD", 2000: "BGD JAM MLI TUN UKR",
    2001: "COL IRL MUS NOR SGP", 2002: "BGR CMR GIN MEX SYR", 2003: "AGO CHL DEU ESP PAK", 2004: "BEN BRA DZA PHL ROU",
    2005: "ARG DNK GRC JPN TZA", 2006: "COG GHA PER QAT SVK", 2007: "BEL IDN ITA PAN ZAF", 2008: "BFA CRI HRV LBY VNM",
    2009: "AUT JPN MEX TUR UGA", 2010: "BIH BRA GAB LBN NGA", 2011: "COL DEU IND PRT ZAF", 2012: "AZE GTM MAR PAK TGO",
    2013: "ARG AUS KOR LUX RWA", 2014: "CHL JOR LTU NGA TCD", 2015: "AGO ESP MYS NZL VEN", 2016: "EGY JPN SEN UKR URY",
    2017: "BOL ETH ITA KAZ SWE", 2018: "CIV GNQ KWT PER POL", 2019: "BEL DEU DOM IDN ZAF", 2020: "EST NER TUN VCT VNM",
    2021: "IND IRL KEN MEX NOR", 2022: "ALB ARE BRA GAB GHA", 2023: "CHE ECU JPN MLT MOZ", 2024: "DZA GUY KOR SLE SVN",
    2025: "DNK GRC PAK PAN SOM",
}  # fmt: skip
PERMANENT = "CHN FRA GBR RUS USA"
YEARS = range(1990, 2026)


def seated(year: int) -> list[str]:
    """The fifteen of a year; Italy left half of its term to the Netherlands (2018)."""
    elected = f"{TERMS[year - 1]} {TERMS[year]}".split()
    if year == 2018:
        elected[elected.index("ITA")] = "NLD"
    return sorted(PERMANENT.split()) + sorted(elected)


def write_table(ties: Path) -> None:
    """The table as CSV on standard output."""
    with ties.open(encoding="utf-8") as file:
        ideal = {(row["iso3"], int(row["year"])): row["ideal_point"] for row in csv.DictReader(file)}
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["year", "state", "ideal_point"])
    for year in YEARS:
        for state in seated(year):
            point = ideal[state, year] or ideal[state, year + 1]  # Yemen's first session is 1991
            out.writerow([year, state, round(float(point), 1) + 0.0])


@dataclass(frozen=True)
class Count:
    """Drafts put to the vote in some years: what became of them; `unanimous` of those adopted, -1 where not known."""

    first: int
    last: int
    adopted: int
    unanimous: int
    vetoed_usa: int
    vetoed_rus_chn: int
    short: int


# Adopted: numbers of the last resolution of a year (646 in 1989, 1284, 1907, 2503, 2617, 2671, 2721, 2767).
# Vetoed: un.org, Dag Hammarskjold Library, "Veto list"; none by France or the United Kingdom since 1989.
# Short of nine votes: scprocedure.org, chapter 6 section 1e (4, 1 and 12 a decade, 12 from 2020 to October 2023, five
# of them before 2022 by difference) and Highlights of Security Council Practice 2022 and 2023 (7 and 10 failed, less
# those vetoed).
# From memory, checked only against the yearly totals above: the last numbers of years but 1989, vetoes after September
# 2022 and who cast them, and one draft short of nine in 2024.
# Unanimous: the same Highlights: 84 % of 589 from 2014 to 2023, 66.7, 70 and 65 % in 2022, 2023 and 2024.
COUNTS = (
    Count(1990, 1999, 638, -1, 5, 4, 4),
    Count(2000, 2009, 623, -1, 10, 4, 1),
    Count(2010, 2019, 596, -1, 3, 19, 12),
    Count(2020, 2021, 114, -1, 1, 3, 5),
    Count(2022, 2022, 54, 36, 0, 4, 3),
    Count(2023, 2023, 50, 35, 2, 3, 5),
    Count(2024, 2024, 46, 30, 3, 4, 1),
)
UNANIMOUS = (2014, 2021, 424, 485)  # first and last year, unanimous, adopted
# January to June 2025, fitted by nothing: thefutureasia.com 2025/08 (16 adopted, nine unanimously; one draft vetoed).
UNSEEN = Count(2025, 2025, 16, 9, 1, 0, 0)
# Whose text it is: judgements, after "the preponderance by the P3" (scprocedure.org, chapter 5 section 6b).
SPONSORS = {"USA": 0.32, "GBR": 0.26, "FRA": 0.16, "elected": 0.26}
OTHER_SPONSORS = (
    {"USA": 0.45, "GBR": 0.2, "FRA": 0.1, "elected": 0.25},
    {"USA": 0.22, "GBR": 0.22, "FRA": 0.11, "elected": 0.45},
    SPONSORS | {"rivals": 2.0},
)
RIVALS = {1990: 0.01, 2010: 0.02, 2020: 0.04, 2022: 0.06}  # of drafts put to the vote, those of Russia or China alone
NAMES = ("favour_to_2009", "favour_to_2021", "favour_since_2022", "distance", "reserve", "rival", "shared")
START = np.array([2.0, 1.5, 1.0, 0.3, 0.8, 2.5, 0.5])
CORNERS = ((1, 1, 1), (-1, 1, -1), (-1, -1, 1), (1, -1, -1))  # of a second difference
SPREAD = np.array([1.5, 1.5, 1.5, 0.5, 0.5, 1.5, 0.2])  # a weak ridge around the start: judgements


def rows(sponsors: dict[str, float]) -> list[tuple[int, str, float]]:
    """Year, sponsor and its share of the year's drafts."""
    out = []
    for year in YEARS:
        rival = RIVALS[max(start for start in RIVALS if start <= year)] * sponsors.get("rivals", 1.0)
        elected = [state for state in council.members(year) if state not in council.PERMANENT]
        out += [(year, state, (1 - rival) * sponsors[state]) for state in ("USA", "GBR", "FRA")]
        out += [(year, state, (1 - rival) * sponsors["elected"] / len(elected)) for state in elected]
        out += [(year, "RUS", rival * 0.8), (year, "CHN", rival * 0.2)]
    return out


def outcomes(theta: np.ndarray, table: list[tuple[int, str, float]]) -> np.ndarray:
    """Probabilities (row, outcome): unanimous, adopted otherwise, vetoed by US, by Russia or China, short of nine."""
    drawn = {name: np.array([value]) for name, value in zip(NAMES, theta, strict=True)}
    drawn["chapter_vii"] = np.zeros(1)
    latent = np.concatenate([council.latents(state, year, {}, drawn, chapter_vii=False) for year, state, _ in table])
    reserve, shared = np.full(len(latent), theta[4]), np.full(len(latent), theta[6])
    order = council.members(1990)[:5]

    def passes(states: str, needed: int = 9) -> np.ndarray:
        vetoes = np.array([state in states.split() for state in order] + [False] * 10)
        return council.passes(latent, reserve, shared, vetoes, needed)

    adopted, unanimous = passes(PERMANENT), passes("", 15)
    american, eastern = passes("CHN FRA GBR RUS") - adopted, passes("USA FRA GBR") - adopted
    return np.column_stack([unanimous, adopted - unanimous, american, eastern, 1 - passes("")])


def log_likelihood(mean: np.ndarray, count: Count) -> float:
    """Of what became of the drafts of some years; `mean` (outcome,) their probabilities."""
    seen, mean = np.array([count.vetoed_usa, count.vetoed_rus_chn, count.short]), np.maximum(mean, 1e-9)
    value = float(seen @ np.log(mean[2:]))
    if count.unanimous < 0:
        return value + count.adopted * np.log(mean[:2].sum())
    return value + count.unanimous * np.log(mean[0]) + (count.adopted - count.unanimous) * np.log(mean[1])


def averages(theta: np.ndarray, table: list[tuple[int, str, float]], spans: list[tuple[int, int]]) -> list[np.ndarray]:
    """Mean outcome probabilities (outcome,) over the texts of each span of years."""
    chance, year = outcomes(theta, table), np.array([row[0] for row in table])
    share = np.array([row[2] for row in table])
    return [np.average(chance[here], 0, share[here]) for a, b in spans for here in [(year >= a) & (year <= b)]]


def fit(
    counts: tuple[Count, ...], sponsors: dict[str, float], *, unanimous: bool = True, start: np.ndarray = START
) -> tuple[np.ndarray, Callable[[np.ndarray], float]]:
    """Coefficients by penalized likelihood, and what they made smallest."""
    table = [row for row in rows(sponsors) if row[0] % 2 == 0 or row[0] >= 2020]  # every second Council shares half
    spans = [(count.first, count.last) for count in counts] + [UNANIMOUS[:2]]

    def loss(theta: np.ndarray) -> float:
        means = averages(np.array([*theta[:6], np.clip(theta[6], 0.01, 0.95)]), table, spans)
        value = sum(log_likelihood(mean, count) for mean, count in zip(means, counts, strict=False))
        if unanimous:
            given = means[-1][0] / means[-1][:2].sum()
            value += UNANIMOUS[2] * np.log(given) + (UNANIMOUS[3] - UNANIMOUS[2]) * np.log(1 - given)
        return -value + (((theta - START) / SPREAD) ** 2).sum() / 2

    found = minimize(loss, start, method="L-BFGS-B", bounds=[(0.1, 6)] * 3 + [(0, 2), (0.05, 3), (0, 6), (0.02, 0.93)])
    return found.x, loss


def covariance_at(theta: np.ndarray, loss: Callable[[np.ndarray], float], step: float = 0.02) -> np.ndarray:
    """The inverse of the curvature, by second differences."""
    hessian = np.empty((len(theta), len(theta)))
    steps = step * np.eye(len(theta))
    for i, a in enumerate(steps):
        for j, b in enumerate(steps[: i + 1]):
            corners = [sign * loss(theta + up * a + side * b) for sign, up, side in CORNERS]
            hessian[i, j] = hessian[j, i] = sum(corners) / (4 * step**2)
    return np.linalg.inv(hessian)


def score(mean: np.ndarray, count: Count) -> float:
    """Log loss a draft of adopted, vetoed by the US, by Russia or China, short of nine."""
    seen = np.array([count.adopted, count.vetoed_usa, count.vetoed_rus_chn, count.short])
    return float(-(seen @ np.log(np.array([mean[:2].sum(), *mean[2:]]))) / seen.sum())


def base(counts: list[Count]) -> np.ndarray:
    """The shares of the outcomes in some counts, each with half a draft more, as `score` takes them."""
    seen = np.array([[c.adopted, 0, c.vetoed_usa, c.vetoed_rus_chn, c.short] for c in counts]).sum(0) + 0.5
    return seen / seen.sum()


def report() -> None:
    """Print the coefficients, what they say of the counts, and the score on years left out."""
    council.NODES = np.linspace(-6, 6, 41)  # enough for a fit
    council.WEIGHTS = np.exp(-(council.NODES**2) / 2) / np.exp(-(council.NODES**2) / 2).sum()
    theta, loss = fit(COUNTS, SPONSORS)
    covariance = covariance_at(theta, loss)
    others = [fit(COUNTS, mix, start=theta)[0] for mix in OTHER_SPONSORS]
    deviation = np.sqrt(np.diag(covariance) + ((np.array(others) - theta) ** 2).mean(0))
    for name, value, error, *rest in zip(NAMES, theta, deviation, *others, strict=True):
        low, high = value - 1.645 * error, value + 1.645 * error
        print(f"{name:18s} {value:6.2f} ({low:.2f} to {high:.2f}); other sponsors {np.round(rest, 2)}")
    print("correlations", np.round(covariance / np.sqrt(np.outer(*[np.diag(covariance)] * 2)), 2), sep="\n")
    spans = [(count.first, count.last) for count in COUNTS] + [UNANIMOUS[:2], (2025, 2025)]
    print("unanimous, adopted otherwise, vetoed by the US, by Russia or China, short; fitted but for 2025")
    for span, mean in zip(spans, averages(theta, rows(SPONSORS), spans), strict=True):
        print(
            span,
            np.round(mean, 3),
            "adopted",
            round(mean[:2].sum(), 3),
            "of them unanimous",
            round(mean[0] / mean[:2].sum(), 3),
        )
    print("left out: log loss a draft of the model, of the shares of all other years, of the other years of its time")
    for count in (*COUNTS, UNSEEN):
        rest = tuple(c for c in COUNTS if c is not count)
        mean = averages(
            fit(rest, SPONSORS, unanimous=count.first not in (2010, 2020), start=theta)[0],
            rows(SPONSORS),
            [(count.first, count.last)],
        )[0]
        same = [c for c in rest if council.favour(c.first) == council.favour(count.first)]
        print(count.first, count.last, *[round(score(m, count), 4) for m in (mean, base(list(rest)), base(same))])


if __name__ == "__main__" and len(sys.argv) > 1:
    write_table(Path(sys.argv[1]))
elif __name__ == "__main__":
    report()
