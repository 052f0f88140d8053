"""What an article alone makes of a scenario: its claims in place of the pattern's, and every number marked.

The numbers are the pattern's. Each that rested on claims of the pattern's article rests on the new article's claims
about the same factors, still to be judged, or is an assumption. No number is made up from words.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from contingent.evidence.article import Article, read_article
from contingent.evidence.checks import check
from contingent.evidence.extract import extract
from contingent.evidence.ingest import judged
from contingent.evidence.pack import Pack, shipped_pack

DOCUMENT = "drafted_article"
FILE = "claims.yaml"
MOST = 6  # claims a record is linked to; more would hide the best
_NUMBERLESS = ("mandate", "tasks")  # records without numbers, which cite claims and assume nothing
Rows = Mapping[str, Mapping[str, Any]]
Told = Mapping[str, Sequence[str]]
_WIDTH = 4096  # characters a line may have before YAML folds it: the pattern's lines stay as they are


def draft_from(article: Path, folder: Path, pack: Pack | None = None) -> list[Path]:
    """Turn the copied pattern in a folder into a draft on an article; the files changed.

    Raises:
        InputError: the article cannot be read.
    """
    text = read_article(article)
    pack = pack or shipped_pack()
    rows = drafted_claims(text, pack)
    yaml = _yaml()
    files = sorted(folder.glob("*.y*ml"))
    parsed = {file: yaml.load(file.read_text(encoding="utf-8")) for file in files}
    told = _told(parsed.values())
    kept = {name for data in parsed.values() for name in data.get("claims", {})} - told.keys()
    sheets = [data for data in parsed.values() if data]
    for data in sheets:
        _without_article(data, told)
        for key, value in data.items():
            if key not in {"claims", "documents"}:
                _relink(value, told, kept, rows, (str(key),))
        if "as_of" in data:
            data["title"] = f"Draft from {text.title or text.name}"
            data["name"] = re.sub(r"\W+", "_", folder.name).strip("_") or "draft"
            if text.published:
                data["as_of"] = text.published
    for file, data in parsed.items():
        if data:
            _dump(yaml, data, file)
        else:
            file.unlink()
    yaml.default_flow_style = None
    _dump(yaml, _claims_file(text, rows), folder / FILE)
    return sorted({*files, folder / FILE})


def drafted_claims(article: Article, pack: Pack) -> dict[str, dict[str, Any]]:
    """The article's claims as a scenario file holds them, by identifier A01, A02, ..."""
    found = extract(article, pack)
    names = {one.id: f"A{number:02d}" for number, one in enumerate(found, 1)}
    rows = {}
    for one in judged(article, found, check(article, found, pack)):
        named = one.model_copy(update={"about": names.get(one.about, "")})
        rows[names[one.id]] = named.cited(DOCUMENT, article.text, article.published)
    return rows


def _told(sheets: Any) -> dict[str, tuple[str, ...]]:
    """The pattern's claims that have places in its article, each with its factors."""
    return {
        name: tuple(claim.get("factors", ()))
        for data in sheets
        for name, claim in (data.get("claims") or {}).items()
        if claim.get("spans")
    }


def _without_article(data: CommentedMap, told: Mapping[str, Any]) -> None:
    for name in [name for name in data.get("claims", {}) if name in told]:
        del data["claims"][name]
    for name in [name for name, document in data.get("documents", {}).items() if document.get("sha256")]:
        del data["documents"][name]
    for key in ("claims", "documents"):
        if key in data and not data[key]:
            del data[key]


def _relink(node: Any, told: Told, kept: set[str], rows: Rows, path: tuple[str, ...] = ()) -> None:
    """Replaces citations of the pattern's article below a node."""
    if isinstance(node, list):
        for item in node:
            _relink(item, told, kept, rows, path)
    if not isinstance(node, dict):
        return
    for key, value in list(node.items()):
        _relink(value, told, kept, rows, (*path, str(key)))
    cited = node.get("claims")
    names = [cited] if isinstance(cited, str) else list(cited) if isinstance(cited, list) else []
    if not any(name in told for name in names):
        return
    factors = {factor for name in names for factor in told.get(name, ())}
    linked = linked_claims(rows, factors)
    links = [*(name for name in names if name in kept), *linked]
    was = f" The pattern said: {node['assumption']}" if node.get("assumption") else ""
    if links:
        node["claims"] = links
    else:
        del node["claims"]
    if path[:2] == _NUMBERLESS:
        return
    if links:
        node["assumption"] = f"Carried over; to be judged against these claims.{was}"
    else:
        node["assumption"] = f"Carried over; the article says nothing on it.{was}"


def linked_claims(rows: Rows, factors: set[str]) -> list[str]:
    """The article's claims on any of the factors that may support something: most factors shared, best grades first."""
    shared = {name: len(factors & set(row.get("factors", ()))) for name, row in rows.items() if row["grade"][1] != "5"}
    usable = [name for name, count in shared.items() if count]
    return sorted(usable, key=lambda name: (-shared[name], rows[name]["grade"], name))[:MOST]


def _claims_file(article: Article, rows: Rows) -> dict[str, Any]:
    document: dict[str, Any] = {"title": article.title or article.name}
    known = {"publisher": article.publisher, "url": article.url, "published": article.published}
    document |= {key: value for key, value in known.items() if value}
    document |= {"sha256": article.sha256, "characters": len(article.text)}
    return {"documents": {DOCUMENT: document}, "claims": {name: dict(row) for name, row in rows.items()}}


def _yaml() -> YAML:
    yaml = YAML()
    yaml.width = _WIDTH
    yaml.preserve_quotes = True
    return yaml


def _dump(yaml: YAML, data: Any, file: Path) -> None:
    with file.open("w", encoding="utf-8") as stream:
        yaml.dump(data, stream)
