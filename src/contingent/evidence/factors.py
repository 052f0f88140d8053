"""Which factors of the decision a claim is about, and whether it speaks for or against."""

from __future__ import annotations

import re

from contingent.evidence.pack import Pack, pattern

_NEGATED = re.compile(r"\b(?:not|no|never|without|nobody|nothing|hardly|n['’]t)\b", re.IGNORECASE)


_KEPT = 8  # packs whose compiled words are remembered
_sorters: dict[int, Sorter] = {}


def sorter_of(pack: Pack) -> Sorter:
    """The compiled words of a pack's factors, remembered between articles."""
    key = id(pack.factors)
    found = _sorters.get(key)
    if found is None or found.factors is not pack.factors:
        if len(_sorters) >= _KEPT:
            _sorters.clear()
        found = _sorters[key] = Sorter(pack)
    return found


class Sorter:
    """A pack's words compiled once; `factors_of` and `polarity_of` are then a few searches each."""

    def __init__(self, pack: Pack) -> None:
        self.factors = pack.factors
        self.about = {name: pattern(factor.keywords) for name, factor in pack.factors.items()}
        self.speaks_for = {name: pattern(factor.speaks_for) for name, factor in pack.factors.items()}
        self.speaks_against = {name: pattern(factor.speaks_against) for name, factor in pack.factors.items()}
        self.against_in_general = pattern(pack.general_against)
        every = tuple(word for factor in pack.factors.values() for word in factor.keywords)
        self.any_factor = pattern((*every, *pack.general_against))

    def factors_of(self, text: str) -> tuple[str, ...]:
        """The factors whose words occur, most hits first, then in the pack's order."""
        if not self.touches(text):
            return ()
        hits = {name: len(found.findall(text)) for name, found in self.about.items() if found}
        return tuple(sorted((name for name in hits if hits[name]), key=lambda name: -hits[name]))

    def polarity_of(self, text: str, factors: tuple[str, ...]) -> int:
        """+1 if the claim argues for joining, -1 against, 0 for neither or both alike."""
        score = 0
        for name in factors:
            yes, no = self.speaks_for[name], self.speaks_against[name]
            score += bool(yes and yes.search(text)) - bool(no and no.search(text))
        if self.against_in_general and self.against_in_general.search(text):
            score -= 1
        if score > 0 and _NEGATED.search(text) and not re.search(r"nothing more|not only|no less", text, re.IGNORECASE):
            return 0
        return (score > 0) - (score < 0)

    def touches(self, text: str) -> bool:
        """Whether any factor's words occur."""
        return bool(self.any_factor and self.any_factor.search(text))
