"""What comes with this package: which licences, how large, in a list that machines read, and installed offline.

    python tests/packaging/supply.py licences        # of each package that comes along; exit 1 if one is not allowed
    python tests/packaging/supply.py sizes           # megabytes of each, the default install and every extra
    python tests/packaging/supply.py sbom FILE       # CycloneDX 1.6 JSON of what is installed
    python tests/packaging/supply.py offline FOLDER  # a wheelhouse there, installed and run without a network

All but the last read what is installed beside the Python that runs this, and reach for nothing.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
import uuid
import venv
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
SELF = "contingent"
ALLOWED = (
    re.compile(  # LGPL: used as it is, and replaceable by whoever installs it, as psycopg is in the extra `postgres`
        r"MIT|BSD|Apache|ISC|PSF|Python Software|MPL|Mozilla|Unlicense|Zlib|CC0|HPND|0BSD|CNRI|Unicode|LGPL",
        re.I,
    )
)
OFFLINE = ("check", "isf_gaza"), ("brief", "isf_gaza", "--runs", "60", "--to", "html,md,pdf,docx", "--out", "runs")


@dataclass(frozen=True, slots=True)
class Package:
    """An installed package: its licence as its metadata says, its bytes on disk, what it needs here by name."""

    name: str
    version: str
    licence: str
    bytes: int
    needs: tuple[str, ...]


PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = tuple(sorted(PROJECT["optional-dependencies"]))


def needed(name: str, extra: str) -> list[Requirement]:
    """What a package needs here, with one of its extras or without; what this one needs, its project file says."""
    if name == SELF:
        return [*map(Requirement, PROJECT["optional-dependencies"][extra] if extra else PROJECT["dependencies"])]
    every = map(Requirement, distribution(name).requires or ())
    return [each for each in every if each.marker is None or each.marker.evaluate({"extra": extra})]


def installed(names: Iterable[str]) -> dict[str, Package]:
    """What is installed with this package and some of its extras, by name, itself left out."""
    found: dict[str, Package] = {}
    seen: set[tuple[str, str]] = set()
    todo = [(SELF, ""), *((SELF, extra) for extra in names)]
    while todo:
        name, extra = todo.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        try:
            here, needs = distribution(name), []
        except PackageNotFoundError:  # of an extra that this environment leaves out
            continue
        for each in needed(name, extra):
            needs.append(canonicalize_name(each.name))
            todo += [(needs[-1], more) for more in ("", *each.extras)]
        before = found[name].needs if name in found else ()
        size = sum(file.locate().stat().st_size for file in here.files or () if file.locate().is_file())  # type: ignore[attr-defined]
        found[name] = Package(name, here.version, licence_of(here), size, tuple(sorted({*before, *needs} - {SELF})))
    found.pop(SELF, None)
    return dict(sorted(found.items()))


def licence_of(package: Distribution) -> str:
    """The licence that a package's metadata names: the expression, the classifiers, or the first line of the text."""
    said = package.metadata
    if expression := said.get("License-Expression"):
        return expression
    kinds = [line.rpartition(" :: ")[2] for line in said.get_all("Classifier") or () if line.startswith("License ::")]
    text = (said.get("License") or "").strip().splitlines()
    return " AND ".join(kinds) if kinds and kinds != ["OSI Approved"] else (text[0] if text else "")


def refused(packages: Iterable[Package]) -> list[str]:
    """The packages whose licence is not allowed, with it; of `A OR B` one that is allowed is enough."""
    return [f"{each.name} {each.version}: {each.licence or 'no licence'}" for each in packages
            if not all(ALLOWED.search(part) for part in re.split(r" AND ", each.licence))]  # fmt: skip


def bill(packages: dict[str, Package]) -> dict[str, object]:
    """A bill of materials in CycloneDX 1.6; the same packages give the same bytes."""
    own = distribution(SELF)

    def component(name: str, version: str, licence: str, kind: str) -> dict[str, object]:
        ref = f"pkg:pypi/{name}@{version}"
        return {"type": kind, "bom-ref": ref, "purl": ref, "name": name, "version": version,
                "licenses": [{"license": {"name": licence}}]}  # fmt: skip

    refs = {name: f"pkg:pypi/{name}@{each.version}" for name, each in packages.items()}
    main = component(SELF, own.version, licence_of(own), "application")
    asked = {canonicalize_name(each.name) for extra in ("", *EXTRAS) for each in needed(SELF, extra)}
    links = {str(main["bom-ref"]): [refs[name] for name in sorted(asked) if name in refs]}
    links |= {refs[name]: [refs[need] for need in each.needs if need in refs] for name, each in packages.items()}
    return {
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, ' '.join([str(main['bom-ref']), *refs.values()]))}",
        "metadata": {"component": main},
        "components": [component(each.name, each.version, each.licence, "library") for each in packages.values()],
        "dependencies": [{"ref": ref, "dependsOn": needs} for ref, needs in links.items()],
    }  # fmt: skip


def offline(folder: Path) -> None:
    """Build a wheelhouse of the package with all extras; install from it and write a brief, both without a network."""
    house, place = folder / "wheelhouse", folder / "venv"
    asked = f"{SELF}[{','.join(EXTRAS)}]"
    constraints = ["-c", str(ROOT / "constraints.txt")]
    venv.create(place, with_pip=True)
    python = str(place / "bin" / "python")
    subprocess.run([python, "-m", "pip", "wheel", "-q", "-w", str(house), *constraints, f"{ROOT}[{','.join(EXTRAS)}]"],
                   check=True)  # fmt: skip
    alone = ["unshare", "-n"]  # in a network of its own, with nothing in it
    subprocess.run([*alone, python, "-m", "pip", "install", "-q", "--no-index", "--find-links", str(house), asked],
                   check=True)  # fmt: skip
    for words in OFFLINE:
        subprocess.run(
            [*alone, python, "-m", SELF + ".cli", *words, "-q"], check=True, cwd=folder, stdout=subprocess.DEVNULL
        )
    print(f"{len(list(house.glob('*.whl')))} wheels; installed and run without a network")


def sizes() -> None:
    """Megabytes of the default install, of what each extra adds, and of all."""
    default, everything = installed(()), installed(EXTRAS)
    for title, found in (("default install", default), ("all extras", everything)):
        print(f"{title}: {sum(each.bytes for each in found.values()) / 1e6:.0f} MB in {len(found)} packages")
    for extra in EXTRAS:
        more = {name: each for name, each in installed([extra]).items() if name not in default}
        print(f"  {extra}: {sum(each.bytes for each in more.values()) / 1e6:.0f} MB more ({', '.join(more)})")
    for each in sorted(everything.values(), key=lambda one: -one.bytes)[:16]:
        print(f"{each.bytes / 1e6:8.1f}  {each.name}{'' if each.name in default else '  (extra)'}")


def main(words: list[str]) -> int:
    match words:
        case ["licences"]:
            found = installed(EXTRAS)
            for each in found.values():
                print(f"{each.name:28}{each.version:16}{each.licence}")
            wrong = refused(found.values())
            print("\n".join(["not allowed:", *wrong] if wrong else [f"{len(found)} packages, all allowed"]))
            return int(bool(wrong))
        case ["sizes"]:
            sizes()
        case ["sbom", file]:
            Path(file).write_text(json.dumps(bill(installed(EXTRAS)), indent=1) + "\n", "utf-8")
        case ["offline", folder]:
            offline(Path(folder).resolve())
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
