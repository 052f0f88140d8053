"""Write country_names.csv: what states are called in other languages and spellings.

uv run --with babel==2.18.0 python benchmarks/freeze_country_names.py > src/contingent/country_names.csv

Names of the Unicode Common Locale Data Repository (Unicode License v3) as the package Babel 2.18 has them, and those
of common use in OTHER; one that fits two states, once case and accents are gone, is left out.
"""

from collections import defaultdict

from babel import Locale
from babel.core import get_global

from contingent.countries import ALPHA3, OWN_NAMES, plain

LANGUAGES = "en fr es ar zh ru de pt it nl tr id ms fa ur hi bn sw uk pl ja ko he sv da nb fi el cs hu ro".split()
OTHER = {
    "bolivia plurinational state of": "BOL", "burma": "MMR", "brunei darussalam": "BRN", "cape verde": "CPV",
    "czech republic": "CZE", "czechoslovakia": "CSK", "drc": "COD", "zaire": "COD", "congo": "COG", "dr congo": "COD",
    "democratic republic of congo": "COD", "democratic republic of the congo": "COD", "congo brazzaville": "COG",
    "congo brazaville": "COG", "congo kinshasa": "COD", "republic of congo": "COG", "republic of the congo": "COG",
    "congo dem rep": "COD", "congo rep": "COG", "congo republic of": "COG", "congo dr": "COD", "rdc": "COD",
    "east timor": "TLS", "timor leste": "TLS", "great britain": "GBR", "holland": "NLD",
    "islamic republic of iran": "IRN", "iran islamic republic of": "IRN", "ivory coast": "CIV", "korea": "KOR",
    "republic of korea": "KOR", "korea republic of": "KOR", "korea south": "KOR", "south korea": "KOR",
    "korea north": "PRK", "north korea": "PRK", "dprk": "PRK", "democratic peoples republic of korea": "PRK",
    "kyrgyz republic": "KGZ", "lao peoples democratic republic": "LAO", "macedonia": "MKD", "fyrom": "MKD",
    "former yugoslav republic of macedonia": "MKD", "moldova republic of": "MDA", "republic of moldova": "MDA",
    "palestine": "PSE", "palestinian": "PSE", "state of palestine": "PSE", "russian federation": "RUS",
    "slovak republic": "SVK", "swaziland": "SWZ", "syrian arab republic": "SYR", "tanzania united republic of": "TZA",
    "united republic of tanzania": "TZA", "the gambia": "GMB", "gambia the": "GMB", "bahamas the": "BHS",
    "turkey": "TUR", "uae": "ARE", "uk": "GBR", "united kingdom of great britain and northern ireland": "GBR",
    "us": "USA", "usa": "USA", "united states of america": "USA", "venezuela bolivarian republic of": "VEN",
    "viet nam": "VNM", "cote divoire": "CIV", "bosnia herzegovina": "BIH", "saint kitts and nevis": "KNA",
    "saint vincent and the grenadines": "VCT",
    "micronesia federated states of": "FSM", "kosovo": "XKX", "taiwan": "TWN", "yugoslavia": "YUG",
    "serbia and montenegro": "SCG", "south sudan": "SSD", "vatican": "VAT", "holy see": "VAT",
}  # fmt: skip

aliases = {iso3: twos[0] for iso3, twos in get_global("territory_aliases").items() if iso3 in ALPHA3}
aliases["XKX"] = "XK"
called: dict[str, set[str]] = defaultdict(set)
spelled: dict[str, dict[str, str]] = defaultdict(dict)
for language in LANGUAGES:
    names = Locale(language).territories
    for iso3, iso2 in aliases.items():
        if iso2 in names:
            for name in {names[iso2], names[iso2].replace("&", "and")}:
                called[plain(name)].add(iso3)
                spelled[iso3].setdefault(plain(name), name)
for name, iso3 in [*OTHER.items(), *((name, iso3) for iso3, name in OWN_NAMES.items())]:
    called[plain(name)] = {iso3}
    spelled[iso3].setdefault(plain(name), name)

print("iso3,names")
for iso3 in sorted(spelled):
    kept = [name for key, name in sorted(spelled[iso3].items()) if called[key] == {iso3} and '"' not in name and key]
    print(f'{iso3},"{"|".join(kept)}"')
