"""Are words known, inflected, and cut into sentences and quotations as English does?"""

from __future__ import annotations

import pytest

from contingent.evidence.grammar import lexicon as lx
from contingent.evidence.grammar.complement import clause_end, phrase_end, sentence_end
from contingent.evidence.grammar.lexicon import look_up
from contingent.evidence.grammar.sentences import Sentence, direct, paragraphs, quotations, sentences
from contingent.evidence.grammar.source import after, before
from contingent.evidence.grammar.verb_group import use_of


@pytest.mark.parametrize(
    ("word", "lemma", "forms"),
    [
        ("says", "say", "s"), ("said", "say", "dp"), ("saying", "say", "g"), ("say", "say", "b"),
        ("denies", "deny", "s"), ("denied", "deny", "dp"), ("told", "tell", "dp"), ("telling", "tell", "g"),
        ("argues", "argue", "s"), ("argued", "argue", "dp"), ("arguing", "argue", "g"), ("knew", "know", "d"),
        ("known", "know", "p"), ("admitting", "admit", "g"), ("stresses", "stress", "s"), ("wrote", "write", "d"),
    ],
)  # fmt: skip
def test_reporting_verbs_in_all_their_forms(word, lemma, forms):
    assert (lemma, forms) in {(verb.lemma, verb.forms) for verb in look_up(word).verbs}
    assert look_up(word).bits & lx.CUE


@pytest.mark.parametrize(
    ("word", "has", "lacks"),
    [
        ("the", lx.DET, lx.CAP), ("The", lx.DET | lx.CAP, lx.NUM), ("his", lx.POSS, lx.SUBJ), ("he", lx.SUBJ, lx.OBJ),
        ("quickly", lx.ADV, lx.ED), ("opened", lx.ED, lx.ING), ("opening", lx.ING, lx.ED), ("200", lx.NUM, lx.CAP),
        ("$5", lx.NUM, lx.CAP), (",", lx.COMMA, lx.STOP), (";", lx.STOP, lx.COMMA), (":", lx.COLON, lx.STOP),
        ("—", lx.DASH, lx.STOP), ("(", lx.DASH, lx.MARK), ("“", lx.MARK, lx.DASH), ("Dr.", lx.CAP | lx.ABBR, lx.NUM),
        ("is", lx.BE, lx.HAVE), ("has", lx.HAVE, lx.BE), ("did", lx.DO, lx.BE), ("could", lx.MODAL, lx.DO),
        ("claim", lx.CUENOUN, lx.DET), ("claims", lx.CUENOUN, lx.DET), ("Oslo", lx.CAP, lx.CUE),
    ],
)  # fmt: skip
def test_what_the_lexicon_says_of_a_word(word, has, lacks):
    bits = look_up(word).bits
    assert bits & has == has
    assert not bits & lacks


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("He said “yes” and “no”.", ["“yes”", "“no”"]),
        ('He said "yes" and left.', ['"yes"']),
        ("“It is “his” view,” she said.", ["“It is “his” view,”"]),
        ("“Never closed, he said.", ["“Never closed, he said."]),
        ("It is the state’s plan.", []),
        ("‘We go,’ she said.", ["‘We go,’"]),
        ("``We go,'' she said.", ["``We go,''"]),
        ("« Oui », a-t-il dit.", ["« Oui »"]),
        ("No marks here.", []),
    ],
)
def test_quotations(text, found):
    assert [text[a:b] for a, b in quotations(text, 0, len(text))] == found


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("“We will see,” he said.", True),
        ("He said, “We will see.”", True),
        ("He called it “a step” back.", False),
        ("He called it “absurd.”", False),
        ("She left. “We will see.”", True),
        ("He said that “We will go there soon.”", True),
    ],
)
def test_a_direct_quotation_stands_by_itself(text, alone):
    ((a, b),) = quotations(text, 0, len(text))
    assert direct(text, 0, len(text), (a, b)) is alone


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("The road is shut. The clerk left.", ["The road is shut.", "The clerk left."]),
        ("Dr. Aho left. He ran.", ["Dr. Aho left.", "He ran."]),
        ("The U.S. Senate met. It voted.", ["The U.S. Senate met.", "It voted."]),
        ("It rose to 2.5 percent; Nobody saw it.", ["It rose to 2.5 percent; Nobody saw it."]),
        ("It rained. and snowed.", ["It rained. and snowed."]),
        ("Why? Because!", ["Why?", "Because!"]),
        ("“We go. We stay.” He left.", ["“We go. We stay.”", "He left."]),
    ],
)
def test_sentences(text, cut):
    found = sentences(text, 0, len(text), 0)
    assert [text[s.start[0] : s.end[-1]] for s in found] == cut


def test_a_text_without_stops_is_cut_after_400_words():
    text = "word " * 1000
    assert [len(s) for s in sentences(text, 0, len(text), 0)] == [400, 400, 200]


def test_paragraphs_are_lines_that_hold_anything():
    text = "  one \n\n\ttwo\r\nthree\u2028four\n   \n"
    assert [text[a:b] for a, b in paragraphs(text)] == ["one", "two", "three", "four"]


def only(text: str) -> Sentence:
    (sentence,) = sentences(text, 0, len(text), 0)
    return sentence


@pytest.mark.parametrize(
    ("text", "verb", "subject", "group"),
    [
        ("The clerk has said so.", "said", "left", (2, 4)),
        ("The clerk did not say so.", "say", "left", (2, 5)),
        ("The clerk went on to say so.", "say", "left", (2, 6)),
        ("It stopped, adding that it would rain.", "adding", "main", (3, 4)),
        ("The clerk was told so.", "told", "left", (2, 4)),
    ],
)
def test_the_verb_group_of_a_cue(text, verb, subject, group):
    sentence = only(text)
    use = use_of(sentence, sentence.low.index(verb))
    assert use
    assert (use.subject, (use.start, use.end)) == (subject, group)
    assert use.passive is (text == "The clerk was told so.")


@pytest.mark.parametrize(
    ("text", "word"), [("The plan was shut.", "plan"), ("His claim was shut.", "claim"), ("The stated aim.", "stated")]
)
def test_a_noun_or_an_adjective_is_no_verb_in_use(text, word):
    sentence = only(text)
    assert use_of(sentence, sentence.low.index(word)) is None


def words(text: str, span: tuple[int, int] | None) -> str | None:
    sentence = only(text)
    return text[sentence.start[span[0]] : sentence.end[span[1] - 1]] if span else None


@pytest.mark.parametrize(
    ("text", "verb", "source"),
    [
        ("The clerk said so.", "said", "The clerk"),
        ("On Tuesday Aho said so.", "said", "Aho"),
        ("Jon Aas, the mayor of Oslo, said so.", "said", "Jon Aas, the mayor of Oslo"),
        ("When it rained, the clerk said so.", "said", "the clerk"),
        ("It rained and the clerk said so.", "said", "the clerk"),
        ("The clerk, who was ill, said so.", "said", "The clerk, who was ill"),
    ],
)
def test_the_source_before_a_verb(text, verb, source):
    sentence = only(text)
    assert words(text, before(sentence, sentence.low.index(verb))) == source


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("said the clerk.", "the clerk"),
        ("said Amina Diallo, a lawyer in Dakar.", "Amina Diallo, a lawyer in Dakar"),
        ("said he in Oslo.", "he"),
        ("said the clerk on Tuesday.", "the clerk"),
        ("said, quickly.", None),
        ("said that it rained.", None),
    ],
)
def test_the_source_after_a_verb(text, source):
    assert words(text, after(only(text), 1)) == source


def test_how_far_content_reaches():
    text = "The clerk said it rained, but the mayor left."
    assert clause_end(only(text), 3) == 5  # the contrast is somebody else's
    assert clause_end(only("He said it rained and snowed."), 2) == 6
    assert phrase_end(only("She saw the long road before the war."), 2) == 5
    assert phrase_end(only("She saw the road, the bridge and the well."), 2) == 10
    assert sentence_end(only("It rained?!")) == 2
