"""Which full runs of the draft are done or under way, what has its brief been issued from, and what changed since?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contingent.errors import RunError
from contingent.study.store import manifest_of
from contingent.workbench.desk import Desk
from contingent.workbench.draft import standing
from contingent.workbench.drafts import Sight
from contingent.workbench.issuing import KINDS
from contingent.workbench.page import frame


def runs(desk: Desk, sight: Sight, asked: Mapping[str, str]) -> dict[str, Any]:
    """The draft's jobs, newest first, its finished runs with their briefs, and what changed since the last issue."""
    usual = {"done": 0, "partial": {}, "why": ""}
    jobs = [{"job": job, **usual, **told, "current": told["seq"] == sight.seq}
            for job, told in desk.jobs.all(sight.id).items()]  # fmt: skip
    finished = [{**each, "kinds": KINDS} for each in jobs if each["state"] == "finished" and _stored(desk, each["run"])]
    entries = desk.registry.entries(sight.id)
    issued = [entry for entry in entries if entry.kind == "issue"]
    then = {e.seq for e in standing([e for e in entries if not issued or e.seq < issued[-1].seq]).changes}
    return {
        **frame(sight), "jobs": jobs, "finished": finished,
        "issued": [{"seq": e.seq, "run": e.run, "who": e.who, "when": e.when, "why": e.why} for e in reversed(issued)],
        "since_issue": [{"seq": e.seq, "told": str(e), "why": e.why, "who": e.who}
                        for e in sight.stands.changes if issued and e.seq not in then],
        "usual": int(asked.get("runs", "2000")) if asked.get("runs", "2000").isdigit() else 2000,
    }  # fmt: skip


def _stored(desk: Desk, run: str) -> bool:
    try:
        return bool(manifest_of(desk.store.path(run)))
    except RunError:
        return False
