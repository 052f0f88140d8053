"""What does a message say in a language, once its numbers and names are filled in?

Messages live in `<language>.toml`, grouped by section. `{name}` is filled in, `**words**` are emphasized.
A message that a language lacks is said in English, marked as such: nothing is left out.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any

from contingent.brief.document.blocks import Foreign, Span, Strong, Text
from contingent.errors import InputError

LANGUAGES = ("en", "ur", "ar")
BLANKS = re.compile(r"[ \n\t]+")  # not the space that keeps a number and its sign together
SHARE = re.compile(r"(\d+) %")
LATIN = re.compile(r"\{(?:date|run)\}")
RIGHT_TO_LEFT = frozenset({"ur", "ar"})


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The messages of one language; `Catalogue("ur")`."""

    language: str = "en"

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            raise InputError(f"no messages in language {self.language!r}; there are: {', '.join(LANGUAGES)}")

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return "rtl" if self.language in RIGHT_TO_LEFT else "ltr"

    def has(self, key: str) -> bool:
        """Whether the language has the message itself."""
        return key in messages(self.language)

    def say(self, key: str, /, **parts: Any) -> Text:
        """The message as spans; `parts` may be strings, numbers or texts.

        Raises:
            KeyError: there is no such message, or a part it needs was not given.
        """
        if self.has(key):
            return filled(messages(self.language)[key], parts)
        spans = filled(messages("en")[key], parts)
        return tuple(Foreign(span) if isinstance(span, str) else span for span in spans)

    def word(self, key: str, /, **parts: str) -> str:
        """A message that holds nothing but words."""
        table = messages(self.language if self.has(key) else "en")
        spans = filled(table[key], parts)
        if not all(isinstance(span, str) for span in spans):
            raise KeyError(f"message {key!r} holds more than words")
        return "".join(spans)  # pyright: ignore[reportArgumentType, reportCallIssue]


@cache
def messages(language: str) -> dict[str, str]:
    """All messages of a language by dotted key."""
    text = files("contingent.brief.document").joinpath("messages", f"{language}.toml").read_text(encoding="utf-8")
    return {
        f"{group}.{name}": _ordered(language, BLANKS.sub(" ", message).strip())
        for group, entries in tomllib.loads(text).items()
        for name, message in entries.items()
    }


def _ordered(language: str, message: str) -> str:
    """The message with marks around its literal shares and dates, so that right to left they keep their order."""
    if language not in RIGHT_TO_LEFT:
        return SHARE.sub("\\1\u00a0%", message)
    return LATIN.sub(isolated("\\g<0>"), SHARE.sub(isolated("\\1\u00a0%"), message))


def isolated(text: str) -> str:
    """A number or date that keeps its own order between words that run from right to left (U+2066, U+2069)."""
    return f"\u2066{text}\u2069"


def filled(template: str, parts: dict[str, Any]) -> Text:
    """A template with its parts in place and its emphasis opened."""
    stack: list[list[Span]] = [[]]
    for literal, name, _, _ in Formatter().parse(template):
        for index, words in enumerate(literal.split("**")):
            if index:
                _toggle(stack)
            if words:
                stack[-1].append(words)
        if name is not None:
            part = parts[name]
            stack[-1].extend(part if isinstance(part, tuple) else (part,))
    if len(stack) != 1:
        raise KeyError(f"emphasis is not closed in {template!r}")
    return merged(stack[0])


def merged(spans: Iterable[Span]) -> Text:
    """The spans with neighbouring words joined."""
    joined: list[Span] = []
    for span in spans:
        if isinstance(span, str) and joined and isinstance(joined[-1], str):
            joined[-1] += span
        elif span != "":
            joined.append(span)
    return tuple(joined)


def _toggle(stack: list[list[Span]]) -> None:
    if len(stack) == 1:
        stack.append([])
    else:
        inner = stack.pop()
        stack[-1].append(Strong(merged(inner)))
