"""Does what a claim asserts of an action speak for joining, against it, or neither?

Polarity composed from class of act, negation, cue and modality; nothing here belongs to any language.
"""

from collections.abc import Sequence
from typing import Literal

Sign = Literal[-1, 0, 1]
_SIDES: dict[str, tuple[Sign, Sign]] = {
    "for": (1, -1),  # send, join, support, be ready
    "against": (-1, 1),  # withdraw, stay out, delay, cost
    "refuse": (-1, 1),  # reject, oppose, decline: turns round what it governs
    "exclude": (-1, 0),  # rule out: not to do so leaves everything open
    "decide": (1, 0),  # agree, approve: not to have done so yet leaves everything open
    "open": (0, 0),  # consider, discuss, ask
    "topic": (0, 0),  # a request, an invitation: what is accepted or refused
    "plus": (1, -1),  # argues for: ready, honour, experience
    "minus": (-1, 1),  # argues against: cost, risk, concerns
    "object": (0, -1),  # only named: troops, the mission
}
"""For each class of act what it says where it is affirmed, and where it is denied."""
_NEITHER = {"open-question", "non-commitment", "knowledge-denied", "meta-status"}
_WILL = {"intention", "conditional-prediction", "preference", "personal-opinion"}


def sign(act: str, *, negated: bool = False, cue: int = 1, modality: str = "fact-asserted") -> Sign:
    """The effect of a claim on joining: 1 for, -1 against, 0 neither.

    `act` is the class of what is asserted (`""` for none), `negated` whether it is denied in its own clause, `cue` the
    sign of the reporting word: 1 asserts, -1 denies ("denied that"), 0 withholds ("declined to say").
    """
    if not act or not cue or modality in _NEITHER:
        return 0
    denied = negated != (cue < 0)
    if act == "decide" and modality == "obligation":
        return 0  # somebody has yet to approve
    if act == "decide" and denied and modality in _WILL:
        return -1  # will not approve
    return _SIDES[act][denied]


def governed(chain: Sequence[str]) -> tuple[str, bool]:
    """The act that a chain of words comes to, the governing word first, and whether it is negated.

        Words are classes of acts, `choose` (decided to), `not` and `cannot`: ("not", "refuse", "for") is "for", denied twice
    and so affirmed. An act is not changed by arguments that it governs; one that is only named ("object") is changed by
    whatever governs it.
    """
    if not chain:
        return "", False
    word = chain[0]
    act, negated = governed(chain[1:])
    acts = act in {"for", "against", "refuse", "exclude", "decide"}
    if word == "not" or (word == "cannot" and act != "minus"):
        return act, not negated
    if word == "cannot":
        return act, negated  # cannot carry the burden
    if word == "refuse" and (acts or (act == "minus" and chain[1] == "minus")):
        return act, not negated
    if word == "minus":
        return "minus", acts and negated  # a mistake not to send
    if word in {"object", "topic", "plus"} and act and act not in {"object", "topic"}:
        return act, negated
    if word in {"for", "decide"} and act in {"open", "against", "refuse", "exclude"}:
        return act, negated  # agreed to consider, plans to withdraw
    if word == "choose":
        return ("decide", False) if act == "for" and not negated else (act, negated) if acts else ("topic", False)
    if word == "decide" and negated:
        return act, negated  # agreed not to send
    return word, False
