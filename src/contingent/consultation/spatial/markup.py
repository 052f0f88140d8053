"""Elements of an XML text with the line each stands on; no entities, no document types, no surprises."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat


@dataclass(slots=True)
class Element:
    """One element: its tag, the line it starts on, its own text, and the elements inside."""

    tag: str
    line: int
    text: str = ""
    inside: list[Element] = field(default_factory=list)

    def first(self, tag: str) -> Element | None:
        """The first element of this tag inside, if any."""
        return next((item for item in self.inside if item.tag == tag), None)

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
    parser = expat.ParserCreate()
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
        parser.Parse(text.lstrip("\ufeff").encode(), True)  # noqa: FBT003 - expat takes it by position
    except expat.ExpatError as reason:
        raise MarkupError(reason.lineno, f"malformed XML: {expat.ErrorString(reason.code)}") from None
    return root.inside[0]
