"""What belongs to one workbench: its drafts, previews, full runs, finished runs, and who is let in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from contingent.study.store import Store
from contingent.workbench.access import Access
from contingent.workbench.drafts import Drafts
from contingent.workbench.jobs import Jobs
from contingent.workbench.previews import Previews
from contingent.workbench.registry import Registry

FOLDER = "workbench"  # beside the runs
DATABASE = "index.sqlite"


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that an answer may need."""

    registry: Registry
    drafts: Drafts
    previews: Previews
    jobs: Jobs
    store: Store
    access: Access

    @classmethod
    def at(cls, out: Path, access: Access, database: str = "", workers: int = 2) -> Desk:
        """The workbench beside the runs of a folder; what an earlier one left there is taken up.

        Raises:
            InputError: the database cannot be reached.
        """
        registry = registry_at(out, database)
        registry.rebuild()
        previews = Previews(out / FOLDER / "previews")
        return cls(registry, Drafts(registry), previews, Jobs(registry, out, workers), Store(out), access)

    def close(self) -> None:
        """Ends its processes; full runs go on."""
        self.previews.close()


def registry_at(out: Path, database: str = "") -> Registry:
    """The registry of the workbench beside the runs of a folder."""
    folder = out / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    return Registry(database or f"sqlite:///{(folder / DATABASE).resolve()}", folder)
