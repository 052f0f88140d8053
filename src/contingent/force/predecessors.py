"""Who was already in the field under another flag when a UN mission took over.

UN experience alone ranks coalition contributors badly: most of a regional or coalition force is re-hatted when its
UN successor starts. The lists name members of the earlier force, as public descriptions of that force give them, and
were typed from general knowledge, not from a document kept here: a judgement to be corrected by whoever knows better.
Names are those of the IPI Peacekeeping Database.
"""

from __future__ import annotations

PREDECESSORS: dict[str, tuple[str, tuple[str, ...]]] = {
    "MINURCA": ("MISAB", ("Burkina Faso", "Chad", "Gabon", "Mali", "Senegal", "Togo")),
    "UNAMSIL": ("ECOMOG", ("Nigeria", "Ghana", "Guinea", "Mali")),
    "UNMIL": ("ECOMIL", ("Nigeria", "Ghana", "Senegal", "Mali", "Togo", "Benin", "Gambia", "Guinea-Bissau")),
    "UNOCI": ("ECOMICI", ("Niger", "Senegal", "Ghana", "Togo", "Benin")),
    "MINUSTAH": ("Multinational Interim Force", ("United States of America", "Chile", "France", "Canada")),
    "ONUB": ("AMIB", ("South Africa", "Ethiopia", "Mozambique")),
    "UNAMID": ("AMIS", ("Rwanda", "Nigeria", "Senegal", "South Africa", "Gambia", "Kenya", "Ghana")),
    "MINURCAT": (
        "EUFOR Tchad/RCA",
        (
            "France", "Ireland", "Poland", "Austria", "Sweden", "Italy", "Spain", "Finland", "Belgium", "Netherlands",
            "Russian Federation", "Albania", "Croatia", "Romania", "Slovenia", "Portugal",
        ),
    ),
    "MINUSMA": (
        "AFISMA",
        (
            "Togo", "Niger", "Senegal", "Burkina Faso", "Chad", "Nigeria", "Benin", "Cote d Ivoire", "Ghana", "Guinea",
            "Liberia", "Sierra Leone",
        ),
    ),
    "MINUSCA": ("MISCA", ("Cameroon", "Congo", "Gabon", "Chad", "Equatorial Guinea", "Burundi", "Rwanda")),
}  # fmt: skip


def served_before(mission: str, country: str) -> bool:
    """Whether a country was in the force that a UN mission took over from."""
    return mission in PREDECESSORS and country in PREDECESSORS[mission][1]
