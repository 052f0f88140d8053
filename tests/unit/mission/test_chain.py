"""A chain names what followed a break, and hardly anything where nothing broke."""

from __future__ import annotations

import numpy as np

from contingent.mission.chain import BREAKS, LAG, LINKS, breaks, calm, follow, of_series

WEEKS = 104


def noise(seed: int) -> dict[str, np.ndarray]:
    """States that only tremble."""
    draw = np.random.default_rng(seed)
    names = {*LINKS, *(target for links in LINKS.values() for target, _, _ in links)}
    return {name: draw.normal(size=WEEKS) for name in sorted(names)}


def test_where_nothing_broke_links_are_as_rare_as_said() -> None:
    quiet = calm(np.array([50]), WEEKS)
    found = [bool(follow(noise(seed), "ceasefire", 50, quiet)) for seed in range(200)]
    assert np.mean(found) <= 0.09  # 5 %, and the noise of 200 trials


def test_what_a_break_did_is_found() -> None:
    series = noise(1)
    series["outside_deaths"][52:56] += 8
    steps = follow(series, "ceasefire", 50, calm(np.array([50]), WEEKS))
    assert [name for name, _, _ in steps][:1] == ["outside_deaths"]
    assert steps[0][2] > 5


def test_calm_weeks_keep_their_distance_from_every_break() -> None:
    series = {"ceasefire": np.r_[np.ones(30), np.zeros(40), np.ones(34)]}
    assert breaks(series, "ceasefire").tolist() == [30]
    weeks = calm(breaks(series, "ceasefire"), WEEKS)
    assert np.abs(weeks - 30).min() == LAG + 1
    assert weeks.max() == WEEKS - LAG - 1


def test_too_few_calm_weeks_are_owned_up_to() -> None:
    series = noise(3)
    for name in BREAKS:
        series[name] = np.zeros(WEEKS)
    series["ceasefire"] = np.tile([1.0] * 5 + [0.0] * 8, 8)  # it falls every 13 weeks
    links = of_series(series)
    assert len(links) == 8
    assert all("too few calm weeks" in str(link) and not link.followed for link in links)
