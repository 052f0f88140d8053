"""Is any text refused, or any place in it wrong? `python benchmarks/any_text.py [HOW MANY] [SEED]`.

Texts are put together from words of every script that is read and of some that are not, marks, digits, line breaks and
characters that are not seen, in all layouts: 100,000 of them unless another number is given. Ends with 1 if one fails.
"""

import random
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from contingent.errors import LanguageError
from contingent.evidence.article import Article, article_from
from contingent.evidence.checks import check
from contingent.evidence.extract import extract
from contingent.evidence.ingest import records
from contingent.evidence.language import READ
from contingent.evidence.pack import shipped_pack

WORDS = {
    "en": "the a minister official said says told that whether if who and but according to in view of troops Khan Dr. "
    "U.S. 200,000 is was n't don't he she they his 's expected accused plan plans as KHAN: Q: A: Mr not will send",
    "ur": "وزیر دفاع نے کہا ہے کہ فوج نہیں بھیجی جائے گی کے مطابق ان کا کہنا تھا تردید کی ۱۲۰۰ اہلکار فیصلہ اگر “ ” ۔",
    "ar": "قال الوزير إن أن القوات لن ترسل وأضاف نفى بحسب مصدر ١٢٠٠ جندي « » ، ؛ ؟ رئيس الحكومة: نقلا عن إلا بتفويض",
    "id": "Menteri mengatakan bahwa pasukan tidak akan dikirim kata ujarnya Menurut sumber 1.500 jika membantah",
    "tr": "Bakan asker göndermeyeceğini söyledi dedi diye konuştu göre İstanbul'da yüzde 45'i açıkladı yalanladı IŞIK",
    "fr": "Le ministre a déclaré que n’avait pas décidé d’envoyer Selon « C » a-t-il affirme l’ONU 1 200 hommes M.",
    "es": "El ministro dijo que no enviará tropas según —dijo— negó añadió “ ” ¿ ? EE. UU. 1.200 y portavoz:",
}
STRANGE = [
    *("\n", "\n\n", "\r\n", "\t", "\u2028", "\u00a0", "\u200f", "\u202e", "\x0b", "\ufeff", "\ud800", "-\n", "\u00ad"),
    *("\u200c", "\u0640", "\u064b", "\ue000", "שר", "外交部长", "министр", "ﬁ", "😀", "e\u0301", "İ", "ß", "`quoted'"),
    *("“”\"«»‘’'()[]—–-,.;:!?…*_/\\&@#%^|<>{}"),
    *("O’Brien’s", "A.B.", "1.", "18:42", "> ", "From: a@b.example", "(laughter)", "We, the Ministers, "),
]


def some_text(rng: random.Random, language: str) -> str:
    """A text of up to 60 pieces, most of them of one language."""
    words, joins = WORDS[language].split(), (" ", " ", " ", "", ", ", "\n")
    return "".join(
        rng.choice(words if rng.random() < 0.7 else STRANGE) + rng.choice(joins) for _ in range(rng.randrange(60))
    )


def read_through(text: str, language: str) -> None:
    """Reads a text in a language; fails where a place is not what it says."""
    article = Article("any.txt", text, language=language)
    for one in extract(article, shipped_pack()):
        for a, b in (*one.spans, *(span for span in (one.speaker_span, one.cue) if span)):
            assert 0 <= a < b <= len(text), (language, text)
    check(article, extract(article, shipped_pack()), shipped_pack())
    for kind, body in records(article, shipped_pack()):
        if kind == "claim":
            assert all(text[place["start"] : place["end"]] == place["exact"] for place in body["spans"]), (
                language,
                text,
            )


def main(count: int = 100_000, seed: int = 20251028) -> int:
    """Reads so many texts; the exit code."""
    began, wrong = process_time(), 0
    for number in range(count):
        rng = random.Random(f"{seed}-{number}")
        language = rng.choice(READ)
        text = some_text(rng, language)
        try:
            read_through(text, language)
            if number % 50 == 0:  # through the file's reader, which also tells the language
                with TemporaryDirectory() as folder:
                    file = Path(folder) / "a.txt"
                    file.write_text(text, encoding="utf-8", errors="surrogatepass")
                    if text.encode("utf-8", "replace").strip():
                        article_from(file.read_bytes(), "a.txt")
        except LanguageError:
            continue
        except Exception as error:
            wrong += 1
            print(f"{language} {number}: {type(error).__name__}: {error}\n{text!r}")
    print(f"{count} texts in {process_time() - began:.0f} s of processor time: {wrong} refused or with a wrong place")
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
