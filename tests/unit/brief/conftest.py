"""The small run of the shipped case and its brief under the names used here; and tiny results made by hand."""

from types import MappingProxyType, SimpleNamespace

import numpy as np
import pytest
import xarray as xr

from contingent.brief.context import Context
from contingent.brief.document.catalogue import Catalogue


@pytest.fixture(scope="session")
def store(gaza_store):
    return gaza_store


@pytest.fixture(scope="session")
def result(gaza_run):
    return gaza_run


@pytest.fixture(scope="session")
def briefs(gaza_briefs):
    """The brief in every language."""
    return gaza_briefs


@pytest.fixture(scope="session")
def brief(briefs):
    return briefs["en"]


@pytest.fixture(scope="session")
def html(brief, once):
    return once("html", lambda: brief.render("html").decode())


@pytest.fixture(scope="session")
def pdf(brief, once):
    pytest.importorskip("typst", reason="the extra `pdf` is not installed")
    return once("pdf", lambda: brief.render("pdf"))


@pytest.fixture(scope="session")
def docx(brief, once):
    pytest.importorskip("docx", reason="the extra `word` is not installed")
    return once("docx", lambda: brief.render("docx"))


class Tiny:
    """Results by hand: options `decline`, `mandate`, `support`; criteria `cost` and `duty`."""

    options = ("decline", "mandate", "support")
    labels = MappingProxyType({"decline": "Say no", "mandate": "Go with a mandate", "support": "Send support"})

    def array(self, values, dims=("option", "run"), **coords):
        """A labelled array; options, if it has them, are the three."""
        if "option" in dims:
            coords = {"option": list(self.options), **coords}
        return xr.DataArray(np.array(values, dtype=float), dims=dims, coords=coords)

    def scenario(self, **parts):
        named = {name: SimpleNamespace(label=label) for name, label in self.labels.items()}
        criteria = {
            "cost": SimpleNamespace(label="Cost", measure="cost", unit="USD", floor=None),
            "duty": SimpleNamespace(label="Duty", measure="duty", unit="share of duty", floor=None),
        }
        base = {
            "options": named,
            "claims": {},
            "baseline": "decline",
            "criteria": criteria,
            "weights": (),
            "weight_sets": {},
            "horizon": 26,
            "adaptive": {},
        }
        return SimpleNamespace(**{**base, **parts})

    def leaves(self, nobody=0.0):
        """What comes of every option: nobody goes with a chance, else the option itself."""
        own = np.eye(len(self.options)) * (1 - nobody)
        own[:, 0] += nobody  # the baseline is the first
        return xr.DataArray(own[:, None], dims=("option", "run", "leaf"),
                            coords={"option": list(self.options), "leaf": list(self.options)})  # fmt: skip

    def context(self, tables=None, appraisal=None, scenario=None, runs=4, language="en", **parts):
        """A context whose result has nothing but what is given; the option in focus is `mandate`."""
        found = {"copies": {}, "excluded": (), **(appraisal or {})}
        made = SimpleNamespace(
            options=self.options,
            tables=tables or {},
            appraisal=SimpleNamespace(**found),
            scenario=self.scenario(**(scenario or {})),
            question=SimpleNamespace(id="0123456789ab", runs=runs, sample=runs, seed=1),
            first=lambda name: float(found["ranks"].sel(option=name, rank=1)),
            **{"leaves": self.leaves(), "ranked": self.options, "views": {}, **parts},
        )
        c = Context(made, Catalogue(language))
        c.__dict__.update(focus="mandate", units={}, world="")
        return c


@pytest.fixture(scope="session")
def tiny():
    return Tiny()
