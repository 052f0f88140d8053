"""`contingent check`: everything wrong with a scenario, then its unsourced numbers by influence in a run of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from contingent.cli.flags import Flags, Place

if TYPE_CHECKING:
    from contingent.scenario.model import Scenario


def check(scenario: str, /, *, flags: Flags = Flags(), place: Place = Place()) -> int:
    """List all complaints about SCENARIO (a shipped name or a folder), then the numbers without a source.

    Exit code 0 when it can be run, 2 when it cannot.
    """
    from contingent.cli import output
    from contingent.errors import ScenarioError
    from contingent.scenario.model import sourcing
    from contingent.scenario.read import read
    from contingent.study.store import Store

    try:
        question = read(scenario)
    except ScenarioError as error:
        if flags.json:
            output.emit_json({"scenario": scenario, **output.error_record(error)})
        else:
            output.print_result("\n".join(map(str, error.complaints)))
            output.log(f"{len(error.complaints)} to mend", flags)
        return error.exit_code
    sources = sourcing(question)
    drawn = drawn_of(question) if sources.unsourced else frozenset[str]()
    influence = Store(place.out or Path("runs")).influence(question)
    unsourced = sorted(sources.unsourced, key=lambda path: (-influence.get(path, 0.0), path))
    if flags.json:
        rows = [
            {
                "path": path,
                "value": str(sources.unsourced[path]),
                "influence": influence.get(path),
                "drawn": path in drawn,
            }
            for path in unsourced
        ]
        output.emit_json({"scenario": question.name, "complaints": [], "numbers": sources.counts, "unsourced": rows})
        return 0
    counts = sources.counts
    output.print_result(f"{question.name}: nothing to mend; {counts['claimed']} numbers rest on claims, "
               f"{counts['assumed']} on stated assumptions, {counts['unsourced']} are unsourced")  # fmt: skip
    for path in unsourced:
        rank = ranked(path, influence, drawn=path in drawn)
        output.print_result(f"  unsourced  {path} = {sources.unsourced[path]}  ({rank})")
    return 0


def drawn_of(scenario: Scenario) -> frozenset[str]:
    """The numbers that a run draws; the engines are loaded for it, so only where there is something to say of them."""
    from contingent.study.sampling import streams

    return frozenset(streams(scenario))


def ranked(path: str, influence: dict[str, float], *, drawn: bool) -> str:
    """What is known of how much an unsourced number matters; `influence` is that of a run of this very scenario."""
    if not drawn:
        return "not drawn"
    if path in influence:
        return f"{influence[path]:.1%} of the spread"
    if path.startswith("options."):
        return "drawn for its own option only, not ranked; `contingent trace` says what it moves"
    return "influence unknown until the scenario is run as it is now"
