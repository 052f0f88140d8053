"""`contingent evidence`: the claims of an article or of a folder of them, in a ledger."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from contingent.cli.output import Flags, Place, Switch
from contingent.errors import InputError

if TYPE_CHECKING:
    from contingent.evidence.ledger_view import LedgerView


def evidence(
    article: Annotated[Path, Parameter(allow_leading_hyphen=True)],
    /,
    *,
    decisions: Path | None = None,
    export: str = "",
    pack: str = "",
    scenario: str = "",
    into: str = "",
    write: Switch = False,
    published: str = "",
    as_of: str = "",
    url: str = "",
    marking: str = "",
    offsets_only: Switch = False,
    model: str = "",
    model_name: str = "",
    cassette: Path | None = None,
    workers: int = 1,
    flags: Flags = Flags(),
    place: Place = Place(),
) -> int:
    """Turn ARTICLE, or every article in a folder, into attributed and graded claims.

    It may be text, a saved page, a PDF, a Word or a mail file, in English, Urdu, Arabic, Indonesian, Turkish, French or
    Spanish; another language is refused (exit 3). A saved page is reduced to its article.

    The ledger is `ledger.jsonl` in --out (`evidence` if not given); nothing in it is ever changed, and a run that
    was interrupted goes on where it stopped.

    Args:
        article: a file, a folder with many, or - for standard input; an address is not fetched.
        decisions: a JSON file of what a reviewer decided on each claim, to be written into the ledger.
        export: formats to write as well: jsonl, csv, annotation, prov, claimreview (several with commas).
        pack: the question's factors and background facts, a shipped name or a YAML file; if none is given, the pack of
            the theatre that a text is about, else peace_force.
        scenario: a case (a shipped name or a file): claims then move the numbers of its stakeholders.
        into: a case whose numbers the claims are to move: says what would change, by which claim and rule.
        write: carry it out, in the files of the case, which must be your own.
        published: the day of an undated article (2025-10-28); facts known only later are left out.
        as_of: leave out what was published later than this day, or on no known day.
        url: where the article was published.
        marking: how the articles are to be handled (restricted); ledger, pages, and the cases they move carry it.
        offsets_only: keep the publisher's words out of the ledger.
        model: address of a language model (OpenAI-compatible) that may suggest claims; its use is recorded.
        model_name: which model to ask for there.
        cassette: file in which the model's answers are kept, and from which they are played back.
        workers: processes to use; the ledger is the same for any number.
        flags: how to report.
        place: where runs are kept.
    """
    from contingent.atomic import sole_writer
    from contingent.evidence import ledger_view as view
    from contingent.evidence.assistant import extractor_from
    from contingent.evidence.export import decisions_from
    from contingent.evidence.ingest import Settings, day_of, first_readable, read_all
    from contingent.evidence.ledger import Ledger, record
    from contingent.evidence.pack import read_pack, shipped_pack
    from contingent.scenario.read import own_folder, read

    if write and not into:
        raise InputError("--write: say with --into which case is to be changed")
    if into and write:
        own_folder(into)
    with _file_of(article) as file:
        first_readable(file)  # where there is nothing to read, nothing is written either
        formats = view.chosen_formats(export)
        settings = Settings(read_pack(pack) if pack else None, offsets_only=offsets_only, url=url, published=published,
                            marking=marking)  # fmt: skip
        out = place.out or Path("evidence")
        made = decisions_from(decisions) if decisions else []
        with sole_writer(out / "ledger.jsonl"):
            ledger = Ledger.open(out / "ledger.jsonl")
            with flags.progress("articles") as progress:
                added = read_all(file, ledger, settings, workers=workers, progress=progress)
            if model or cassette:
                asked = extractor_from(model, model_name, cassette, settings.pack or shipped_pack())
                view.assist(ledger, file, asked, settings)
            decided = record(ledger, made)
        known = read(scenario or into).movers if scenario or into else ()
        found = view.ledger_view(ledger, file, day_of(as_of, "--as-of"), known)
        for warning in (*ledger.warnings, *found.warnings):
            flags.log(f"warning: {warning}")
        written = view.write_exports(out, found, formats)
        moved, told = _into(into, found, flags, write=write) if into else ({}, found.to_text())
        flags.answer(found.to_dict(ledger.seal, settings.pack) | moved, told)
        for path in () if flags.json else written:
            flags.log(f"wrote {path}")
        if not flags.json:
            flags.log(f"{out / 'ledger.jsonl'}: {added} added, {decided} decisions, {len(ledger.entries)} entries")
        return 0


def _into(case: str, found: "LedgerView", flags: Flags, *, write: bool) -> tuple[dict[str, Any], str]:
    """What a ledger's claims change in a case, as values and in words; with `write` it is done."""
    from contingent.scenario.draft import evidence
    from contingent.scenario.model import learned
    from contingent.scenario.paths import value_at
    from contingent.scenario.read import locate, read, rewriting

    written = read(case, as_written=True)
    proposed = evidence(written, found.known, found)
    after = rewriting(locate(case), proposed.changes)
    was, now = learned(written), learned(after.scenario)
    rows = [
        {"path": path, "before": str(value_at(was, path)), "after": str(value_at(now, path)),
         "by": proposed.moves.get(path, {})}
        for path in sorted({*written.learned, *after.scenario.learned})
        if value_at(was, path) != value_at(now, path)
    ]  # fmt: skip
    lines: list[str] = []
    for row in rows:
        same = row["before"] == row["after"]
        what = f"stays  {{}}: {row['after']}, as sure already as these claims allow" if same else "moves  {}: {} -> {}"
        lines.append(what.format(row["path"], row["before"], row["after"]))
        lines += [f"       {name}: {why}" for name, why in row["by"].items()]
    for why in proposed.left:
        flags.log(f"left to you: {why}")
    if proposed.changes and write:
        for file in after.write():
            flags.log(f"changed {file}")
    elif proposed.changes:
        flags.log("nothing is written yet; --write carries it out")
    moved = {"into": {"case": case, "moves": rows, "left": proposed.left, "written": bool(write and proposed.changes)}}
    return moved, "\n".join(lines) or f"{case}: no number moves"


@contextmanager
def _file_of(article: Path) -> Iterator[Path]:
    """The file or folder itself; for `-` a file with what comes on standard input, while it is read."""
    if str(article) != "-":
        yield article
        return
    with TemporaryDirectory() as folder:
        file = Path(folder) / "standard-input"
        file.write_bytes(sys.stdin.buffer.read())
        yield file
