"""What the ledger holds on one article or folder, as shown, exported and reviewed.

Ledger view.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from contingent.atomic import atomic_write
from contingent.errors import InputError
from contingent.evidence.article import read_article
from contingent.evidence.assistant import ModelExtractor, assisted
from contingent.evidence.checks import Flag, opposed
from contingent.evidence.claim import LedgerClaim
from contingent.evidence.corroborate import origins, recycled, regrouped, rewrites, variants
from contingent.evidence.credence import Mover, links, parameters
from contingent.evidence.export import FORMATS, as_decided
from contingent.evidence.grade import diagonal_share, graded
from contingent.evidence.ingest import Settings, articles_in, name_in
from contingent.evidence.ledger import Ledger, claims_now
from contingent.evidence.pack import Pack, label, pack_for, shipped_pack
from contingent.notation import legible

FEW = 1  # articles for which the claims themselves are shown; for more, the counts are


@dataclass(frozen=True, slots=True)
class LedgerView:
    """The part of a ledger that concerns the articles asked for."""

    files: tuple[Path, ...]
    documents: tuple[dict[str, Any], ...]
    claims: tuple[LedgerClaim, ...]
    flags: tuple[Flag, ...]
    skipped: tuple[dict[str, Any], ...]
    suggestions: tuple[dict[str, Any], ...] = ()
    assistance: tuple[dict[str, Any], ...] = ()
    known: tuple[Mover, ...] = ()
    """The scenario's stakeholders, if one is given."""

    @property
    def warnings(self) -> list[str]:
        """What the reader of the files had to guess or leave out."""
        guessed = [f"{one['name']}: {warning}" for one in self.documents for warning in one["warnings"]]
        return [*guessed, *(one["reason"] for one in self.skipped)]

    def to_dict(self, seal: str, pack: Pack | None = None) -> dict[str, Any]:
        """As plain values; of many articles the groups instead of the claims."""
        counts = {
            "documents": len(self.documents), "claims": len(self.claims),
            "groups": len({one.group for one in self.claims}), "flags": len(self.flags), "skipped": len(self.skipped),
            "diagonal_share": round(diagonal_share([one.grade for one in self.claims]), 4),
        }  # fmt: skip
        shown: dict[str, Any] = {"seal": seal, "counts": counts, "warnings": self.warnings}
        if self.assistance:
            shown["assistance"] = list(self.assistance)
        shown["groups"] = {name: [one.key for one in mine] for name, mine in self._groups().items()}
        shown["flags"] = [one.to_row() for one in self.flags]
        shown["links"] = [asdict(link) for link in links(self.claims, self.known)]
        shown["parameters"] = self._parameters(pack or shipped_pack())
        if len(self.files) <= FEW:
            shown["suggestions"] = list(self.suggestions)
            shown["documents"] = [{k: v for k, v in one.items() if k != "sketch"} for one in self.documents]
            shown["claims"] = [as_decided(one) for one in self.claims]
        return shown

    def _groups(self) -> dict[str, list[LedgerClaim]]:
        found: dict[str, list[LedgerClaim]] = {}
        for one in self.claims:
            found.setdefault(one.group, []).append(one)
        return found

    def _parameters(self, pack: Pack) -> dict[str, Any]:
        """What the claims say of the scenario's numbers: 90 % intervals, a branch for each condition."""
        return {
            path: {
                branch: {"best": b.best, "low": b.low, "high": b.high, "claims": list(b.claims)}
                for branch, b in found.items()
            }
            for path, found in parameters(self.claims, pack, self.known).items()
        }

    def to_text(self) -> str:
        """The claims of one article, or the groups of many; what does not hold together, and what the claims move."""
        lines: list[str] = []
        few = len(self.files) <= FEW
        lines += sorted({one["marking"] for one in self.documents if one.get("marking")})
        if not few:
            counts = self.to_dict("")["counts"]
            lines.append(", ".join(f"{value} {name.replace('_', ' ')}" for name, value in counts.items()))
            for name, mine in sorted(self._groups().items(), key=lambda item: -len({one.document for one in item[1]})):
                texts = len({one.document for one in mine})
                lines.append(f"group  {name}: {len(mine)} claims in {texts} article{'s' * (texts > 1)}, counted once")
        for one in self.claims if few else ():
            side = {1: "for", 0: "neutral", -1: "against"}[one.polarity]
            said = f"{one.speaker or 'the reporter'} ({one.record}): {one.quote} ..."
            lines.append(f"{one.id}  {one.grade}  {legible(said)}")
            place = f"{one.spans[0][0]}-{one.spans[-1][1]}"
            about = ", ".join(one.factors) or "no factor"
            whom = f"{label(one.actor_state)}, {one.actor_office}" if one.actor_state else "nobody in particular"
            lines.append(f"      {one.modality}; {about}; {side}, of {whom}; characters {place}")
        for one in self.suggestions:
            if one["disagrees"]:
                about = one["claim"].rpartition("/")[2] or "no claim"
                lines.append(f"model  {one['method']['name']} on {about}: differs in {', '.join(one['disagrees'])}")
        for use in self.assistance:
            told = f"{use['kept']} suggestions kept, {use['dropped']} dropped as not in the text"
            lines.append(f"model  {use['method']['name']}: {told}")
        lines += [f"flag  {one.kind}: {one.reason} ({', '.join(one.claims)})" for one in self.flags]
        rules: dict[str, list[str]] = {}
        for link in links(self.claims, self.known):
            if link.relation != "context":
                rules.setdefault(link.path, []).append(f"{link.claim} ({link.rule})")
        for path, found in self._parameters(shipped_pack()).items():
            lines += [
                f"moves  {path}{f' if {branch}' if branch else ''}: {b['best']:.0f} ({b['low']:.0f} to {b['high']:.0f})"
                f" of 100 for joining, from {'; '.join(one for one in rules[path] if one.split(' ')[0] in b['claims'])}"
                for branch, b in found.items()
            ]
        return "\n".join(lines) if lines else "no claim found"


def ledger_view(ledger: Ledger, place: Path, as_of: str = "", known: Sequence[Mover] = ()) -> LedgerView:
    """What the ledger holds on the article or folder at a place; with a day, only what was published by then.

    Of several articles the groups, contradictions and grades are those of all together; a reviewer's grade stays.

    Raises:
        InputError: a single article that could not be read.
    """
    files = tuple(articles_in(place))
    names = {name_in(place, file) for file in files}
    held = {body["name"]: body for body in ledger.of("document") if body["name"] in names}
    documents = {name: body for name, body in held.items() if not as_of or (body["published"] or "9999") <= as_of}
    skipped = {body["name"]: body for body in ledger.of("skipped") if body["name"] in names - held.keys()}
    late = [{"reason": f"{name}: undated or later than {as_of}, left out"} for name in held if name not in documents]
    if skipped and len(files) == 1:
        raise InputError(next(iter(skipped.values()))["reason"])
    ids = {body["id"] for body in documents.values()}
    origin = origins({body["id"]: tuple(body["sketch"]) for body in ledger.of("document") if body["sketch"]})
    held_claims = [one for one in claims_now(ledger).values() if one.document in ids]
    origin = rewrites(held_claims, origin)
    claims = tuple(regrouped(held_claims, origin))
    told = [
        Flag.from_row(one) for one in ledger.of("flag") if one["claims"] and one["claims"][0].partition("/")[0] in ids
    ]
    flags = [*told, *recycled(tuple(documents.values()), claims, origin), *variants(claims)]
    if len(ids) > 1:
        known_as = {one.key: one for one in claims}
        told = ((tuple(one.key for one in mine), reason) for mine, reason in opposed(claims, lambda one: one.quote))
        flags += [
            Flag("contradiction-between", keys, why)
            for keys, why in told
            if len({known_as[k].document for k in keys}) > 1
        ]
        reviewed = {one["claim"] for one in ledger.of("decision") if {"letter", "number"} & one["changes"].keys()}
        claims = tuple(
            one if one.key in reviewed else new for one, new in zip(claims, graded(claims, flags), strict=True)
        )
    return LedgerView(
        files, tuple(documents.values()), claims, tuple(flags), (*skipped.values(), *late),
        tuple(one for one in ledger.of("suggestion") if one["document"] in ids),
        tuple(one for one in ledger.of("assistance") if one["document"] in ids), tuple(known),
    )  # fmt: skip


def assist(ledger: Ledger, place: Path, extractor: ModelExtractor, settings: Settings) -> None:
    """Writes what a model suggests for each article that no model has read yet.

    Raises:
        InputError: the model could not be asked.
    """
    read = {one["document"] for one in ledger.of("assistance")}
    for file in articles_in(place):
        try:
            article = read_article(file)
        except InputError:
            continue
        name = article.sha256[:12]
        claims = [LedgerClaim.from_row(body) for body in ledger.of("claim") if body["document"] == name]
        if name not in read and claims:
            ledger.append(assisted(article.text, claims, extractor, settings.pack or pack_for(article.text)))


def chosen_formats(names: str) -> list[str]:
    """The export formats in a list with commas.

    Raises:
        InputError: one is unknown.
    """
    chosen = [name.strip() for name in names.split(",") if name.strip()]
    unknown = [name for name in chosen if name not in FORMATS]
    if unknown:
        raise InputError(f"--export {', '.join(unknown)}: no such format; there are {', '.join(FORMATS)}")
    return chosen


def write_exports(out: Path, found: LedgerView, formats: Sequence[str]) -> list[Path]:
    """Writes the claims in each format; the files written."""
    written: list[Path] = []
    for name in formats:
        file, render = FORMATS[name]
        out.mkdir(parents=True, exist_ok=True)
        with atomic_write(out / file) as scratch:
            scratch.write_text(render(found.documents, found.claims), encoding="utf-8", errors="surrogatepass")
        written.append(out / file)
    return written
