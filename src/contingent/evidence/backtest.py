"""How well attributions and claims are found in annotated articles: the backtest tasks `attribution` and `ledger`.

Backtests against gold annotations. Attributions are read from folders in brat's format as PolNeAR is published:
`text/NAME.txt` beside `attributions/NAME_xxxx.ann`; of several annotators the first file counts.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
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
from contingent.evidence.grammar.statement import Statement, jaccard, pair
from contingent.evidence.pack import pack_for
from contingent.evidence.sending import label
from contingent.records import from_json
from contingent.scoring import Score, Scorecard, backtest_task, cluster_bootstrap, sha256_of
from contingent.scoring.scores import DRAWS

_ANNOTATOR = re.compile(r"_[0-9A-Za-z]{4}$")
_WORD, _STEM = re.compile(r"\w+"), re.compile(r"[^\W\d_a-zà-ÿ][\w’'-]{2,}")
Annotated = dict[str, Any]
"""A record of a gold file."""


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
            "content_recall": _score(counts[:, 0], counts[:, 3]), "articles_per_second": Score.exactly(rate),
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
    return jaccard([found.source], gold.source) > 0


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
    """The backtest task `ledger` on a folder with `gold.json` and the article beside it, or a folder of such folders.

    Scores are in percent: `recall` of annotated claims, `precision` of those found, then each property of the claims
    that were matched. A contradiction counts if a flag of ours holds two of its claims.

    Raises:
        DataError: the folder has another layout.
    """
    top = data if data.is_dir() else data.parent
    folders = [file.parent for file in sorted(top.rglob("gold.json"))] or [top]
    read = [_read_against(*_gold(folder)) for folder in folders]
    rows = [row for one in read for row in one.rows]
    where = [number for number, one in enumerate(read) for _ in one.rows] if len(read) > 1 else list(range(len(rows)))

    def share(name: str, among: Callable[[Annotated], bool] = lambda claim: True) -> Score:
        kept = [(_AGREE[name](one, claim), n) for (one, claim), n in zip(rows, where, strict=True) if among(claim)]
        return cluster_bootstrap(np.array([right for right, _ in kept], dtype=float) * 100, [n for _, n in kept])

    found = np.array([(len(one.rows), one.ours, one.theirs) for one in read], dtype=float)
    flags = np.array([one.flags for one in read], dtype=float)
    counts = np.array([each for one in read for each in one.factors], dtype=float).reshape(-1, 3)
    plain = lambda value: Score.exactly(float(value))  # noqa: E731

    def commonest(name: str) -> Score:
        told = np.array([claim[name] for _, claim in rows])
        usual = Counter(told.tolist()).most_common(1)
        return cluster_bootstrap([100.0 * (each == usual[0][0]) for each in told], where)

    scores = {
        "claims_found": plain(found[:, 0].sum()), "claims_extra": plain((found[:, 1] - found[:, 0]).sum()),
        "recall": _score(found[:, 0], found[:, 2]), "precision": _score(found[:, 0], found[:, 1]),
        **{f"{name}_accuracy": share(name) for name in ("class", "record", "modality", "form", "polarity")},
        "channel_accuracy": share("channel"), "channel_named": share("channel", lambda claim: bool(claim["channel"])),
        "actor_accuracy": share("actor", lambda claim: bool(claim.get("actor_state"))),
        "factor_f1": f1(counts), "flags_found": plain(flags[:, 0].sum()),
        "contradictions_found": _score(flags[:, 1], flags[:, 2]),
        "contradictions_right": _score(flags[:, 3], flags[:, 4]),
    }  # fmt: skip
    base = {f"{name}_accuracy": commonest(name) for name in ("polarity", "modality")}
    missed = [words for one in read for words in one.missed]
    notes = [f"{folder.relative_to(top)}: {len(one.rows)} of {one.theirs} found, {one.ours - len(one.rows)} extra"
             for folder, one in zip(folders, read, strict=True) if len(read) > 1]  # fmt: skip
    notes += [f"flags missed: {', '.join(missed)}"] if missed else []
    cutoff = "rules written by hand, some with these articles at hand"
    always = {"always the commonest": base}
    return Scorecard("ledger", sha256_of(top), cutoff, int(found[:, 2].sum()), scores, always, tuple(notes))


@dataclass(frozen=True, slots=True)
class _Read:
    """One annotated article beside what is read in it: matched claims, and counts."""

    rows: list[tuple[LedgerClaim, Annotated]]
    ours: int
    theirs: int
    factors: list[tuple[int, int, int]]
    flags: tuple[int, int, int, int, int]
    """Inconsistencies with a flag of their kind on a claim; contradictions found, annotated, right, ours."""
    missed: list[str]


def _read_against(gold: Annotated, text: Path) -> _Read:
    article, pack = read_article(text), pack_for(text.read_text("utf-8", "replace"))
    findings = extract(article, pack)
    flags = check(article, findings, pack)
    claims, wanted = gold["claims"], gold.get("inconsistencies", [])
    spans = [[tuple(span) for span in claim["content_spans"]] for claim in claims]
    pairs = pair([one.spans for one in findings], spans)
    names = {findings[i].id: claims[j]["id"] for i, j in pairs.items()}
    told = [(flag.kind, {names.get(name, "") for name in flag.claims}) for flag in flags]
    hits = [any(item["kind"] == kind and mine & {*item["claims"]} for kind, mine in told) for item in wanted]
    pits = [{*item["claims"]} for item in wanted if item["kind"].startswith("contradiction")]
    ours = [mine for kind, mine in told if kind.startswith("contradiction")]
    same = [[len(one & pit) > 1 for pit in pits] for one in ours]
    counts = [_factors(findings[i], claims[j]) for i, j in pairs.items()]
    counts += [(0, 0, len(claim["factors"])) for j, claim in enumerate(claims) if j not in pairs.values()]
    places = _places(gold)
    rows = [(findings[i], claims[j] | {"_places": places}) for i, j in sorted(pairs.items())]
    right = sum(map(any, same))
    clear = (sum(hits), sum(map(any, zip(*same, strict=True))), len(pits), right, len(ours))
    missed = [f"{item['id']} {item['kind']}" for item, hit in zip(wanted, hits, strict=True) if not hit]
    return _Read(rows, len(findings), len(claims), counts, clear, missed)


def _gold(folder: Path) -> tuple[Annotated, Path]:
    file = folder / "gold.json"
    texts = [path for path in sorted(folder.iterdir()) if path.suffix in {".txt", ".html", ".htm"}]
    if not file.is_file() or not texts:
        raise DataError(f"{folder}: expected gold.json and the article as a text or HTML file beside it")
    try:
        gold = from_json(file.read_bytes(), dict[str, Any], file, "not a gold file of claims", DataError)
        lacking = {"content_spans", "factors", "attribution_class", "record", "channel", "modality", "form", "polarity"}
        lacking -= set.intersection(*(set(claim) for claim in gold["claims"]))
        if lacking:
            raise KeyError(", ".join(sorted(lacking)))
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"{file}: not a gold file of claims: {error!r}") from None
    return gold, texts[0]


def _factors(one: LedgerClaim, claim: Annotated) -> tuple[int, int, int]:
    ours, theirs = set(one.factors), set(claim["factors"])
    return len(ours & theirs), len(ours), len(theirs)


def _same_channel(ours: str, theirs: str | None) -> bool:
    """Both name no programme, or share the words of its name."""
    if not ours or not theirs:
        return not ours and not theirs
    mine = {word.lower().strip("“”’',") for word in ours.split() if word[:1].isupper() or word[:1].isdigit()}
    mine = mine or set(_WORD.findall(ours.lower()))
    return bool(mine) and len([word for word in mine if word in theirs.lower()]) * 2 >= len(mine)


def _places(gold: Annotated) -> dict[str, set[str]]:
    """The capitalized words by which the annotated sources of each state are described; codes may be invented."""
    found: dict[str, set[str]] = defaultdict(set)
    for one in gold.get("sources", {}).values():
        words = f"{one.get('role')} {one.get('name') if one.get('kind') != 'person' else ''}"
        found[one.get("state") or ""] |= set(_STEM.findall(words))
    return found


def _same_state(ours: str, claim: Annotated) -> bool:
    """Our state's code is the annotated one, its name stands among its sources, or its letters make the code."""
    for code in claim.get("actor_states") or [claim["actor_state"]]:
        named = {stem[:5] for stem in _STEM.findall(label(ours))} & {
            stem[:5] for stem in claim["_places"].get(code, ())
        }
        spelt = code not in claim["_places"] and re.match(f"{code[1]}.*?{code[2]}", ours, re.IGNORECASE)
        if ours and (ours == code or named or (code.startswith("X") and spelt)):
            return True
    return False


_AGREE: dict[str, Callable[[LedgerClaim, Annotated], bool]] = {
    "class": lambda one, claim: one.attribution == claim["attribution_class"],
    "record": lambda one, claim: one.record == claim["record"],
    "channel": lambda one, claim: _same_channel(one.channel, claim["channel"]),
    "modality": lambda one, claim: one.modality == claim["modality"],
    "form": lambda one, claim: one.form == claim["form"],
    "polarity": lambda one, claim: one.polarity == claim["polarity"],
    "actor": lambda one, claim: _same_state(one.actor_state, claim),
}
"""Whether a claim of ours and the annotated one agree in a property."""
