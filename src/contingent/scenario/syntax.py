"""Where is a text no YAML, what did its writer mean, and what does the rest of it say?

Error recovery: every slip is told with its line and what to write, and hides no other; it is read as meant or left out.
"""

import re
from functools import lru_cache
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import Node
from ruamel.yaml.resolver import VersionedResolver

from contingent.records import beyond

MOST = 40  # slips after which a file is read no further
CONFLICT = re.compile(r"^<{7} [^\n]*\n(.*?)^(?:\|{7}.*?)?={7}\n.*?^>{7} ?[^\n]*", re.MULTILINE | re.DOTALL)
CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
CLOSES = {"[": "]", "{": "}", '"': '"', "'": "'"}
QUOTED = "text with a comma, `: `, ` #` or a `?` at its end stands in quotes"


class Slip(NamedTuple):
    """A line, from 1, that is no YAML: what is wrong, what to write, and how it is read (not at all if None)."""

    line: int
    what: str
    fix: str
    meant: str | None = None


class Recovered(NamedTuple):
    """A text as far as it can be read."""

    root: Node | None
    slips: list[Slip]
    lost: set[int]
    """The lines of the mappings in which something was left out; 0 is the file itself."""


class Untyped(VersionedResolver):
    """Nobody asks what type YAML takes a value for; to guess takes longer than to read."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> None:
        """No type."""


@lru_cache(maxsize=16)
def composed(text: str) -> Node | None:
    """The node at the top of a YAML text, None if it is empty; to be looked at only, as it is kept.

    Raises:
        MarkedYAMLError, RecursionError, ValueError: it is none.
    """
    yaml = YAML(typ="safe")
    yaml.Resolver = Untyped
    return yaml.compose(text)


def recovered(text: str) -> Recovered:
    """The content of a text, and all that is no YAML in it."""
    slips, lost = list[Slip](), set[int]()
    for found in CONFLICT.finditer(text):
        fix = "keep one of the two sides, and take out the lines that begin with <, = and >"
        slips.append(Slip(text.count("\n", 0, found.start()) + 1, "is a conflict that a merge left", fix))
    text = CONFLICT.sub(lambda found: "\n" + found[1] + "\n" * (found[0].count("\n") - found[1].count("\n") - 1), text)
    for found in CONTROL.finditer(text):
        what = f"is not YAML: it holds the character U+{ord(found[0]):04X}, which nobody sees"
        slips.append(Slip(text.count("\n", 0, found.start()) + 1, what, "take it out"))
    lines, touched = CONTROL.sub("", text).split("\n"), set[int]()
    while len(slips) < MOST:
        try:
            line, what = beyond(text := "\n".join(lines))
            if line:
                return Recovered(None, [*slips, Slip(line, what, "take brackets out, or split the file")], {0})
            return Recovered(composed(text), slips, lost)
        except MarkedYAMLError as error:
            slip = _slip(lines, error)
            at = slip.line - 1
            meant = None if at in touched else slip.meant
            slips += [slip] if at not in touched else []
            lost |= {at + 1, *([_parent(lines, at)] if meant is None else [])}
            lines[at] = meant or ""
            touched.add(at)
        except (RecursionError, ValueError):
            break
    return Recovered(None, slips or [Slip(1, "is not YAML", "see `contingent new DIR --kind policing`")], {0})


def _slip(lines: list[str], error: MarkedYAMLError) -> Slip:
    """What the parser stumbled over, as its writer would say it."""
    problem, context = str(error.problem), str(error.context)
    mark, begun = error.problem_mark or error.context_mark, error.context_mark
    assert mark is not None  # every error of the parser has a place
    at = max(n for n in range(min(mark.line + 1, len(lines))) if lines[n].strip() or n == 0)
    line, column = lines[at], mark.column
    for row in (begun.line if begun and "simple key" in context else at, at):
        if {"\t", "\u00a0"} & set(lines[row][: _indent(lines[row])]):
            what = "is indented with a tab" if "\t" in lines[row] else "begins with a hard blank (U+00A0)"
            return Slip(row + 1, what, "write blanks instead", lines[row].replace("\u00a0", " ").expandtabs(2))
    if "document" in problem:
        return Slip(at + 1, f"is not YAML: {problem}", "take `---` and `...` out: a file holds one document", "#")
    if "alias" in problem:
        return Slip(at + 1, "aliases (*name) are refused", "write it out")
    if begun and "simple key" in context:
        said = re.sub(r"^(\s*(?:- )?[\w.-]+)\s*[:=]?\s*", r"\1: ", lines[begun.line])
        what = "is not YAML: no `key: value`, a colon with a blank after it"
        return Slip(begun.line + 1, what, f"write `{said.strip()[:80]}`", said)
    if begun and ("flow" in context or "end of stream" in problem):
        return _unclosed(lines, begun.line, begun.column, at, column, problem)
    if "mapping values" in problem:
        return _colon(lines, at, column)
    if "escape" in problem:
        return Slip(at + 1, "is not YAML: a backslash within double quotes", "single quotes", line.replace("\\", "/"))
    if "cannot start" in problem:
        what = f"is not YAML: text that begins with `{line[column : column + 1]}`"
        return Slip(at + 1, what, f"`{(meant := _quoted(line, column)).strip()[:80]}`: in quotes", meant)
    item = line.lstrip().startswith("- ")
    if item and column == _indent(line) and lines[max(at - 1, 0)].lstrip().startswith("- "):
        return _reindented(lines, at, "is not YAML: indented unlike the items around it")
    if begun and item and at == begun.line + 1:
        what = "is not YAML: a key among the items of a list"
        meant = re.sub(r"^(\s*)[\w.]+:\s+(?=\{)", r"\1- ", lines[begun.line])
        return Slip(begun.line + 1, what, f"write `- ` in front of it: `{meant.strip()[:40]}...`", meant)
    if begun and column == _indent(line) and not item and "'-'" not in problem:
        return _reindented(lines, at, "is not YAML: indented unlike the lines around it")
    what = f"is not YAML: {problem}"
    return Slip(at + 1, what, f"column {column + 1}; {QUOTED}", line[:column] if column > _indent(line) else None)


def _unclosed(lines: list[str], begun: int, begins: int, at: int, column: int, problem: str) -> Slip:
    """A bracket or a quote that nothing closes, or something within brackets that separates nothing."""
    line = lines[begun]
    closers = _closers(line[begins:])
    below = next((n for n in range(begun + 1, len(lines)) if lines[n].strip()), None)
    goes_on = below is not None and _indent(lines[below]) > _indent(line)
    if (at > begun and closers and not goes_on) or "end of stream" in problem:
        closers = closers or CLOSES.get(line[begins], "")
        kind = "quote" if closers[0] in "\"'" else "bracket"
        what = f"is not YAML: a {kind} is not closed, at column {begins + 1} or after it"
        fix = f"write the closing {kind} where it ends: `{closers}`"
        return Slip(begun + 1, what, fix, line.rstrip().rstrip(",") + closers)
    meant = line[:begins] + line[begins] + CLOSES[line[begins]] if at == begun and line[begins] in "[{" else None
    fix = f"column {column + 1}; a comma between two entries; {QUOTED}"
    return Slip(at + 1, f"is not YAML: {problem}", fix, meant)


def _closers(text: str) -> str:
    """What closes all that a text opens and leaves open."""
    open_, before = list[str](), ""
    for sign in text:
        if open_ and open_[-1] in "\"'":
            if sign == open_[-1]:
                open_.pop()
        elif sign in CLOSES and (sign in "[{" or before in ("", " ", "[", "{", ",")):
            open_.append(CLOSES[sign])
        elif open_ and sign == open_[-1]:
            open_.pop()
        before = sign
    return "".join(reversed(open_))


def _colon(lines: list[str], at: int, column: int) -> Slip:
    """A second colon on a line: within a text, or because the line hangs under one that has a value already."""
    line = lines[at]
    key = re.match(r"\s*(?:- )?[\w.]+:\s+(?=[^\s\"'\[{])", line)
    if key and column > key.end():
        meant = _quoted(line, key.end())
        return Slip(at + 1, "is not YAML: a colon within a text", f"in quotes: `{meant.strip()[:80]}`", meant)
    return _reindented(lines, at, "is not YAML: indented under a line that has a value already")


def _reindented(lines: list[str], at: int, what: str) -> Slip:
    above = next((n for n in range(at - 1, -1, -1) if lines[n].strip() and lines[n].lstrip()[0] != "#"), at)
    blanks = " " * _indent(lines[above])
    fix = f"begin it with {len(blanks)} blanks, as line {above + 1} does, if it stands beside that"
    return Slip(at + 1, what, fix, blanks + lines[at].strip())


def _quoted(line: str, column: int) -> str:
    """A line with the text from a column on in quotes, up to where a flow mapping goes on."""
    ends = re.search(r"[,\]}]", line[column:]) if "{" in line[:column] or "[" in line[:column] else None
    last = column + ends.start() if ends else len(line)
    return line[:column] + '"' + line[column:last].strip().replace('"', "'") + '"' + line[last:]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _parent(lines: list[str], at: int) -> int:
    """The line, from 1, that a line hangs under; 0 for the file."""
    return next(
        (n + 1 for n in range(at - 1, -1, -1) if lines[n].strip() and _indent(lines[n]) < _indent(lines[at])), 0
    )
