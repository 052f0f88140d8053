"""How is a scenario read from KTAB's XML and written to it?

KTAB's XML format: the table, the nine options, the seed, and who draws whose ideal along. Elements are read with the
line each stands on; no entities, no document types, no surprises.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from xml.parsers import expat
from xml.sax.saxutils import escape

import numpy as np

from contingent.consultation.spatial.ktab_csv import LARGEST, Faults, Row, table_from
from contingent.consultation.spatial.model import CHOICES, SPELLINGS, Compat, Model, Table
from contingent.consultation.spatial.written_numbers import Notation

SEEDS = 2**63  # seeds of KTAB are 64-bit; half of that is plenty and fits a signed integer
LONGEST_SEED = 40  # digits; KTAB pads its twenty with zeros
KINDS = {"Workbook": "an Excel workbook as XML, of which the sheet is wanted as CSV", "html": "a web page"}
NEEDED = "a Scenario with Dimensions is needed, and Actors with capability, Position and Salience"


def parse_xml(text: str, name: str, compat: Compat = "corrected") -> tuple[Table, Model, int]:
    """The table, the model and the seed of an XML scenario; `name` is what complaints call the file.

    Raises:
        ScenarioError: everything wrong with it, each with its line.
    """
    faults = Faults(name)
    if len(text) > LARGEST:
        faults.refuse(0, "", f"the file has {len(text):,} characters; a scenario has at most {LARGEST:,}")
    try:
        root = parse_markup(text)
    except MarkupError as reason:
        faults.refuse(reason.line, "", str(reason))
    if root.tag != "Scenario":
        kind = KINDS.get(root.tag, f"the outermost element is {root.tag}")
        faults.refuse(root.line, "", f"no scenario of KTAB's spatial model: {kind}", NEEDED)
    people = root.first("Actors").all("Actor")
    parts = ("Position", "dCoord"), ("Salience", "dSal")
    lacking = [f"{tag} with {cell}" for tag, cell in parts if not any(a.first(tag).all(cell) for a in people)]
    if not people or lacking:
        kind = "a scenario of KTAB's reform priorities" if root.all("Items") or root.all("Categories") else ""
        what = f"its Actors have no {' and no '.join(lacking)}" if people else "it has no Actors with an Actor inside"
        faults.refuse(root.line, "", f"no scenario of KTAB's spatial model: {kind or what}", NEEDED)
    model = Model(**_options(root, faults), compat=compat)
    given = [item.text or f"Dim-{k:02d}" for k, item in enumerate(root.first("Dimensions").all("dName"))]
    widest = max((len(a.first("Position").all("dCoord")) for a in people), default=0)
    issues = given or [f"Dim-{k:02d}" for k in range(widest)]
    rows = [_row(actor, len(issues), faults) for actor in people]
    table = table_from(rows, issues, root.first("name").text, root.first("desc").text, faults)
    accommodation = _accommodation(root, table.names, faults)
    faults.stop()
    seed = root.first("prngSeed").text
    if seed and not (seed.isdecimal() and len(seed) <= LONGEST_SEED):
        table = table.noting(f"prngSeed `{seed[:LONGEST_SEED]}` is no whole number: 0 is taken")
        seed = "0"
    return replace(table, accommodation=accommodation), model, int(seed or "0") % SEEDS


def _options(root: Element, faults: Faults) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for item in root.first("ModelParameters").inside:
        if item.tag not in CHOICES:
            faults.add(item.line, item.tag, "is no option of the model", f"there are {', '.join(CHOICES)}")
        elif SPELLINGS.get((item.tag, item.text), item.text) not in CHOICES[item.tag]:
            faults.add(item.line, item.tag, f"`{item.text}` is none of {', '.join(CHOICES[item.tag])}")
        else:
            chosen[item.tag] = item.text
    return chosen


def _row(actor: Element, issues: int, faults: Faults) -> Row:
    who = actor.first("name").text
    texts: list[tuple[str, ...]] = []
    for tag, cell in (("Position", "dCoord"), ("Salience", "dSal")):
        cells = [item.text for item in actor.first(tag).all(cell)]
        if len(cells) != issues:
            faults.add(actor.line, f"{who or '?'}, {tag}", f"has {len(cells)} numbers for {issues} issues")
            cells = (cells + ["0"] * issues)[:issues]
        texts.append(tuple(cells))
    return Row(actor.line, who, actor.first("description").text, actor.first("capability").text, *texts)


def _accommodation(root: Element, names: tuple[str, ...], faults: Faults) -> np.ndarray:
    matrix = np.eye(len(names))
    for pair in root.first("IdealAdjustment").all("iaPair"):
        who, whom = (pair.first(tag).text for tag in ("adjustingIdeal", "referencePos"))
        for name in (who, whom):
            if name not in names:
                faults.add(pair.line, "IdealAdjustment", f"`{name}` is no stakeholder of this scenario")
        share = faults.number(pair.line, f"IdealAdjustment of {who}", pair.first("adjust").text, Notation(), 1)
        if who in names and whom in names and not math.isnan(share):
            matrix[names.index(who), names.index(whom)] = share
    for i, row in enumerate(matrix):
        if row.sum() > 1 + 1e-9:
            faults.add(0, f"IdealAdjustment of {names[i]}", f"the adjustments sum to {row.sum():g}; at most 1 in all")
    return matrix


def _written(text: str) -> str:
    return escape(text, {"\r": "&#13;"})  # a bare carriage return would be read as a new line


def write_xml(table: Table, model: Model, seed: int = 0) -> str:
    """An XML scenario that KTAB reads, and that reads back as the same table and model."""
    out = ['<?xml version="1.0" encoding="UTF-8"?>', "<Scenario>"]
    out += [
        f"<name>{_written(table.title)}</name>",
        f"<desc>{_written(table.description)}</desc>",
        f"<prngSeed>{seed}</prngSeed>",
    ]
    out += ["<ModelParameters>", *(f"<{k}>{v}</{k}>" for k, v in model.options.items()), "</ModelParameters>"]
    out += [
        "<Dimensions>", *(f"<dName>{_written(issue)}</dName>" for issue in table.issues), "</Dimensions>", "<Actors>",
    ]  # fmt: skip
    for i, name in enumerate(table.names):
        described = table.descriptions[i] if table.descriptions else ""
        positions = "".join(f"<dCoord>{float(x)!r}</dCoord>" for x in table.position[i])
        saliences = "".join(f"<dSal>{float(x)!r}</dSal>" for x in table.salience[i])
        out.append(
            f"<Actor><name>{_written(name)}</name><description>{_written(described)}</description>"
            f"<capability>{float(table.capability[i])!r}</capability>"
            f"<Position>{positions}</Position><Salience>{saliences}</Salience></Actor>"
        )
    out += ["</Actors>", "<IdealAdjustment>"]
    for i, who in enumerate(table.names):
        for j, whom in enumerate(table.names):
            share = float(table.accommodation[i, j])
            if share != float(i == j) or i == j == 0:  # KTAB wants at least one pair
                out.append(
                    f"<iaPair><adjustingIdeal>{_written(who)}</adjustingIdeal><referencePos>{_written(whom)}</referencePos>"
                    f"<adjust>{share!r}</adjust></iaPair>"
                )
    return "\n".join([*out, "</IdealAdjustment>", "</Scenario>", ""])


@dataclass(slots=True)
class Element:
    """One element: its tag, the line it starts on, its own text, and the elements inside."""

    tag: str
    line: int
    text: str = ""
    inside: list[Element] = field(default_factory=list)

    def first(self, tag: str) -> Element:
        """The first element of this tag inside; an empty one if there is none."""
        return next((item for item in self.inside if item.tag == tag), Element(tag, self.line))

    def all(self, tag: str) -> list[Element]:
        """Every element of this tag directly inside."""
        return [item for item in self.inside if item.tag == tag]


class MarkupError(ValueError):
    """The text is not XML that is read here; `line` is where it stops being so."""

    def __init__(self, line: int, what: str):
        self.line = line
        super().__init__(what)


def parse_markup(text: str) -> Element:
    """The root element of an XML text.

    Raises:
        MarkupError: malformed, or with a document type or entities of its own (an entity bomb among them).
    """
    parser = expat.ParserCreate("UTF-8")  # what the text came as is read already
    parser.buffer_text = True
    root = Element("", 0)
    stack = [root]

    def start(tag: str, attributes: dict[str, str]) -> None:
        del attributes
        element = Element(tag, parser.CurrentLineNumber)
        stack[-1].inside.append(element)
        stack.append(element)

    def end(tag: str) -> None:
        del tag
        element = stack.pop()
        element.text = element.text.strip()

    def data(characters: str) -> None:
        stack[-1].text += characters

    def refuse(*_: object) -> None:
        raise MarkupError(parser.CurrentLineNumber, "a document type or entity declaration is not read here")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = data
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(text.removeprefix("\ufeff").encode(), True)  # noqa: FBT003 - expat takes it by position
    except expat.ExpatError as reason:
        raise MarkupError(reason.lineno, f"malformed XML: {expat.ErrorString(reason.code)}") from None
    return root.inside[0]
