"""`contingent evidence`: the claims of an article or of a folder of them, in a ledger."""

from pathlib import Path

from contingent.cli.output import Flags, Place, Switch


def evidence(
    article: Path,
    /,
    *,
    review: Switch = False,
    decisions: Path | None = None,
    export: str = "",
    pack: str = "peace_force",
    published: str = "",
    as_of: str = "",
    url: str = "",
    offsets_only: Switch = False,
    model: str = "",
    model_name: str = "",
    cassette: Path | None = None,
    main_text: Switch = False,
    workers: int = 1,
    flags: Flags = Flags(),
    place: Place = Place(),
) -> int:
    """Turn ARTICLE (text or HTML), or every article in a folder, into attributed and graded claims.

    The ledger is `ledger.jsonl` in --out (`evidence` if not given); nothing in it is ever changed, and a run that
    was interrupted goes on where it stopped.

    Args:
        article: a text or HTML file, or a folder with many.
        review: write a page to accept, edit or reject each claim (keys j, k, a, e, r).
        decisions: a file saved from that page, to be written into the ledger.
        export: formats to write as well: jsonl, csv, annotation, prov, claimreview (several with commas).
        pack: the domain pack (a shipped name or a YAML file) with the question's factors and background facts.
        published: the day of an undated article (2025-10-28); facts known only later are left out.
        as_of: leave out what was published later than this day, or on no known day.
        url: where the article was published.
        offsets_only: keep the publisher's words out of the ledger.
        model: address of a language model (OpenAI-compatible) that may suggest claims; its use is recorded.
        model_name: which model to ask for there.
        cassette: file in which the model's answers are kept, and from which they are played back.
        main_text: reduce pages to their main text with trafilatura (extra `web`) instead of the built-in reader.
        workers: processes to use; the ledger is the same for any number.
        flags: how to report.
        place: where the ledger goes.
    """
    from contingent.atomic import sole_writer
    from contingent.evidence import ledger_view as view
    from contingent.evidence.assistant import extractor_from
    from contingent.evidence.ingest import Settings, articles_in, read_all
    from contingent.evidence.ledger import Ledger, decisions_from, record
    from contingent.evidence.pack import read_pack

    articles_in(article)  # where there is nothing to read, nothing is written either
    formats = view.chosen_formats(export)
    settings = Settings(read_pack(pack), offsets_only=offsets_only, main_text=main_text, url=url, published=published)
    out = place.out or Path("evidence")
    with sole_writer(out / "ledger.jsonl"):
        ledger = Ledger.open(out / "ledger.jsonl")
        with flags.progress("articles") as progress:
            added = read_all(article, ledger, settings, workers=workers, progress=progress)
        if model or cassette:
            view.assist(ledger, article, extractor_from(model, model_name, cassette, settings.pack), settings)
        decided = record(ledger, decisions_from(decisions)) if decisions else 0
    found = view.ledger_view(ledger, article, view.day_of(as_of))
    for warning in (*ledger.warnings, *found.warnings):
        flags.log(f"warning: {warning}")
    written = view.write_exports(out, found, formats)
    written += view.write_reviews(out, found, main_text=main_text) if review else []
    flags.answer(found.to_dict(ledger.seal, settings.pack), found.to_text())
    if not flags.json:
        for file in written:
            flags.log(f"wrote {file}")
        flags.log(f"{out / 'ledger.jsonl'}: {added} added, {decided} decisions, {len(ledger.entries)} entries")
    return 0
