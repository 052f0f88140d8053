"""`contingent consultation`: will an option pass, on which terms, by when; or KTAB's spatial model on a table."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from contingent.cli.flags import Ensemble, Flags


def consultation(
    scenario: str,
    /,
    *,
    compat: Literal["ktab", "corrected"] = "corrected",
    draws: int = 0,
    structures: tuple[str, ...] = (),
    indices: bool = False,
    save: Path | None = None,
    flags: Flags = Flags(),
    ensemble: Ensemble = Ensemble(),
) -> int:
    """Consult on SCENARIO (a shipped name or a folder), or play KTAB's spatial model on a .csv or .xml table.

    Args:
        scenario: a scenario, or a file in KTAB's format.
        compat: with a table, keep KTAB's quirks (`ktab`) or not.
        draws: with a table, also play this many draws around its numbers.
        structures: an option of the model to draw as well, such as PCEModel; may be given several times.
        indices: with a table, also say which inputs the spread comes from (Sobol indices).
        save: with a table, write it here, as .csv or .xml.
        flags: how to report.
        ensemble: which ensemble is run.
    """
    from contingent.cli import output

    if Path(scenario).suffix.lower() in (".csv", ".xml"):
        table, model, seed = _table(Path(scenario), compat)
        if save is not None:
            _save(save, table, model, seed)
        from contingent.consultation.spatial.report import table_report, table_text

        found = table_report(
            table,
            model,
            seed=seed,
            draws=draws,
            structures=structures,
            indices=indices,
            threads=ensemble.workers,
            design_seed=ensemble.seed,
        )
        words = table_text(found)
    else:
        from contingent.consultation.option_report import option_reports, options_text
        from contingent.scenario.read import read

        found = option_reports(read(scenario), runs=ensemble.runs, seed=ensemble.seed)
        words = options_text(found)
    output.answer(found, words, flags)
    return 0


def _table(path: Path, compat: Literal["ktab", "corrected"]):
    from contingent.consultation.spatial.ktab_csv import LARGEST, parse_csv
    from contingent.consultation.spatial.ktab_xml import parse_xml
    from contingent.consultation.spatial.model import Model
    from contingent.errors import InputError

    try:
        if path.stat().st_size > LARGEST:
            raise InputError(f"{path}: {path.stat().st_size:,} bytes; a table has at most {LARGEST:,}")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as reason:
        raise InputError(f"{path}: {reason.strerror or reason}") from None
    except UnicodeDecodeError as reason:
        raise InputError(f"{path}: not text in UTF-8 (byte {reason.start})") from None
    if path.suffix.lower() == ".xml":
        return parse_xml(text, path.name, compat)
    return parse_csv(text, path.name), Model(compat=compat), 0


def _save(path: Path, table, model, seed: int) -> None:
    from contingent.atomic import atomic_write
    from contingent.consultation.spatial.ktab_csv import write_csv
    from contingent.consultation.spatial.ktab_xml import write_xml
    from contingent.errors import InputError

    if path.suffix.lower() not in (".csv", ".xml"):
        raise InputError(f"--save {path}: end the name in .csv or .xml")
    if path.exists():
        raise InputError(f"--save {path}: there is a file already; nothing was written over it")
    text = write_xml(table, model, seed) if path.suffix.lower() == ".xml" else write_csv(table)
    with atomic_write(path) as scratch:
        scratch.write_text(text, encoding="utf-8")
