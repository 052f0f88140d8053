"""How is a scenario read from KTAB's XML and written to it?

KTAB's XML format: the table, the nine options, the seed, and who draws whose ideal along. Elements are read with the
line each stands on; no entities, no document types, no surprises.
"""

import math
from dataclasses import replace
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat
from xml.sax.saxutils import escape

import numpy as np

from contingent.consultation.spatial.ktab_csv import Faults, Row, table_from
from contingent.consultation.spatial.model import CHOICES, SPELLINGS, Compat, Model, Table
from contingent.grids import Notation

SEEDS = 2**63  # seeds of KTAB are 64-bit; half of that is plenty and fits a signed integer
LONGEST_SEED = 40  # digits; KTAB pads its twenty with zeros
KINDS = {"Workbook": "an Excel workbook as XML, of which the sheet is wanted as CSV", "html": "a web page"}
NEEDED = "a Scenario with Dimensions is needed, and Actors with capability, Position and Salience"
CELLS = {"Position": "dCoord", "Salience": "dSal"}


def parse_xml(text: str, name: str, compat: Compat = "corrected") -> tuple[Table, Model, int]:
    """The table, the model and the seed of an XML scenario; `name` is what complaints call the file.

    Raises:
        ScenarioError: everything wrong with it, each with its line.
    """
    faults = Faults(name)
    root = parse_markup(text, faults)
    what, people = "", root.findall("Actors[1]/Actor")
    lacking = [f"{tag} with {cell}" for tag, cell in CELLS.items() if not any(_cells(a, tag) for a in people)]
    if root.tag != "Scenario":
        what = KINDS.get(root.tag, f"the outermost element is {root.tag}")
    elif not people or lacking:
        what = f"its Actors have no {' and no '.join(lacking)}" if people else "it has no Actors with an Actor inside"
        if root.findall("Items") or root.findall("Categories"):
            what = "a scenario of KTAB's reform priorities"
    if what:
        faults.refuse(_line(root), "", f"no scenario of KTAB's spatial model: {what}", NEEDED)
    model = Model(**_options(root, faults), compat=compat)
    given = [_text(item) or f"Dim-{k:02d}" for k, item in enumerate(root.findall("Dimensions[1]/dName"))]
    issues = given or [f"Dim-{k:02d}" for k in range(max(len(_cells(a, "Position")) for a in people))]
    rows = [_row(actor, len(issues), faults) for actor in people]
    table = table_from(rows, issues, _text(root, "name"), _text(root, "desc"), faults)
    accommodation = _accommodation(root, table.names, faults)
    faults.stop()
    seed = _text(root, "prngSeed")
    if seed and not (seed.isdecimal() and len(seed) <= LONGEST_SEED):
        table = table.noting(f"prngSeed `{seed[:LONGEST_SEED]}` is no whole number: 0 is taken")
        seed = "0"
    return replace(table, accommodation=accommodation), model, int(seed or "0") % SEEDS


def _text(element: Element, path: str = ".") -> str:
    found = element.find(path)
    return "" if found is None else "".join([found.text or "", *(item.tail or "" for item in found)]).strip()


def _line(element: Element) -> int:
    return int(element.attrib["line"])


def _cells(actor: Element, tag: str) -> list[str]:
    return [_text(item) for item in actor.findall(f"{tag}[1]/{CELLS[tag]}")]


def _options(root: Element, faults: Faults) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for item in root.findall("ModelParameters[1]/*"):
        if item.tag not in CHOICES:
            faults.add(_line(item), item.tag, "is no option of the model", f"there are {', '.join(CHOICES)}")
        elif SPELLINGS.get((item.tag, _text(item)), _text(item)) not in CHOICES[item.tag]:
            faults.add(_line(item), item.tag, f"`{_text(item)}` is none of {', '.join(CHOICES[item.tag])}")
        else:
            chosen[item.tag] = _text(item)
    return chosen


def _row(actor: Element, issues: int, faults: Faults) -> Row:
    who, texts = _text(actor, "name"), []
    for tag in CELLS:
        cells = _cells(actor, tag)
        if len(cells) != issues:
            faults.add(_line(actor), f"{who or '?'}, {tag}", f"has {len(cells)} numbers for {issues} issues")
        texts.append(tuple((cells + ["0"] * issues)[:issues]))
    return Row(_line(actor), who, _text(actor, "description"), _text(actor, "capability"), *texts)


def _accommodation(root: Element, names: tuple[str, ...], faults: Faults) -> np.ndarray:
    matrix = np.eye(len(names))
    for pair in root.findall("IdealAdjustment[1]/iaPair"):
        who, whom = (_text(pair, tag) for tag in ("adjustingIdeal", "referencePos"))
        for name in (who, whom):
            if name not in names:
                faults.add(_line(pair), "IdealAdjustment", f"`{name}` is no stakeholder of this scenario")
        share = faults.number(_line(pair), f"IdealAdjustment of {who}", _text(pair, "adjust"), Notation(), 1)
        if who in names and whom in names and not math.isnan(share):
            matrix[names.index(who), names.index(whom)] = share
    for i, row in enumerate(matrix):
        if row.sum() > 1 + 1e-9:
            faults.add(0, f"IdealAdjustment of {names[i]}", f"the adjustments sum to {row.sum():g}; at most 1 in all")
    return matrix


def parse_markup(text: str, faults: Faults) -> Element:
    """The root element of an XML text, the line each element starts on as its attribute `line`.

    Raises:
        ScenarioError: malformed, or with a document type or entities of its own (an entity bomb among them).
    """
    parser, tree = expat.ParserCreate("UTF-8"), TreeBuilder()  # what the text came as is read already

    def refuse(*_: object) -> None:
        faults.refuse(parser.CurrentLineNumber, "", "a document type or entity declaration is not read here")

    parser.StartElementHandler = lambda tag, _: tree.start(tag, {"line": str(parser.CurrentLineNumber)})
    parser.EndElementHandler, parser.CharacterDataHandler = tree.end, tree.data
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    try:
        parser.Parse(text.encode(), True)  # noqa: FBT003 - expat takes it by position
    except expat.ExpatError as reason:
        faults.refuse(reason.lineno, "", f"malformed XML: {expat.ErrorString(reason.code)}")
    return tree.close()


def write_xml(table: Table, model: Model, seed: int = 0) -> str:
    """An XML scenario that KTAB reads, and that reads back as the same table and model."""
    actors, pulls = [], []
    for i, name in enumerate(table.names):
        parts = [_leaf("name", name), _leaf("description", table.descriptions[i] if table.descriptions else "")]
        parts.append(_leaf("capability", float(table.capability[i])))
        for tag, values in (("Position", table.position[i]), ("Salience", table.salience[i])):
            parts.append(_element(tag, *(_leaf(CELLS[tag], float(x)) for x in values)))
        actors.append(_element("Actor", *parts))
        for j, whom in enumerate(table.names):
            share = float(table.accommodation[i, j])
            if share != float(i == j) or i == j == 0:  # KTAB wants at least one pair
                pair = _leaf("adjustingIdeal", name), _leaf("referencePos", whom), _leaf("adjust", share)
                pulls.append(_element("iaPair", *pair))
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<Scenario>", _leaf("name", table.title)]
    lines += [_leaf("desc", table.description), _leaf("prngSeed", seed)]
    options, issues = (
        map(_leaf, model.options, model.options.values()),
        (_leaf("dName", issue) for issue in table.issues),
    )
    places = ("ModelParameters", options), ("Dimensions", issues), ("Actors", actors), ("IdealAdjustment", pulls)
    for tag, inside in places:
        lines += [f"<{tag}>", *inside, f"</{tag}>"]
    return "\n".join([*lines, "</Scenario>", ""])


def _element(tag: str, *inside: str) -> str:
    return f"<{tag}>{''.join(inside)}</{tag}>"


def _leaf(tag: str, value: str | float) -> str:
    return _element(tag, escape(str(value), {"\r": "&#13;"}))  # a bare carriage return would be read as a new line
