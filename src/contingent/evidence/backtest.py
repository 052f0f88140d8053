"""How well attributions and claims are found in annotated articles: the backtest tasks `attribution` and `ledger`.

Backtests against gold annotations. Attributions are read from folders in brat's format as PolNeAR is published:
`text/NAME.txt` beside `attributions/NAME_xxxx.ann`; of several annotators the first file counts.
"""

import json
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from contingent.errors import DataError
from contingent.evidence.article import read_article
from contingent.evidence.checks import check
from contingent.evidence.claim import LedgerClaim, Span
from contingent.evidence.extract import extract
from contingent.evidence.grammar.attribution import attributions
from contingent.evidence.grammar.statement import Statement, common, pair
from contingent.evidence.pack import shipped_pack
from contingent.scoring import Score, Scorecard, backtest_task, cluster_bootstrap, sha256_of
from contingent.scoring.scores import DRAWS

_ANNOTATOR = re.compile(r"_[0-9A-Za-z]{4}$")


@dataclass(frozen=True, slots=True)
class Gold:
    """One annotated attribution; spans are offsets in the text, empty where the annotators marked none."""

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]


@backtest_task(data="quotes/*")
def attribution(data: Path) -> Scorecard:
    """The backtest task `attribution` on a folder in PolNeAR's layout; scores in percent.

    Raises:
        DataError: the folder has another layout.
    """
    articles = read_folder(data)
    for text, _ in articles.values():
        attributions(text)  # once unmeasured, so that the word lists are read and the words known
    began = process_time()
    found = {name: attributions(text) for name, (text, _) in articles.items()}
    seconds = process_time() - began
    counts = np.array([_count(found[name], gold) for name, (_, gold) in articles.items()], dtype=float)
    rate = len(articles) / max(seconds, 1e-9)
    return Scorecard(
        task="attribution", data_sha256=sha256_of(data),
        cutoff="rules written by hand; nothing is learned, so no article trains on another", n=int(counts[:, 3].sum()),
        scores={
            "content_f1": f1(counts[:, [0, 2, 3]]), "joint_f1": f1(counts[:, [1, 2, 3]]),
            "content_precision": _score(counts[:, 0], counts[:, 2]),
            "content_recall": _score(counts[:, 0], counts[:, 3]), "articles_per_second": Score(rate, rate, rate),
        },
        notes=("articles_per_second is CPU time on this machine, one process, attributions alone",),
    )  # fmt: skip


def _count(found: Sequence[Statement], gold: Sequence[Gold]) -> tuple[int, int, int, int]:
    """Matches in content, matches in content and source, statements found, statements annotated."""
    pairs = pair([one.content for one in found], [one.content for one in gold])
    joint = sum(_same_source(found[i], gold[j]) for i, j in pairs.items())
    return len(pairs), joint, len(found), len(gold)


def _same_source(found: Statement, gold: Gold) -> bool:
    if found.source is None or not gold.source:
        return found.source is None and not gold.source
    return common([found.source], gold.source) > 0


def f1(counts: NDArray[np.float64]) -> Score:
    """F1 in percent from (article, [matched, found, annotated]), with a 90 % interval resampling articles."""
    return _score(2 * counts[:, 0], counts[:, 1] + counts[:, 2])


def _score(top: NDArray[np.float64], bottom: NDArray[np.float64]) -> Score:
    rng = np.random.Generator(np.random.Philox(1))
    picks = rng.multinomial(len(top), np.full(len(top), 1 / len(top)), size=DRAWS)
    drawn = 100 * (picks @ top) / np.maximum(picks @ bottom, 1)
    low, high = np.quantile(drawn, [0.05, 0.95])
    return Score(float(100 * top.sum() / max(bottom.sum(), 1)), float(low), float(high))


def read_folder(folder: Path) -> dict[str, tuple[str, list[Gold]]]:
    """Each text of a folder by name, with its annotated attributions.

    Raises:
        DataError: the folder has another layout; names the file and line.
    """
    texts = sorted((folder / "text").glob("*.txt"))
    files = sorted((folder / "attributions").glob("*.ann"))
    if not texts or not files:
        raise DataError(f"{folder}: expected text/*.txt and attributions/*.ann, as PolNeAR is laid out")
    notes: dict[str, Path] = {}
    for file in files:
        notes.setdefault(_ANNOTATOR.sub("", file.stem), file)
    read: dict[str, tuple[str, list[Gold]]] = {}
    for text in texts:
        file = notes.get(text.stem)
        if file is None:
            raise DataError(f"{text}: no file of that name, with or without _xxxx, in {folder}/attributions")
        read[text.stem] = (text.read_bytes().decode("utf-8"), read_annotations(file))
    return read


def read_annotations(file: Path) -> list[Gold]:
    """The attributions in one annotation file.

    Raises:
        DataError: a line that is not brat's; names file and line.
    """
    spans: dict[str, list[Span]] = {}
    events: list[str] = []
    for number, line in enumerate(file.read_bytes().decode("utf-8").split("\n"), 1):
        columns = line.rstrip("\r").split("\t")
        try:
            if columns[0].startswith("T"):
                places = columns[1].split(" ", 1)[1]
                spans[columns[0]] = [(int(a), int(b)) for a, b in (part.split() for part in places.split(";"))]
            elif columns[0].startswith("E"):
                events.append(columns[1])
        except (IndexError, ValueError):
            raise DataError(f"{file}:{number}: not a line of a brat annotation: {line[:60]!r}") from None
    found: list[Gold] = []
    for event in events:
        roles: dict[str, list[Span]] = defaultdict(list)
        for part in event.split():
            role, _, name = part.partition(":")
            roles[role.rstrip("0123456789")] += spans.get(name, [])
        found.append(Gold(*(tuple(sorted(roles[role])) for role in ("Source", "Cue", "Content"))))
    return found


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
    cutoff = "rules were written with this article at hand"
    return Scorecard("ledger", sha256_of(folder), cutoff, len(claims), scores, notes=tuple(notes))


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
    return cluster_bootstrap(np.array(right, dtype=float) * 100, np.arange(len(right)))


def _factors(one: LedgerClaim, claim: dict[str, Any]) -> tuple[int, int, int]:
    ours, theirs = set(one.factors), set(claim["factors"])
    return len(ours & theirs), len(ours), len(theirs)


def _same_channel(ours: str, theirs: str | None) -> bool:
    """Both name no programme, or share the words of its name."""
    if not ours or not theirs:
        return not ours and not theirs
    mine = {word.lower().strip("“”’',") for word in ours.split() if word[:1].isupper() or word[:1].isdigit()}
    return bool(mine) and len([word for word in mine if word in theirs.lower()]) * 2 >= len(mine)
