"""Are statements, speakers, moods and signs read in each language, and numbers in their own digits?"""

from __future__ import annotations

import re

import pytest

from contingent.evidence.article import Article, article_from
from contingent.evidence.claim import LedgerClaim
from contingent.evidence.extract import extract


def read(text: str) -> tuple[LedgerClaim, ...]:
    return extract(article_from(text.encode(), "a.txt"))


@pytest.mark.parametrize(
    ("marked", "polarity"),
    [
        ("[وزیر دفاع خواجہ آصف] نے پیر کو کہا کہ {فوج غزہ نہیں بھیجی جائے گی}۔", -1),
        ("[ذرائع] کے مطابق {حکومت دستے بھیجنے پر آمادہ ہے}۔", 1),
        ("[ترجمان] کا کہنا تھا کہ {اس پر غور جاری ہے}۔", 0),
        ("قال [المتحدث باسم الحكومة] إن {القوات لن تشارك في المهمة}.", -1),
        ("وأعلن [رئيس الوزراء]، خلال مؤتمر صحفي، أن {الحكومة قررت إرسال 500 جندي}.", 1),
        ("وبحسب [مصدر أمني رفيع]، فإن {الجيش جاهز للمشاركة}.", 1),
        ("[Menteri Luar Negeri Sugiono] mengatakan {pasukan tidak akan dikirim}.", -1),
        ("{“Kami siap mengirim pasukan,”} kata [Sugiono].", 1),
        ("[Dışişleri Bakanı Hakan Fidan], {asker gönderilmeyeceğini} söyledi.", -1),
        ("[Uzmanlara] göre {asker göndermek riskli}.", -1),
        ("[Le ministre] a déclaré que {la France n’enverrait pas de soldats}.", -1),
        ("{« Nous enverrons 300 gendarmes »}, a annoncé [le président Dubois].", 1),
        ("[El ministro de Defensa, Juan Pérez], dijo que {su país no enviará tropas}.", -1),
        ("{El país está dispuesto a enviar policías}, según [una fuente].", 1),
    ],
)
def test_who_says_what_and_for_which_side(marked, polarity):
    text = re.sub(r"[][{}]", "", marked)
    (one,) = read(text)
    assert f"[{one.speaker}]" in marked
    assert f"{{{one.said(text)}}}" in marked
    assert one.polarity == polarity


@pytest.mark.parametrize(
    ("text", "mood", "polarity"),
    [
        ("ترجمان نے تاریخ بتانے سے انکار کیا کہ دستے کب روانہ ہوں گے۔", "non-commitment", 0),
        ("رفض المتحدث التعليق على موعد نشر القوات.", "non-commitment", 0),
        ("ولم يستبعد الوزير أن تشارك بلاده في القوة.", "possibility", 0),
        ("Juru bicara enggan berkomentar soal pengiriman pasukan.", "non-commitment", 0),
        ("Le ministre n’exclut pas que des soldats soient envoyés.", "possibility", 0),
        ("El presidente no descartó que el país envíe tropas.", "possibility", 0),
        ("El portavoz negó que se hayan enviado tropas.", "fact-asserted", -1),
        ("نفى الوزير أن تكون الحكومة أرسلت جنودا.", "fact-asserted", -1),
        ("Le général redoute que les soldats ne se retrouvent en danger.", "possibility", -1),
        ("Bakan, yalnızca BM yetkisi altında asker gönderileceğini söyledi.", "intention", 0),
    ],
)
def test_what_is_withheld_left_open_denied_feared_or_made_to_depend(text, mood, polarity):
    one = read(text)[0]
    assert (one.modality, one.polarity) == (mood, polarity)


@pytest.mark.parametrize(
    ("text", "values", "date"),
    [
        ("وزیر دفاع نے منگل کو کہا کہ ۱۲۰۰ اہلکار اور ۲ ہزار فوجی جائیں گے۔", [1200, 2000], "منگل"),
        ("قال الوزير يوم الأحد إن ١٢٠٠ جندي و٣٨ ألف عنصر سيشاركون.", [1200, 38000], "يوم الأحد"),
        (f"قال الوزير يوم الأحد إن {'٩' * 5000} جندي سيشاركون.", [], "يوم الأحد"),
        ("Menteri mengatakan, Senin (3/11), bahwa 1.500 personel siap dikirim.", [1500], "Senin (3/11)"),
        ("Le ministre a déclaré lundi que 1\u202f200 soldats partiraient.", [1200], "lundi"),
    ],
)
def test_numbers_are_read_in_their_own_digits_and_days_stay_as_written(text, values, date):
    found = read(text)
    assert [quantity.value for one in found for quantity in one.quantities] == values
    assert found[0].date_expression == date


def test_who_spoke_last_goes_on_speaking_and_a_bare_office_is_whoever_has_it():
    text = (
        "وزیر دفاع اکبر زریں نے کہا کہ فوج نہیں جائے گی۔ انہوں نے مزید کہا کہ فیصلہ کابینہ کرے گی۔ "
        "“ہم تیار ہیں،” وزیر دفاع نے کہا۔"
    )
    found = read(text)
    assert [one.speaker for one in found] == ["وزیر دفاع اکبر زریں"] * 3
    assert [text[slice(*one.speaker_span)] for one in found if one.speaker_span] == [
        "وزیر دفاع اکبر زریں",
        "انہوں",
        "وزیر دفاع",
    ]


def test_places_hold_where_marks_that_are_not_seen_stand_between():
    text = "قالَ الـوزيرُ إنّ \u200fالقواتِ لن تشاركَ في المهمةِ."
    (one,) = extract(Article("a.txt", text, language="ar"))
    assert text[slice(*one.spans[0])].endswith("المهمةِ")
    assert one.polarity == -1


def test_the_reporters_questions_are_no_claims():
    assert read("هل سترسل الحكومة قوات إلى الخارج في هذه المهمة الجديدة؟") == ()


@pytest.mark.parametrize(
    ("language", "text", "state"),
    [
        ("fr", "Le ministre de la Défense du Sénégal a déclaré que des troupes seraient envoyées à Miramar.", "SEN"),
        ("es", "El ministro de Defensa de Chile dijo que no enviará tropas a Miramar.", "CHL"),
        ("id", "Menteri Pertahanan Indonesia mengatakan bahwa pasukan tidak akan dikirim ke Miramar.", "IDN"),
        ("tr", "Türkiye Savunma Bakanı, Miramar'a asker gönderilmeyeceğini söyledi.", "TUR"),
        ("ur", "پاکستان کی حکومت نے کہا ہے کہ فوج میرامار نہیں بھیجی جائے گی۔", "PAK"),
        ("ar", "قالت حكومة الأردن إن القوات لن ترسل إلى ميرامار.", "JOR"),
        ("fr", "La Kombarie pourrait fournir 1 200 hommes, a déclaré le général.", "Kombarie"),
        ("tr", "“Miramar'a asker göndermeyeceğiz” dedi Bakan.", ""),
    ],
)
def test_whose_decision_it_is_stands_in_the_words_around_the_states_name(language, text, state):
    assert {one.actor_state for one in extract(Article("a.txt", text, language=language))} == {state}
