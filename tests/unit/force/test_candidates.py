"""Whom to ask: what maps of units say of every state, on the scale the model was taught with."""

from __future__ import annotations

from math import log1p
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from contingent.errors import DataError
from contingent.force.candidates import ALONE, SHARED, features, hosts, scaled, service
from contingent.force.delivery import MONTHS, months_to
from contingent.force.propensity import fit

DATA = Path(__file__).parents[3].parent / "shared" / "data" / "tcc"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the reference data are not beside this clone")


def states() -> pd.DataFrame:
    rows = [("Aland", "AAA", "West", "One", 10, 10), ("Borduria", "BBB", "West", "One", 20, 20), ("Cote d Ivoire", "CIV", "East", "Two", -30, 5)]  # fmt: skip  # noqa: E501
    table = pd.DataFrame(rows, columns=["country", "country_id", "un_region", "continent", "loc.y", "loc.x"])
    return table.assign(**{group: ["True", "False", "True"] for group in dict.fromkeys(SHARED + ALONE)})


def maps() -> pd.DataFrame:
    rows = [
        ("M1", 2023, 20.5, 20.2, "Aland (150), Cote d'Ivoire (size unknown)"),
        ("M1", 2023, 19.5, 20.0, "Aland (650)"),
        ("M1", 2020, 20.0, 20.0, "Aland (100)"),
        ("M2", 2024, -29.0, 5.0, "Borduria (40)"),
    ]
    return pd.DataFrame(rows, columns=["mission", "year", "latitude", "longitude", "year.overview"])


def panel() -> pd.DataFrame:
    known = [
        "l_tot24",
        "l_trp24",
        "l_trpmax24",
        "trend",
        "ever_t",
        "nmis24",
        "same_reg_ever",
        "same_host_rec",
        "both_oic",
    ]
    rows = [(c, "OLD", 24171, 0, np.nan, *([1.0] * len(known))) for c in ("Aland", "Borduria", "Cote d Ivoire")]
    return pd.DataFrame(rows, columns=["c", "m", "t0", "y", "size", *known])


def test_units_are_summed_over_places_and_names_are_the_panels() -> None:
    found = {(s.state, s.mission, s.year): s.persons for s in service(maps())}
    assert found["Aland", "M1", 2023] == 800
    assert found["Cote d Ivoire", "M1", 2023] == 35  # of unknown size: a platoon
    assert hosts(maps(), states().to_dict("records")) == {"M1": "Borduria", "M2": "Cote d Ivoire"}


def test_what_is_known_of_a_state_at_a_new_mission() -> None:
    found = features(panel(), maps(), states(), "AAA", 2024).set_index("c")
    aland = found.loc["Aland"]
    assert aland["l_tot24"] == pytest.approx(log1p(400))  # 800 in one of two years
    assert aland["l_trpmax24"] == pytest.approx(log1p(800))
    assert aland["trend"] == pytest.approx(log1p(400) - log1p(100 / 3))
    assert aland["ever_t"] == 1
    assert aland["same_reg_ever"] == 1  # M1 is in Borduria, of the host's region
    assert found.loc["Borduria", "ever_t"] == 0  # forty are no formed contingent
    assert found["both_oic"].tolist() == [1.0, 0.0, 1.0]
    earlier = features(panel(), maps(), states(), "AAA", 2022).set_index("c")
    assert earlier.loc["Aland", "l_tot24"] == 0  # nothing later than the year is known
    with pytest.raises(DataError, match="ZZZ is not among the states"):
        features(panel(), maps(), states(), "ZZZ", 2024)


def test_sizes_are_put_on_the_panels_scale() -> None:
    found = features(panel(), maps(), states(), "AAA", 2024)
    out = scaled(found, found, panel()).set_index("c")
    assert out.loc["Aland", "l_tot24"] == pytest.approx(1.0)  # what the panel says of the state both show
    assert out.loc["Borduria", "l_tot24"] == max(0.0, log1p(20) + 1.0 - log1p(400))


@needs_data
def test_missions_lie_where_they_were() -> None:
    tables = (pd.read_csv(DATA / name) for name in ("geopko_v23_tccmap_year.csv", "ipi_countries_groups.csv"))
    maps, table = tables
    found = hosts(maps, table.to_dict("records"))
    assert (found["MINUSTAH"], found["UNIFIL"], found["UNMIL"]) == ("Haiti", "Lebanon", "Liberia")


@needs_data
def test_maps_rank_contributors_as_the_panel_does() -> None:
    """MINUSCA forecast from missions closed before it, its features once from the panel and once from maps."""
    from contingent.scoring import auc

    table = pd.read_csv(DATA / "contributors_task.csv")
    now = table[table["m"] == "MINUSCA"]
    model = fit(table[table["t0"] <= now["t0"].iloc[0] - 24].drop(columns="m"))
    args = (table, pd.read_csv(DATA / "geopko_v23_tccmap_year.csv"), pd.read_csv(DATA / "ipi_countries_groups.csv"))
    found = features(*args, "CAF", 2013)
    mapped = scaled(found, found, table).set_index("c").loc[now["c"].tolist()].drop(columns="iso3")
    came = now["y"].to_numpy(int)
    by_panel, by_maps = (auc(model.probability(t), came) for t in (now.drop(columns="m"), mapped.reset_index()))
    assert by_maps >= by_panel - 0.02


def test_months_to_a_share_of_the_strength() -> None:
    past = pd.DataFrame({"mission": ["A", "B"], "mandate": ["2001-01-01", "2002-01-01"]})
    for month in MONTHS:
        past[f"m{month}"] = [min(1.0, month / 12), 0.4]
    found = months_to(past, 0.5, np.zeros(2))
    assert sorted(found.value.tolist()) == [6.0, np.inf]
