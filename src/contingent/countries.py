"""Which three-letter codes stand for states (ISO 3166-1 alpha-3), what did a wrong one mean, who goes by what name?"""

import csv
import unicodedata
from difflib import get_close_matches
from functools import lru_cache
from importlib.resources import files

ALPHA3 = frozenset(
    """
    ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR BHR BHS BIH BLM
    BLR BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG COK COL COM CPV CRI CUB CUW CXR
    CYM CYP CZE DEU DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH FIN FJI FLK FRA FRO FSM GAB GBR GEO GGY GHA GIB
    GIN GLP GMB GNB GNQ GRC GRD GRL GTM GUF GUM GUY HKG HMD HND HRV HTI HUN IDN IMN IND IOT IRL IRN IRQ ISL ISR ITA
    JAM JEY JOR JPN KAZ KEN KGZ KHM KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAC MAF MAR MCO MDA
    MDG MDV MEX MHL MKD MLI MLT MMR MNE MNG MNP MOZ MRT MSR MTQ MUS MWI MYS MYT NAM NCL NER NFK NGA NIC NIU NLD NOR
    NPL NRU NZL OMN PAK PAN PCN PER PHL PLW PNG POL PRI PRK PRT PRY PSE PYF QAT REU ROU RUS RWA SAU SDN SEN SGP SGS
    SHN SJM SLB SLE SLV SMR SOM SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR TCA TCD TGO THA TJK TKL TKM TLS TON
    TTO TUN TUR TUV TWN TZA UGA UKR UMI URY USA UZB VAT VCT VEN VGB VIR VNM VUT WLF WSM YEM ZAF ZMB ZWE
    """.split()
) | {"XKX"}  # user-assigned code in general use for Kosovo

FORMER = frozenset("ANT BUR BYS CSK DDR DHY HVO RHO SCG SUN TMP VDR YMD YUG ZAR".split())
"""Codes that were in the list and were withdrawn (ISO 3166-3): past decisions name such states."""

OWN_NAMES = {  # as states name themselves at the United Nations, where a list of data has an older or a bare spelling
    "CIV": "Côte d'Ivoire", "CPV": "Cabo Verde", "CZE": "Czechia", "MKD": "North Macedonia", "SWZ": "Eswatini",
    "STP": "São Tomé and Príncipe", "TUR": "Türkiye", "VNM": "Viet Nam",
}  # fmt: skip


def suggestions(written: str) -> list[str]:
    """Codes that may have been meant, best first; at most three."""
    said, start = plain(written), written.upper()
    if close := [said] if said in names() else get_close_matches(said, names(), n=1, cutoff=0.8):
        return [names()[close[0]]]
    begins = sorted(code for code in ALPHA3 if start and code.startswith(start[:2]))
    own = sorted({code for name, code in names().items() if len(start) == 3 and name.startswith(said)})
    return [*dict.fromkeys(own + begins)][:3]


def country(code: str) -> tuple[str, str]:
    """The complaint about a text that is no country code."""
    meant = suggestions(code)
    fix = f"did you mean {' or '.join(meant)}?" if meant else "a state has three capital letters"
    return f"`{code}` is not an ISO 3166 alpha-3 country code", fix


def is_country(code: str) -> bool:
    """Whether a text is a country's three-letter code, of today or withdrawn."""
    return code in ALPHA3 or code in FORMER


def plain(name: str) -> str:
    """A name without case, accents, signs and article, as people write it."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in letters if c.isalnum()).removeprefix("the")


@lru_cache(maxsize=1)
def names() -> dict[str, str]:
    """What states are called in many languages and spellings, as `plain`, to their codes."""
    with (files("contingent") / "country_names.csv").open(encoding="utf-8") as lines:
        return {plain(name): row["iso3"] for row in csv.DictReader(lines) for name in row["names"].split("|")}


def code_of(written: str) -> str:
    """The code of a state from its code or its name, however it is written; empty if it is none."""
    code = written.strip().upper()
    return code if is_country(code) else names().get(plain(written), "")
