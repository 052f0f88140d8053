"""Who was already in the field under another flag when a UN mission took over.

UN experience alone ranks coalition contributors badly: most of a regional or coalition force is re-hatted when its
UN successor starts. One rule for every row: a mission of the panel that took over from a force which stood in the
field under another flag at the mandate; its members are the states that a page kept in a public archive names as
having formed troops there, or as sending them by then. Observers and staff officers do not count. Names are those of
the IPI Peacekeeping Database.

What the rule left out: Sierra Leone in Mali (no page); Ghana in Darfur (observers only); "Zambia" in one list of troops
in Darfur (most likely the Gambia); Romania in Chad (withdrew its offer). UNMIH has no row: the multinational force had
only begun to land at the date the panel gives it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Predecessor:
    """A force that a UN mission took over from."""

    mission: str
    force: str
    members: tuple[str, ...]
    sources: tuple[str, ...]
    """Publisher, date, address."""


PREDECESSORS = (
    Predecessor(
        "MINURCA", "MISAB",
        ("Burkina Faso", "Chad", "Gabon", "Mali", "Senegal", "Togo"),
        ("PA-X, University of Edinburgh: mandate of 6 March 1997, https://pax.peaceagreements.org/agreements/443",),
    ),
    Predecessor(
        "UNAMSIL", "ECOMOG in Sierra Leone",
        ("Nigeria", "Ghana", "Guinea", "Mali", "Gambia"),
        (
            "IRIN, 29 November 1999, https://www.thenewhumanitarian.org/news/1999/11/29/ecomog-form-bulk-force",
            "BBC (Mali and the Gambia sending 500), 29 December 1998, http://news.bbc.co.uk/2/hi/243956.stm",
        ),
    ),
    Predecessor(
        "UNMIL", "ECOMIL",
        ("Nigeria", "Ghana", "Senegal", "Mali", "Togo", "Benin", "Gambia", "Guinea-Bissau"),
        (
            "IRIN, 2 September 2003,"
            " https://www.globalsecurity.org/military/library/news/2003/09/mil-030902-irin04.htm",
            "StrategyPage, 6 September 2003, https://mobile.strategypage.com/qnd/liberia/articles/20030906.aspx",
        ),
    ),
    Predecessor(
        "UNOCI", "ECOMICI",
        ("Niger", "Senegal", "Ghana", "Togo", "Benin"),
        ("PANA (1,258 troops by country at 18 March 2003), https://m.reliefweb.int/report/121608",),
    ),
    Predecessor(
        "MINUSTAH", "Multinational Interim Force",
        ("United States of America", "Chile", "France", "Canada"),
        (
            "US Department of State, 28 June 2004,"
            " https://www.globalsecurity.org/military/library/news/2004/06/mil-040628-usia02.htm",
        ),
    ),
    Predecessor(
        "ONUB", "AMIB",
        ("South Africa", "Ethiopia", "Mozambique"),
        (
            "UN News, 1 June 2004, https://news.un.org/en/story/2004/06/"
            "105302-african-mission-built-solid-foundation-un-force-burundi-annan-says",
        ),
    ),
    Predecessor(
        "UNAMID", "AMIS",
        ("Rwanda", "Nigeria", "Senegal", "South Africa", "Gambia", "Kenya"),
        (
            "Reuters, 13 August 2007, https://sudantribune.com/article23486",
            "Reuters (Kenya), 4 February 2005, https://sudantribune.com/article8529",
            "AFP (the Gambia), 24 December 2004, https://sudantribune.com/article7894",
        ),
    ),
    Predecessor(
        "MINURCAT", "EUFOR Tchad/RCA",
        (
            "France", "Ireland", "Poland", "Austria", "Sweden", "Italy", "Spain", "Finland", "Belgium", "Netherlands",
            "Portugal", "Slovenia", "Albania", "Croatia", "Russian Federation",
        ),
        (
            "Wikipedia as of 2008, https://en-academic.com/dic.nsf/enwiki/8142164",
            "B2 (Albania, Croatia, Russia; Romania not), September 2008, https://www.bruxelles2.eu/en/2008/09/"
            "the-russians-confirm-their-participation-in-the-european-mission-eufor-chad/",
            "Onore e fedeltà quoting the Italian Defence Staff, 30 January 2008,"
            " http://onoreefedelta.blogspot.com/2008/01/ciad-nuova-missione-europea-con.html",
        ),
    ),
    Predecessor(
        "MINUSMA", "AFISMA",
        (
            "Togo", "Niger", "Senegal", "Burkina Faso", "Chad", "Nigeria", "Benin", "Cote d Ivoire", "Ghana", "Guinea",
            "Liberia",
        ),
        (
            "AFP, 29 June 2013, http://www.globalpost.com/dispatch/news/afp/130629/"
            "african-troops-passing-baton-un-peacekeepers",
            "Liberia and Friends (platoon announced), 22 January 2013,"
            " http://liberiaandfriends.blogspot.com/2013_01_20_archive.html",
        ),
    ),
    Predecessor(
        "MINUSCA", "MISCA",
        ("Cameroon", "Congo", "Gabon", "Chad", "Equatorial Guinea", "Burundi", "Rwanda"),
        (
            "Xinhua quoting the African Union Commission, early 2014, http://news.africahotnews.com/?idnews=773394"
            "&t=5-305-soldats-de-la-MISCA-fournis-par-8-pays-d-Afrique-centrale,-y-compris-le-Rwanda",
        ),
    ),
)  # fmt: skip
_SERVED = frozenset((row.mission, member) for row in PREDECESSORS for member in row.members)


def served_before(mission: str, country: str) -> bool:
    """Whether a country was in the force that a UN mission took over from."""
    return (mission, country) in _SERVED
