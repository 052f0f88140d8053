"""Which language is a text in, and what is known of that language?

Language identification: English, Urdu and Arabic by their commonest words; what is left, by py3langid (Lui & Baldwin
2012, byte n-grams over 97 languages), which is loaded only then. A language other than English is a file in
`grammar/words/`: cues by kind, the frames in which they stand, and what tells moods, acts, numbers and days.
"""

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from contingent.errors import LanguageError
from contingent.evidence.acts import Sign, governed, sign
from contingent.evidence.claim import Modality, Quantity

READ = ("en", "ur", "ar", "id", "tr", "fr", "es")
"""Languages whose claims are found, by their ISO 639-1 codes."""
RIGHT_TO_LEFT = frozenset(["ar", "ur"])
_SAMPLE = 800  # characters looked at from the beginning, and as many from the middle and the end
_LEAST = 20  # letters below which a text in Latin letters is too short to tell, and is taken for English
_SHARE = 0.12  # of its words are among the commonest ones: running text has two to four times as much
_NEAR = 8  # log-likelihood by which another language must be likelier than one that is read: Malay and Indonesian
_WORD = re.compile(r"[^\W\d_]+")
QUOTED = "\ue000"  # stands for each character of a quotation in what frames are matched with
_NUMBER = (
    r"(?<![\d.,/])(?<![A-Za-zÀ-ÿ])(?P<n>\d+(?:[.,٬٫ ]\d{3}(?!\d))*(?:[.,٫]\d+)?)(?![\d/])"
    r"(?:\s?(?P<scale>%s)(?![^\W_]))?\s*(?P<unit>[^\W\d_]+|[%%٪])?"
)
_COMMON = {
    "en": frozenset(
        "the of and that is with which said from are not has have would this they his it were will".split()
    ),
    "ur": frozenset("کے کی کا میں ہے نے سے کہ اور پر کو ہیں".split()),
    "ar": frozenset("في من على أن إلى إن عن التي الذي هذا هذه ما لا لم".split()),
}


def _file(name: str) -> dict[str, Any]:
    file = resources.files("contingent.evidence.grammar") / "words" / f"{name}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


@cache
def _names() -> dict[str, str]:
    return _file("languages")


def called(code: str) -> str:
    """A language's English name; the code itself where it is a rare one."""
    return _names().get(code, f"a language with the code {code}")


def _by_common_words(words: list[str]) -> str:
    shares = ((code, sum(word in common for word in words)) for code, common in _COMMON.items())
    return next((code for code, share in shares if share > _SHARE * len(words)), "")


def in_arabic_script(text: str) -> bool:
    """Whether a text is Urdu or Arabic by its commonest words alone."""
    return _by_common_words(_WORD.findall(text[:_SAMPLE])) in RIGHT_TO_LEFT


def language_of(text: str) -> str:
    """The ISO 639-1 code of the language most of a text is in; English where it is too short to tell."""
    middle = len(text) // 2
    pieces = (text,) if len(text) <= 3 * _SAMPLE else (text[:_SAMPLE], text[middle : middle + _SAMPLE], text[-_SAMPLE:])
    words = _WORD.findall(" ".join(pieces).lower())
    if code := _by_common_words(words):
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


@cache
def _months(code: str) -> dict[str, int]:
    """The months of a language by their names, in lower case, and by three letters in English."""
    if code != "en":
        return grammar_of(code).months
    names = _names()["months"].split()
    return {name[:n]: number for number, name in enumerate(names, 1) for n in (3, 4, len(name))}


def written_day(line: str, code: str) -> dt.date | None:
    """The day that a line names in full, with its year, in whatever digits."""
    folded = (line if code == "en" else grammar_of(code).folded(line)).lower()
    if iso := re.search(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)", folded):
        return _day(*map(int, iso.groups()))
    months = _months(code)
    name = f"(?P<m>{'|'.join(sorted(map(re.escape, months), key=len, reverse=True))})"
    day, year = r"(?<!\d)(?P<d>\d{1,2})(?:st|nd|rd|th|er)?", r"(?P<y>\d{4})(?!\d)"
    for order in (rf"{day} (?:de |d')?{name}\.?(?:/\S+(?: \w+)?)?,? (?:de |del )?{year}", rf"{name}\.? {day},? {year}"):
        if found := re.search(order, folded):
            return _day(int(found["y"]), months[found["m"]], int(found["d"]))
    return None


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


class Frame(NamedTuple):
    """How statements with cues of some kinds are built: what stands before and what after the cue.

    In both, `S` is the speaker and every group whose name begins with `C` is content. Without `S` the speaker is the
    last one.
    """

    cues: frozenset[str]
    before: re.Pattern[str]
    after: re.Pattern[str]


class Grammar:
    """What the file of a language says, compiled."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.words: dict[str, str] = {"Q": f"{QUOTED}+", "months": "|".join(data["months"]), **data["words"]}
        self.fold = str.maketrans(data["letters"]["from"], data["letters"]["to"])
        cues = "|".join(f"(?P<{kind}>{words})" for kind, words in data["cues"].items())
        self.cue = self.compiled(f"(?<![^\\W_])(?:{data.get('before_cue', '')})(?:{cues})(?![^\\W_])|(?P<colon>:)(?= )")
        self.frames = tuple(
            Frame(
                frozenset(one["cues"].split()),
                self.compiled(f"(?:{one.get('before', '')})$"),
                self.compiled(one.get("after", "")),
            )
            for one in data["frames"]
        )
        self.says = {name: self.compiled(words) for name, words in data["says"].items()}
        self.moods: list[tuple[re.Pattern[str], Modality]] = [
            (self.compiled(m["words"]), m["is"]) for m in data["moods"]
        ]
        self.cue_moods: dict[str, Modality] = data["cue_moods"]
        self.cue_signs: dict[str, int] = data["cue_signs"]
        self.roles = {name: self.compiled(rf"(?<!\w)(?:{words})(?!\w)") for name, words in data["roles"].items()}
        acts = "|".join(f"(?P<{act}>{words})" for act, words in data["acts"].items())
        lead = data.get("before_act", "")
        self.act = self.compiled(rf"(?<![^\W_]){lead}(?:{acts})")
        self.last: bool = data["head_last"]
        self.factors = {name: self.compiled(rf"(?<!\w){lead}(?:{words})") for name, words in data["factors"].items()}
        self.scales: dict[str, float] = {self.folded(word): size for word, size in data["scales"].items()}
        scale = "|".join(sorted(map(re.escape, data["scales"]), key=len, reverse=True))
        self.number = re.compile(_NUMBER % self.folded(scale), re.IGNORECASE)
        self.thousands: str = data["thousands"]
        self.months: dict[str, int] = {self.folded(name).lower(): number for name, number in data["months"].items()}
        self.weekdays: dict[str, int] = {self.folded(name).lower(): number for name, number in data["weekdays"].items()}

    def folded(self, text: str) -> str:
        """The text with letters that are written in several ways as one, of the same length."""
        return text.translate(self.fold)

    def compiled(self, words: str) -> re.Pattern[str]:
        """An expression of the file, with the named ones it uses put in."""
        while "%" in (found := re.sub(r"%(\w+)%", lambda one: self.words[one[1]], words)) and found != words:
            words = found
        return re.compile(self.folded(found), re.IGNORECASE)

    def mood(self, said: str, cue: str) -> Modality:
        """The mood of a claim from its words and the kind of its cue; rules in order, the most particular first."""
        said = self.folded(said)
        given = self.cue_moods.get(cue)
        for rule, mood in self.moods:
            if (given is None or mood in {"meta-status", "knowledge-denied", "open-question"}) and rule.search(said):
                return mood
        return given or "fact-asserted"

    def acts(self, said: str) -> list[str]:
        """The classes of the acts that a claim speaks of and their negations, the governing one first (`sign`)."""
        said = self.folded(said)
        deny = list(self.says["deny"].finditer(said))
        found = [(match.start(), match.end(), str(match.lastgroup)) for match in self.act.finditer(said)]
        chain: list[tuple[float, str]] = [(float(a), act) for a, _, act in found]
        for no in deny:
            of = next((n for n, (a, b, _) in enumerate(found) if a <= no.start() < b or a <= no.end() <= b), None)
            ahead = next(
                (n for n, (a, _, _) in enumerate(found) if 0 <= a - no.end() <= (18 if self.last else 99)), None
            )
            at = of if of is not None else ahead
            after = found[at][0] + (0.5 if self.last else -0.5) if at is not None else float(no.start())
            chain.append((after, "not"))
        ordered = [act for _, act in sorted(chain)]
        return ordered[::-1] if self.last else ordered

    def asserted(self, said: str) -> tuple[str, bool]:
        """The class of act that a claim asserts, and whether it denies it."""
        folded = self.folded(said)
        premise = self.says["condition"].search(folded)  # what it depends on asserts nothing
        bare = folded[: premise.start()] + folded[premise.end() :] if premise else folded
        return governed(self.acts(bare) or self.acts(folded))

    def sign(self, said: str, cue: str, mood: Modality) -> Sign:
        """The effect of a claim on joining."""
        folded = self.folded(said)
        act, negated = self.asserted(said)
        if self.says["only"].search(folded):
            return 0  # only on a condition: neither a yes nor a no
        if mood in {"open-question", "knowledge-denied"} and self.says["burden"].search(folded):
            return -1  # who pays, who leads, who saves the wounded: asked, it argues against
        if act in {"topic", "decide"} and not negated and self.cue_signs.get(cue, 1) < 0:
            return -1  # denied: agreed to, or even asked
        return sign(act, negated=negated, cue=self.cue_signs.get(cue, 1), modality=mood)

    def day(self, expression: str, published: dt.date | None, code: str) -> dt.date | None:
        """The day an expression means in a text of a given day; a weekday is the last one up to it."""
        if full := written_day(expression, code):
            return full
        named = [number for name, number in self.weekdays.items() if name in self.folded(expression).lower()]
        if published is None or not named:
            return None
        return published - dt.timedelta(days=(published.weekday() - named[0]) % 7)

    def quantities(self, said: str) -> tuple[Quantity, ...]:
        """The numbers in a claim, whatever digits they are written in."""
        found: list[Quantity] = []
        for match in self.number.finditer(self.folded(said)):
            digits = (
                re.sub(rf"[{self.thousands}٬ ](?=\d{{3}}(?!\d))", "", match["n"]).replace(",", ".").replace("٫", ".")
            )
            scale, unit = match["scale"] or "", match["unit"] or ""
            value = float(digits) if digits.count(".") < 2 else 0.0
            share = self.scales.get(scale) == 0
            if 0 < value <= Quantity.MOST and (scale or not (unit.lower() in self.months or 1900 <= value <= 2100)):
                found.append(Quantity(value * (self.scales.get(scale) or 1), "=", "%" if share else unit))
        return tuple(found)


@cache
def grammar_of(language: str) -> Grammar:
    """The grammar of a language other than English, by its code."""
    return Grammar(_file(language))
