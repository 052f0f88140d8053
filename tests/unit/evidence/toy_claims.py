"""Claims, rows and packs made by hand, small enough to work every number out on paper."""

from __future__ import annotations

from contingent.evidence.claim import LedgerClaim
from contingent.evidence.pack import Pack

PACK = Pack.model_validate(
    {
        "name": "toy",
        "question": "Will the state send troops?",
        "factors": {
            "cost": {"keywords": ["budget", "cost*"]},
            "honour": {"keywords": ["honour", "prestige"]},
            "mandate/legal": {"keywords": ["mandate"]},
        },
        "argues_for": ["affordable"],
        "argues_against": ["too expensive", "a trap"],
        "people": {"Aho": {"name": "Leena Aho", "office": "foreign minister", "state": "NRD"}},
        "institutions": ["Nordic Council"],
        "channels": {"Radio Syd": {"language": "sv"}, "Radio Nord": {"language": "en"}},
        "progress": ["advanced stage"],
        "force_names": ["peacekeepers", "stabilization force"],
        "enforcement": ["disarm*"],
        "consultation_words": ["taken into confidence"],
        "topics": {"rules of engagement": ["rules of engagement"], "parliament": ["parliament"]},
        "key_factors": ["cost"],
        "facts": {
            "plan": {
                "says": "the plan is of 23 September 2025", "published": "2025-09-23", "source": "UN",
                "keywords": ["peace plan"], "not_before": "2025-09-23", "authors": ["Washington"],
                "author_words": ["proposed"],
            },
            "deployed": {
                "says": "200,000 have served since 1960", "published": "2018-10-01", "source": "UN",
                "keywords": ["soldiers"], "figure": 200_000,
            },
        },
        "branches": {"un_mandate": ["UN mandate", "Security Council"]},
    }
)  # fmt: skip


def found(
    name: str = "c01", speaker: str = "Leena Aho", kind: str = "person", office: str = "", **changes: object
) -> LedgerClaim:
    """A claim as it is found: a named person's fact on the record, changed as a test says."""
    values: dict = {
        "id": name, "spans": ((0, 10),), "speaker": speaker, "kind": kind, "office": office,
        "attribution": "named-official", "record": "on-the-record", "form": "indirect", "modality": "fact-asserted",
    }  # fmt: skip
    return LedgerClaim(**{**values, **changes})


def held(name: str = "d/c01", grade: str = "B2", **changes: object) -> LedgerClaim:
    """A claim as the ledger holds it, changed as a test says; its document is what stands before the slash."""
    row = {
        "id": name, "document": name.partition("/")[0], "spans": [{"start": 0, "end": 9}], "quote": "they will",
        "speaker": {"name": "Leena Aho", "kind": "person", "office": "minister"}, "speaker_span": None, "cue": None,
        "attribution": "named-official", "record": "on-the-record", "form": "indirect", "modality": "intention",
        "channel": "", "date": "", "day": "", "negated": False, "act": "send", "actor_state": "NRD",
        "actor_office": "government", "condition": "", "conditional": False, "hedges": [],
        "quantities": [], "factors": ["cost"], "polarity": 1, "about": "", "relay": [], "free_indirect": False,
        "group": "leena_aho@nord",
        "proposal": {"letter": grade[0], "letter_reason": "minister", "number": int(grade[1]), "number_reason": "firm"},
        "method": {"name": "grammar", "version": "1"},
    }  # fmt: skip
    return LedgerClaim.from_row({**row, **changes})
