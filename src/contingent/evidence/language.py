"""Which language is a text in, and is it one that is read here?

Language identification: English, Urdu and Arabic by their commonest words; what is left, by py3langid (Lui & Baldwin
2012, byte n-grams over 97 languages), which is loaded only then.
"""

import re
import tomllib
from functools import cache
from importlib import resources

from contingent.errors import LanguageError

READ = ("en", "ur", "ar", "id", "tr", "fr", "es")
"""Languages whose claims are found, by their ISO 639-1 codes."""
_SAMPLE = 2_000  # characters looked at from the beginning, and as many from the middle and the end
_LEAST = 20  # letters below which a text in Latin letters is too short to tell, and is taken for English
_SHARE = 0.12  # of its words are among the commonest ones: running text has two to four times as much
_NEAR = 8  # log-likelihood by which another language must be likelier than one that is read: Malay and Indonesian
_WORD = re.compile(r"[^\W\d_]+")
_COMMON = {
    "en": frozenset(
        "the of and that is with which said from are not has have would this they his it were will".split()
    ),
    "ur": frozenset("کے کی کا میں ہے نے سے کہ اور پر کو ہیں".split()),
    "ar": frozenset("في من على أن إلى إن عن التي الذي هذا هذه ما لا لم".split()),
}


@cache
def _names() -> dict[str, str]:
    file = resources.files("contingent.evidence.grammar") / "words" / "languages.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def called(code: str) -> str:
    """A language's English name; the code itself where it is a rare one."""
    return _names().get(code, f"a language with the code {code}")


def language_of(text: str) -> str:
    """The ISO 639-1 code of the language most of a text is in; English where it is too short to tell."""
    middle = len(text) // 2
    pieces = (text,) if len(text) <= 3 * _SAMPLE else (text[:_SAMPLE], text[middle : middle + _SAMPLE], text[-_SAMPLE:])
    words = _WORD.findall(" ".join(pieces).lower())
    for code, common in _COMMON.items():
        if sum(word in common for word in words) > _SHARE * len(words):
            return code
    letters = "".join(words)
    if len(letters) < _LEAST and sum(letter < "\u0250" for letter in letters) * 2 >= len(letters):
        return "en"
    import py3langid  # a second to load: not before a text needs it

    best = max(py3langid.rank(" ".join(words)), key=lambda one: one[1] + _NEAR * (one[0] in READ))[0]
    return "en" if best == "zxx" else best  # zxx: no language at all


def read_in(text: str, name: str) -> str:
    """The language of a text, where it is one that is read.

    Raises:
        LanguageError: it is another; names it.
    """
    code = language_of(text)
    if code not in READ:
        known = ", ".join(map(called, READ))
        raise LanguageError(f"{name}: is in {called(code)}; read are {known}: give a translation, and say whose it is")
    return code
