"""As which files can a document be written, and which function writes each?

Output formats. A format is one line here and a module beside this one, whose function takes a `Document` and gives
text or bytes; it is loaded when it is asked for.
"""

from pkgutil import resolve_name
from typing import Any

from contingent.errors import InputError

FORMATS = {
    "html": "contingent.brief.render.html:page", "pdf": "contingent.brief.render.pdf:pdf",
    "txt": "contingent.brief.render.terminal:plain", "md": "contingent.brief.render.markdown:markdown",
    "docx": "contingent.brief.render.docx:docx",
}  # fmt: skip
"""The function behind each ending of a file's name."""


def render(document: Any, ending: str) -> bytes:
    """A document's bytes as a file of an ending of `FORMATS`.

    Raises:
        InputError: no format has that ending; the message lists those there are.
        ExtraError: what writes the format is not installed.
    """
    if ending not in FORMATS:
        raise InputError(f"a brief cannot be written as {ending!r}; it can as: {', '.join(FORMATS)}")
    made = resolve_name(FORMATS[ending])(document)
    return made.encode() if isinstance(made, str) else made
