"""How well the claims of a hand-annotated article are found and read: the backtest task `ledger`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from contingent.errors import DataError
from contingent.evidence.article import read_article
from contingent.evidence.backtest import f1
from contingent.evidence.checks import check
from contingent.evidence.extract import extract
from contingent.evidence.finding import Finding
from contingent.evidence.overlap import pair
from contingent.evidence.pack import shipped_pack
from contingent.scoring import Score, Scorecard, backtest_task, cluster_bootstrap, sha256_of


@backtest_task(data="article")
def ledger(data: Path) -> Scorecard:
    """The backtest task `ledger` on a folder with `gold.json` and the article beside it; scores in percent.

    Raises:
        DataError: the folder has another layout.

    """
    folder = data if data.is_dir() else data.parent
    gold, text = _gold(folder)
    article = read_article(text)
    pack = shipped_pack()
    findings = extract(article, pack)
    flags = check(article, findings, pack)
    claims = gold["claims"]
    pairs = pair(
        [one.spans for one in findings], [[tuple(span) for span in claim["content_spans"]] for claim in claims]
    )
    names = {findings[i].id: claims[j]["id"] for i, j in pairs.items()}
    rows = [(findings[i], claims[j]) for i, j in sorted(pairs.items())]
    listed = {(flag.kind, names.get(name, "")) for flag in flags for name in flag.claims}
    wanted = gold.get("inconsistencies", [])
    hits = [any((item["kind"], name) in listed for name in item["claims"]) for item in wanted]
    counts = np.array([_factors(one, claim) for one, claim in rows] + [(0, 0, len(claims[j]["factors"]))
                      for j in range(len(claims)) if j not in pairs.values()], dtype=float).reshape(-1, 3)  # fmt: skip
    scores = {
        "claims_found": Score(float(len(pairs)), float(len(pairs)), float(len(pairs))),
        "class_accuracy": _share([one.attribution == claim["attribution_class"] for one, claim in rows]),
        "record_accuracy": _share([one.record == claim["record"] for one, claim in rows]),
        "channel_accuracy": _share([_same_channel(one.channel, claim["channel"]) for one, claim in rows]),
        "modality_accuracy": _share([one.modality == claim["modality"] for one, claim in rows]),
        "form_accuracy": _share([one.form == claim["form"] for one, claim in rows]),
        "polarity_accuracy": _share([one.polarity == claim["polarity"] for one, claim in rows]),
        "factor_f1": f1(counts),
        "flags_found": Score(float(sum(hits)), float(sum(hits)), float(sum(hits))),
        "claims_extra": Score(float(len(findings) - len(pairs)), *[float(len(findings) - len(pairs))] * 2),
    }
    missed = [f"{item['id']} {item['kind']}" for item, hit in zip(wanted, hits, strict=True) if not hit]
    notes = [
        f"{len(claims)} claims and {len(wanted)} inconsistencies annotated; a flag counts with kind and a claim right"
    ]
    notes += [f"flags missed: {', '.join(missed)}"] if missed else []
    return Scorecard(
        "ledger",
        sha256_of(folder),
        "rules were written with this article at hand",
        len(claims),
        scores,
        notes=tuple(notes),
    )


def _gold(folder: Path) -> tuple[dict[str, Any], Path]:
    file = folder / "gold.json"
    texts = [path for path in sorted(folder.iterdir()) if path.suffix in {".txt", ".html", ".htm"}]
    if not file.is_file() or not texts:
        raise DataError(f"{folder}: expected gold.json and the article as a text or HTML file beside it")
    try:
        gold = json.loads(file.read_text("utf-8"))
        lacking = {"content_spans", "factors", "attribution_class", "record", "channel", "modality", "form", "polarity"}
        lacking -= set.intersection(*(set(claim) for claim in gold["claims"]))
        if lacking:
            raise KeyError(", ".join(sorted(lacking)))
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"{file}: not a gold file of claims: {error!r}") from None
    return gold, texts[0]


def _share(right: list[bool]) -> Score:
    found = cluster_bootstrap(np.array(right, dtype=float) * 100, np.arange(len(right)))
    return Score(found.value, found.low, found.high)


def _factors(one: Finding, claim: dict[str, Any]) -> tuple[int, int, int]:
    ours, theirs = set(one.factors), set(claim["factors"])
    return len(ours & theirs), len(ours), len(theirs)


def _same_channel(ours: str, theirs: str | None) -> bool:
    """Both name no programme, or share the words of its name."""
    if not ours or not theirs:
        return not ours and not theirs
    mine = {word.lower().strip("“”’',") for word in ours.split() if word[:1].isupper() or word[:1].isdigit()}
    return bool(mine) and len([word for word in mine if word in theirs.lower()]) * 2 >= len(mine)
