"""What is a draft: which changes stand on its base, and what becomes of them when one is taken back?

Event sourcing: a draft is a list of entries that only grows. Undo and redo are entries too, so that they survive a
reload, a restart and an issued brief; what stands is reckoned from all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from contingent.errors import InputError
from contingent.notation import write_estimate
from contingent.quantities import Estimate
from contingent.scenario.model import Scenario, learned
from contingent.scenario.paths import value_at
from contingent.study.comparison import shown

LARGE = 0.25  # of the range a number may lie in; a larger move asks for its reason (a judgement)
LINKS = "learned"  # where a case says which claims move which of its numbers; a change there adds some
LONGEST = 300  # characters of a path
Kind = Literal["change", "drop", "undo", "redo", "why", "issue"]


class Patch(BaseModel):
    """Another value at one dotted path; `old` is None where nothing stood, `new` is `none` where nothing shall."""

    model_config = ConfigDict(frozen=True)
    path: str = Field(min_length=1, max_length=LONGEST)
    old: Any = None
    new: Any


class Entry(BaseModel):
    """One thing done to a draft: `seq` counts from 1, `target` is the entry that is dropped or given its reason."""

    model_config = ConfigDict(frozen=True)
    seq: int
    kind: Kind
    patches: tuple[Patch, ...] = ()
    why: str = ""
    who: str
    when: str
    """ISO 8601, to the second, in UTC."""
    target: int = 0
    run: str = ""
    """The run whose brief was issued."""

    def __str__(self) -> str:
        whole = (isinstance(each.new, dict) and "best" not in each.new for each in self.patches)  # a record says itself
        return "; ".join(each.path if new else f"{each.path}: {shown(each.old)} \u2192 {shown(each.new)}"
                         for each, new in zip(self.patches, whole, strict=True))  # fmt: skip


class Standing(BaseModel):
    """What of a draft's entries counts: changes in force, what an undo and a redo would touch, and the last issue."""

    changes: tuple[Entry, ...]
    undo: Entry | None
    redo: Entry | None
    issued: Entry | None
    fresh: bool
    """Whether nothing was done since the last brief was issued."""

    @property
    def patched(self) -> dict[str, Any]:
        """The changes by path, in the order in which they were made last."""
        found: dict[str, Any] = {}
        for patch in (patch for entry in self.changes for patch in entry.patches):
            found.pop(patch.path, None)
            found[patch.path] = patch.new
        return found


def standing(entries: Sequence[Entry]) -> Standing:
    """What stands after all entries of a draft.

    A change that is dropped is taken back alone, and dropping it can itself be undone. Whatever is done anew ends what
    could be redone.
    """
    done, undone = list[Entry](), list[Entry]()
    reasons, issued = dict[int, str](), None
    for entry in entries:
        match entry.kind:
            case "change" | "drop":
                done.append(entry)
                undone = []
            case "undo" if done:
                undone.append(done.pop())
            case "redo" if undone:
                done.append(undone.pop())
            case "why":
                reasons[entry.target] = entry.why
            case "issue":
                issued = entry
            case _:
                pass
    dropped = {entry.target for entry in done if entry.kind == "drop"}
    kept = [
        entry.model_copy(update={"why": reasons[entry.seq]}) if entry.seq in reasons else entry
        for entry in done if entry.kind == "change" and entry.seq not in dropped
    ]  # fmt: skip
    moved = [entry.seq for entry in entries if entry.kind not in ("issue", "why")]
    return Standing(
        changes=tuple(kept), undo=done[-1] if done else None, redo=undone[-1] if undone else None, issued=issued,
        fresh=issued is not None and (not moved or moved[-1] < issued.seq),
    )  # fmt: skip


def applied(base: Scenario, stands: Standing) -> Scenario:
    """The scenario of a draft, as claims leave it; every number that a change put there says who put it there and why.

    Raises:
        ScenarioError: the changes do not fit together, as after one of them was taken back alone.
    """
    changes = rewritten(base, stands)
    return learned(base.with_(changes) if changes else base)


def rewritten(base: Scenario, stands: Standing) -> dict[str, Any]:
    """What a draft changes in the files of its case, by path; `base` is the case as written.

    Who writes a number ends what claims did to it before; a claim that is gone, or takes no side, moves nothing.
    """
    patched, linked = stands.patched, {path: dict.fromkeys(names) for path, names in base.learned.items()}
    for patch in (each for entry in stands.changes for each in entry.patches):
        linked.pop(patch.path, None)
        for path, names in patch.new.items() if patch.path == LINKS else ():
            linked[path] = linked.get(path, {}) | dict.fromkeys(names)
    moved = {path: [name for name in names if patched.get(f"claims.{name}", name in base.claims) not in ("none", False)
                    and patched.get(f"claims.{name}.polarity") != 0] for path, names in linked.items()}  # fmt: skip
    moved = {path: names for path, names in moved.items() if names}
    changes = {path: sourced(base, path, new, stands) for path, new in patched.items() if path != LINKS}
    return changes | ({LINKS: moved} if moved != written(base.learned) else {})


def sourced(base: Scenario, path: str, new: Any, stands: Standing) -> Any:
    """A value as a scenario file would have it; a number rests on the reason of whoever wrote it."""
    if not isinstance(standing_at(base, path), Estimate) or (isinstance(new, Mapping) and "claims" in new):
        return new
    last = next(e for e in reversed(stands.changes) if any(each.path == path for each in e.patches))
    told = f"{last.why or 'No reason given.'} (changed by {last.who} on {last.when[:10]})"
    ends = new if isinstance(new, Mapping) else {"best": new}
    return {**ends, "assumption": told}


def standing_at(scenario: Scenario, path: str) -> Any:
    """What stands at a path; None if nothing does."""
    try:
        return value_at(scenario, path)
    except KeyError:
        return None


def written(value: Any) -> Any:
    """A value of a scenario as JSON and a file hold it; a number without what it rests on."""
    if isinstance(value, Estimate):
        return write_estimate(Estimate(value.best, value.low, value.high, unit=value.unit))
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, Mapping):
        return {str(key): written(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [written(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def patches(scenario: Scenario, wanted: Mapping[str, Any]) -> tuple[Patch, ...]:
    """Changes as patches, each with what stands there now; those that change nothing are left out.

    Raises:
        InputError: nothing is changed, or what is to be is no path.
    """
    if odd := [path for path in wanted if not 0 < len(path) <= LONGEST]:
        raise InputError(f"`{odd[0][:60]}` is no path: write 1 to {LONGEST} characters, such as process.deadline")
    now = {path: written(standing_at(scenario, path)) for path in wanted}
    found = tuple(Patch(path=path, old=now[path], new=new) for path, new in wanted.items() if now[path] != new)
    if not found:
        raise InputError("nothing is changed: that is what stands there already")
    return found


def large(before: Scenario, after: Scenario, changed: Iterable[Patch]) -> list[str]:
    """The paths of numbers that move by more than a quarter of what they may be, or, where that has no end, out of
    their own interval: whoever moves them should say why.
    """
    found = []
    for path in (patch.path for patch in changed):
        was, now = standing_at(before, path), standing_at(after, path)
        if not (isinstance(was, Estimate) and isinstance(now, Estimate)):
            continue
        width = was.unit.at_most - was.unit.at_least
        if abs(now.best - was.best) > LARGE * width or (width == float("inf") and not was.low <= now.best <= was.high):
            found.append(path)
    return found
