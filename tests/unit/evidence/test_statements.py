"""Does the grammar find speaker, cue and content in sentences of every form?"""

from __future__ import annotations

import pytest

from contingent.evidence.grammar.attribution import attributions, parse


def found(text: str) -> list[tuple[str | None, str, str]]:
    return [
        (
            text[one.source[0] : one.source[1]] if one.source else None,
            text[one.cue[0] : one.cue[1]],
            " | ".join(text[a:b] for a, b in one.content),
        )
        for one in attributions(text)
    ]


CASES = {
    "direct": (
        "“We will see,” the envoy told reporters. “Nothing is signed.”",
        ("the envoy", "told", "“We will see,” | “Nothing is signed.”"),
    ),
    "inverted": (
        "“Nobody asked us,” said Amina Diallo, a lawyer in Dakar.",
        ("Amina Diallo, a lawyer in Dakar", "said", "“Nobody asked us,”"),
    ),
    "indirect": (
        "The ministry said the bridge would reopen in May.",
        ("The ministry", "said", "the bridge would reopen in May"),
    ),
    "apposition": (
        "Jon Aas, the minister of fisheries, argued that quotas were too low.",
        ("Jon Aas, the minister of fisheries", "argued", "that quotas were too low"),
    ),
    "mixed": (
        "She called the offer “a step backwards” on Friday.",
        ("She", "called", "the offer “a step backwards”"),
    ),
    "trailing": (
        "The vote will be close, two delegates predicted.",
        ("two delegates", "predicted", "The vote will be close"),
    ),
    "parenthetical": (
        "The plan, he said, would cost little.",
        ("he", "said", "The plan | would cost little"),
    ),
    "according to": (
        "According to the audit, three depots were empty.",
        ("the audit", "According to", "three depots were empty"),
    ),
    "view": ("To be held. In their view, the treaty is dead.", ("their", "In their view", "the treaty is dead")),
    "intention": ("The council plans to send observers.", ("The council", "plans", "to send observers")),
    "as": (
        "The union also sees the talks as a way out of the strike.",
        ("The union", "also sees", "the talks as a way out of the strike"),
    ),
    "condition kept": (
        "Okoye explained that if the rains fail, the camp would move.",
        ("Okoye", "explained", "that if the rains fail, the camp would move"),
    ),
    "interrupted cue": (
        "He clarified, however, that no date was set.",
        ("He", "clarified", "that no date was set"),
    ),
    "passive": (
        "The column is expected to reach the coast.",
        (None, "is expected", "The column | to reach the coast"),
    ),
    "accusation": (
        "The mayor accused the builders of fraud.",
        ("The mayor", "accused", "the builders of fraud"),
    ),
    "headline": ("Minister: ‘We are ready to go’", ("Minister", ":", "‘We are ready to go’")),
    "noun": ("Few believed his claim that the road was safe.", None),
}


@pytest.mark.parametrize("name", CASES)
def test_form(name: str):
    text, expected = CASES[name]
    if expected is None:
        assert "that the road was safe" in found(text)[0][2]
    else:
        assert expected in found(text)


def test_a_second_verb_shares_the_subject():
    text = "Reis has said that he is ready, but made it clear that war was not his job."
    assert found(text)[1] == ("Reis", "made it clear", "that war was not his job")


def test_a_dateline_is_no_speaker():
    assert found("LAHORE: The minister said nothing was signed.") == [("The minister", "said", "nothing was signed")]
    turns = "KHAN: We will go.\nReporter: When?\nKHAN: Soon enough."
    assert ("KHAN", "", "We will go.") in found(turns)


def test_ellipsis_shares_the_subject():
    text = "“It is raining,” he shared on Monday, adding that it would stop soon."
    assert ("he", "adding", "that it would stop soon") in found(text)


def test_a_request_for_anonymity_is_no_statement():
    text = "People close to the talks, who asked not to be named, said the deal was near."
    assert found(text) == [("People close to the talks, who asked not to be named", "said", "the deal was near")]


def test_what_is_said_inside_a_statement_belongs_to_it():
    text = "The clerk said he hoped the case would end."
    assert found(text) == [("The clerk", "said", "he hoped the case would end")]
    inner = [one for _, group in parse(text) for one in group if one.within]
    assert [text[one.cue[0] : one.cue[1]] for one in inner] == ["hoped"]


def test_nouns_are_not_verbs():
    assert found("The plans were on the table and the state demands were few.") == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "“",
        "” ” ” said",
        "''''",
        "said",
        "“Never closed, he said.\nNext line",
        "قال الوزير “نعم”",
        "a\x00b said \u2028 so",
    ],
)
def test_nothing_is_refused(text: str):
    for one in attributions(text):
        assert all(0 <= a < b <= len(text) for a, b in (one.cue, *one.content))


@pytest.mark.parametrize("when", ["", " late on Tuesday", " in a statement", " last month", " for the first time"])
@pytest.mark.parametrize("cue", ["said", "announced", "told reporters", "told parliament", "cautioned"])
@pytest.mark.parametrize("who", ["The foreign minister", "The armed forces", "Vall, a former general,", "She"])
def test_wire_copy_frames(who: str, cue: str, when: str):
    """The three frames of wire copy, with whatever stands between cue and content: speaker and content whole."""
    later = who[:1].lower() + who[1:] if who[0] == "T" else who
    for text, content in (
        (f"{who} {cue}{when} that troops would leave.", "that troops would leave"),
        (f"Troops would leave, {later} {cue}{when}.", "Troops would leave"),
        (f"“Troops will leave,” {later} {cue}{when}.", "“Troops will leave,”"),
    ):
        (found,) = attributions(text)
        assert text[slice(*found.content[0])] == content
        assert found.source
        assert text[slice(*found.source)].strip(",").lower() == who.strip(",").lower()
