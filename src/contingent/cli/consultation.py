"""`contingent consultation`: will an option pass, on which terms, by when; or KTAB's spatial model on a table."""

from pathlib import Path
from typing import Literal

from contingent.cli.flags import Ensemble, Flags

TABLES = (".csv", ".tsv", ".txt", ".xml", ".xlsx", ".xls", ".ods")  # workbooks are told what they are


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

    if Path(scenario).suffix.lower() in TABLES:
        from contingent.consultation.spatial.report import table_report, table_text
        from contingent.consultation.spatial.table_file import read_table, save_table
        from contingent.ensemble.design import Design

        table, model, seed = read_table(Path(scenario), compat)
        if save is not None:
            save_table(save, table, model, seed)
        found = table_report(
            table, model, Design(ensemble.seed, draws), seed=seed, structures=structures, indices=indices,
            threads=ensemble.workers,
        )  # fmt: skip
        words = table_text(found)
    else:
        from contingent.consultation.option_report import option_reports, options_text
        from contingent.scenario.read import read

        found = option_reports(read(scenario), runs=ensemble.runs, seed=ensemble.seed)
        words = options_text(found)
    output.answer(found, words, flags)
    return 0
