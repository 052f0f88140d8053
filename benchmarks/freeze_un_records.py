"""Derive force/data/un_records.csv: what each state had in UN missions, from the IPI panel and the UN's fatalities.

    uv run python benchmarks/freeze_un_records.py ../shared/data/tcc > src/contingent/force/data/un_records.csv

One row a state, sums and peaks only; none of the monthly data.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from contingent.force.states import states

KINDS = ["troops", "police", "experts"]
NAMES = {
    "Kosovo": "XKX", "The former Yugoslav Republic of Macedonia": "MKD", "Cote d'Ivoire": "CIV",
    "Federal Republic of Yugoslavia": "SRB", "Great Britain": "GBR", "Russia": "RUS",
    "Côte d'Ivoire": "CIV", "Democratic Republic of the Congo": "COD", "Germany Federal Republic of": "DEU",
    "Occupied Palestinian Territory": "PSE", "Serbia and Montenegro": "SRB", "Yugoslavia": "SRB",
}  # fmt: skip
folder = Path(sys.argv[1])
groups = pd.read_csv(folder / "ipi_countries_groups.csv").drop_duplicates("country")
code = dict(zip(groups["country"], groups["country_id"], strict=True)) | NAMES
panel = pd.read_csv(folder / "ipi_contributor_month_1990_2014.csv.gz").dropna(subset=["contributor"])
by_mission = pd.read_csv(folder / "ipi_contributor_mission_month_2009_2014.csv.gz")
deaths = pd.read_csv(folder / "fatalities_contingent_mission_month.csv.gz")
panel = panel.assign(iso3=panel["contributor"].map(code), people=panel[KINDS].fillna(0).sum(axis=1))
died = deaths.assign(iso3=deaths["Nationality"].map(code), uniformed=deaths[["Mil", "Obs", "Police"]].sum(axis=1))
died = died.groupby("iso3")["uniformed"].sum()
served = by_mission[by_mission["total"] > 0].groupby("iso3")["mission"].nunique()
unknown = sorted(
    {
        *panel.loc[panel["iso3"].isna(), "contributor"],
        *deaths.loc[deaths["Nationality"].map(code).isna(), "Nationality"],
    }
)
print("left out:", ", ".join(map(str, unknown)), file=sys.stderr)
sys.stdout.write("iso3,person_months,troop_months,police_months,expert_months,peak,peak_month,missions,months,deaths\n")
for iso3 in sorted(states()):
    mine = panel[panel["iso3"] == iso3]
    if not len(mine) or not mine["people"].sum():
        continue
    monthly = mine.groupby("date")["people"].sum()
    sums = [int(mine[kind].fillna(0).sum()) for kind in KINDS]
    peak = [int(monthly.max()), str(monthly.idxmax())[:7], int(served.get(iso3, 0)), int((monthly > 0).sum())]
    row = [iso3, int(mine["people"].sum()), *sums, *peak, int(died.get(iso3, 0))]
    sys.stdout.write(",".join(map(str, row)) + "\n")
