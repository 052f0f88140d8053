"""Keep the records of all backtests, and write the page that tells them: `python benchmarks/track_record.py [DATA]`.

With DATA, the folder of the data of all tasks, every task is run and `contingent/scoring/records.json` written anew
(a quarter of an hour); data given so are marked as seen, unless `--unseen` says that nobody who builds this has looked
at them: their records are kept beside the others. The page is written from what is kept; a test compares the bytes.
"""

from __future__ import annotations

import json
import tomllib
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from contingent.evidence.ledger import Ledger
from contingent.scoring.tasks import kept, run_all

ROOT = Path(__file__).parents[1]
RECORDS = ROOT / "src" / "contingent" / "scoring" / "records.json"
PAGE = ROOT / "docs" / "reference" / "track-record.md"
SEALED = ROOT / "docs" / "reference" / "sealed"
NOTES = 2  # of a record; what is beyond tells case by case
WORDS = tomllib.loads((Path(__file__).parent / "track_record.toml").read_text("utf-8"))


def made_anew(data: Path, *, seen: bool) -> list[dict[str, Any]]:
    """The records of every task whose data are there, in each of its ways, beside those kept of other data."""
    found = []
    for card in run_all(data):
        print(card.to_text().splitlines()[0], flush=True)
        if card.n:
            more = f"{len(card.notes) - NOTES} more lines: `contingent backtest {card.task}`"
            notes = (*card.notes[:NOTES], *([more] if len(card.notes) > NOTES else []))
            record = {**replace(card, notes=notes).to_dict(), "seen": seen}
            if not seen:
                record.pop("forecasts", None)  # they tell what came
            found.append(rounded(record))
    fresh = {(one["task"], one["fit"], one["data_sha256"]) for one in found}
    there = {one["task"] for one in found}
    others = [one for one in kept() if (one["task"], one["fit"], one["data_sha256"]) not in fresh
              and (one["seen"] != seen or one["task"] not in there)]  # fmt: skip
    return sorted([*others, *found], key=lambda one: (one["task"], one["fit"], one["data_sha256"]))


def rounded(value: Any) -> Any:
    """The same with five significant digits: what differs beyond is another machine's arithmetic."""
    if isinstance(value, dict):
        return {key: rounded(each) for key, each in value.items()}
    if isinstance(value, list):
        return [rounded(each) for each in value]
    return float(f"{value:.5g}") if isinstance(value, float) else value


def number(score: dict[str, float | None] | None) -> str:
    """A score with its interval, as in a table; a dash where there is none."""
    if not score or score["value"] is None:
        return "-"
    low, high = score["low"], score["high"]
    return f"{score['value']:.4g}" + (f" ({low:.3g} to {high:.3g})" if low is not None and low != high else "")


def page(records: list[dict[str, Any]]) -> str:
    """The page of the track record."""
    lines = [WORDS["head"].strip(), ""]
    lost = [
        f"`{one['task']}`{' ' + one['fit'] if one['fit'] else ''}: {each}" for one in records for each in one["lost"]
    ]
    lines += ["## What loses to its baseline", WORDS["losing"].strip(), ""]
    lines += [*(f"- LOST: {each}" for each in lost), ""] if lost else ["Nothing, on these data.", ""]
    lines += ["## What was never scored", WORDS["unscored"].strip(), ""]
    lines += [*(f"- **{what}**: never scored. {why}" for what, why in WORDS["never"].items()), ""]
    for one in records:
        lines += [f"## {one['task']}{', ' + one['fit'] if one['fit'] else ''}", WORDS["what"].get(one["task"], ""), ""]
        at_hand = "**seen** while this was built" if one["seen"] else "not seen while this was built"
        lines += [f"{one['n']} cases; {one['cutoff']}. Data {one['data_sha256'][:12]}, {at_hand}.", ""]
        lines += ["| score | ours | baseline | theirs | difference | |", "|---|---|---|---|---|---|"]
        for name in one["scores"]:
            beside = [(base, each[name]) for base, each in one["baselines"].items() if name in each] or [("", None)]
            for base, theirs in beside:
                said = f"{name} beside {base}"
                verdict = "won" * (said in one["won"]) + "LOST" * (said in one["lost"])
                clear = ", clearly" * (said in one["clearly_won"] + one["clearly_lost"])
                apart, ours = number(one["differences"].get(base, {}).get(name)), number(one["scores"][name])
                lines.append(f"| {name} | {ours} | {base} | {number(theirs)} | {apart} | {verdict}{clear} |")
        lines += ["", *(f"- {note}" for note in one.get("notes", [])), ""]
    lines += ["## Sealed forecasts", WORDS["sealed"].strip(), ""]
    lines += ["| case | as of | sealed | questions | seal |", "|---|---|---|---|---|"]
    for file in sorted(SEALED.glob("*.jsonl")):
        held = Ledger.open(file)
        for body in held.of("forecast"):
            told = (body["case"], body["as_of"], body["sealed_at"], len(body["questions"]), f"`{held.seal}`")
            lines.append(f"| {' | '.join(map(str, told))} |")
    lines += ["", "## What is fitted, on what, and what is judged", WORDS["fitted"].strip(), ""]
    lines += ["| part | fitted on | shipped as |", "|---|---|---|"]
    lines += [f"| {each['part']} | {each['on']} | {each['as']} |" for each in WORDS["fit"]]
    return "\n".join(lines).replace("\n\n\n", "\n\n") + "\n"


def main() -> None:
    """Run what is asked for, and write the page."""
    asked = ArgumentParser(description=__doc__)
    asked.add_argument("data", nargs="?", type=Path)
    asked.add_argument("--unseen", action="store_true")
    given = asked.parse_args()
    if given.data:
        lines = (json.dumps(each, ensure_ascii=False) for each in made_anew(given.data, seen=not given.unseen))
        RECORDS.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")
    PAGE.write_text(page(kept()), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
