"""One small run of the shipped case and its brief, made once for all workers; and tiny results made by hand."""

import fcntl
import pickle
from types import MappingProxyType, SimpleNamespace

import numpy as np
import pytest
import xarray as xr

import contingent as ct
from contingent.brief import compose
from contingent.brief.context import Context
from contingent.brief.document.catalogue import Catalogue
from contingent.study.store import Store
from contingent.study.study import Study, load, run_or_load


@pytest.fixture(scope="session")
def shared(tmp_path_factory, worker_id):
    """A folder that all workers of this run of the suite see."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "brief"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def once(shared):
    """`once(name, make)`: what `make` gives, made by the first worker that asks and read by all others."""

    def found(name, make):
        file = shared / name
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not file.exists():
                content = pickle.dumps(make())
                file.write_bytes(content)
        return pickle.loads(file.read_bytes())

    return found


@pytest.fixture(scope="session")
def store(shared):
    return Store(shared / "runs")


@pytest.fixture(scope="session")
def result(store, once):
    name = once("result", lambda: run_or_load(Study(ct.read("isf_gaza")), 60, store).question.id)
    return load(name, store)


@pytest.fixture(scope="session")
def briefs(result, once):
    """The brief in every language."""
    return once("briefs", lambda: {language: compose(result, language=language) for language in ("en", "ur", "ar")})


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
            "baseline": "decline",
            "criteria": criteria,
            "weights": (),
            "horizon": 26,
            "adaptive": {},
        }
        return SimpleNamespace(**{**base, **parts})

    def context(self, tables=None, appraisal=None, scenario=None, runs=4, language="en", **parts):
        """A context whose result has nothing but what is given; the option in focus is `mandate`."""
        made = SimpleNamespace(
            options=self.options,
            tables=tables or {},
            appraisal=SimpleNamespace(**(appraisal or {})),
            scenario=self.scenario(**(scenario or {})),
            question=SimpleNamespace(id="0123456789ab", runs=runs, seed=1),
            **parts,
        )
        c = Context(made, Catalogue(language))
        c.__dict__.update(focus="mandate", units={}, world="")
        return c


@pytest.fixture(scope="session")
def tiny():
    return Tiny()
