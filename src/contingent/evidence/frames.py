"""Which claims does a text hold in a language that is described by a file of words and frames?

Claim extraction by patterns; one engine for all such languages. Frames are matched against a copy of equal length in
which letters that are written in several ways are one letter, and each quotation is a run of one sign.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from contingent.countries import code_of
from contingent.evidence.acts import Sign
from contingent.evidence.article import Article
from contingent.evidence.claim import Kind, LedgerClaim, Span, Speaker
from contingent.evidence.grammar.layout import Flow, blocks, trimmed
from contingent.evidence.grammar.sentences import quotations
from contingent.evidence.grammar.statement import Statement
from contingent.evidence.language import QUOTED, Grammar, grammar_of
from contingent.evidence.modality import form_of, record_status
from contingent.evidence.pack import Pack

LONGEST = 1_500  # characters of a sentence that is read; a longer one is a list or has no stops
_END = re.compile(r"[.!?۔؟…]+(?=\s)\s*")
_INSERT = re.compile('[—–] ?([^—–»”"]{4,60}?) ?[—–]')  # who speaks, between dashes inside the quotation
_LEAST = 4  # characters of a claim
_SHORT = 12  # characters of a narrated one
_ROLES: tuple[Kind, ...] = ("poll", "document", "official", "familiar", "person", "institution")
_ACTIONS = {"for": "send", "against": "withdraw", "decide": "approve", "open": "weigh", "topic": "ask",
            "refuse": "refuse", "plus": "argue", "minus": "argue"}  # fmt: skip
_TURNED: dict[int, Sign] = {1: -1, 0: 0, -1: 1}
_RECENT = 40  # speakers looked back over


def claims_of(article: Article, flow: Flow, pack: Pack) -> list[LedgerClaim]:
    """Every claim of an article in a language of frames, in the order of its first character; places are the flow's."""
    reader = _Reader(flow.text, grammar_of(article.language), pack)
    for sentences, statements in parse(flow.text, reader.grammar):
        reader.line(sentences, statements)
    named: list[LedgerClaim] = []
    for number, one in enumerate(sorted(reader.found, key=lambda one: one.spans[0]), 1):
        day = reader.grammar.day(one.date_expression, article.published, article.language)
        named.append(one.model_copy(update={"id": f"c{number:02d}", "day": str(day or "")}))
    return named


class _Reader:
    """The claims of one text, found line by line, and the speakers met so far."""

    def __init__(self, text: str, grammar: Grammar, pack: Pack) -> None:
        self.text, self.grammar, self.pack = text, grammar, pack
        self.found: list[LedgerClaim] = []
        self.met: list[tuple[Span, Speaker]] = []
        self.states = _states(text, grammar)
        """States whose offices speak or that do something, as written, the one named most first."""

    def _actor(self, mention: str) -> str:
        """The state whose decision a claim is about: its speaker's, else the one the text is most about."""
        named = next((name for name in self.states if name in mention), next(iter(self.states), ""))
        return code_of(named) or named

    def line(self, sentences: list[Span], statements: list[Statement]) -> None:
        """Reads one line: what is reported in each sentence, else what the reporter says in it."""
        turns = [one for one in statements if one.kind == "turn"]
        for sentence in sentences or [one.content[0] for one in turns]:
            mine = turns or [one for one in statements if sentence[0] <= one.cue[0] < sentence[1]]
            for one in mine:
                self._reported(one, sentence)
            if not mine and sentence[1] - sentence[0] >= _SHORT and self.text[sentence[1] - 1] not in "?؟":
                self._narrated(sentence)

    def _reported(self, one: Statement, sentence: Span) -> None:
        place, speaker = self._speaker(one.source)
        marks = [*one.content] if one.kind == "turn" else quotations(self.grammar.folded(self.text), *sentence)
        for content in one.content:
            for span in propositions(self.text, self.grammar, content):
                self._add(span, one, sentence, marks, place, speaker)

    def _narrated(self, sentence: Span) -> None:
        said = self.text[slice(*sentence)]
        if self._factors(said) or self.grammar.acts(said):
            for span in propositions(self.text, self.grammar, sentence):
                self._add(span, None, sentence, [], None, Speaker("", "reporter"))

    def _add(
        self, span: Span, one: Statement | None, sentence: Span, marks: list[Span], place: Span | None, speaker: Speaker
    ) -> None:
        grammar, said = self.grammar, self.text[slice(*span)]
        cue = one.kind if one else "reporter"
        mood, says = grammar.mood(said, cue), grammar.says
        polarity = grammar.sign(said, cue, mood)
        if grammar.cue_signs.get(cue, 1) < 0 and not grammar.acts(said):  # "denied these reports": of what came before
            theirs = [before for before in self.found[-4:] if before.speaker == self.found[-1].speaker]
            signs: list[Sign] = [_TURNED[before.polarity] for before in theirs if before.polarity]
            polarity = signs[0] if signs else 0
        act, negated = grammar.asserted(said)
        attribution, record = record_status(speaker, cue)
        folded, outside = grammar.folded(said), grammar.folded(self.text[slice(*sentence)])
        date = one and says["date"].search(outside)
        condition = says["condition"].search(folded)
        self.found.append(LedgerClaim(
            spans=(span,), speaker=speaker.name, kind=speaker.kind, office=speaker.office, single=speaker.single,
            speaker_span=place, cue=one.cue if one and one.kind != "turn" else None, attribution=attribution,
            record=record, form=form_of([span], marks) if one else "narrative", modality=mood,
            date_expression=self.text[sentence[0] + date.start() : sentence[0] + date.end()].strip() if date else "",
            actor_state=self._actor(speaker.name),
            negated=negated != (grammar.cue_signs.get(cue, 1) < 0), act=_ACTIONS.get(act, ""),
            hedges=tuple(m.group() for m in says["hedges"].finditer(folded)),
            condition=said[slice(*condition.span(1))].strip() if condition else "",
            quantities=grammar.quantities(said), factors=self._factors(said), polarity=polarity,
        ))  # fmt: skip

    def _factors(self, said: str) -> tuple[str, ...]:
        """The factors whose words occur: those of the pack in whatever language, and the language's own for them."""
        folded = self.grammar.folded(said)
        own = {
            name for name, words in self.grammar.factors.items() if name in self.pack.factors and words.search(folded)
        }
        found = self.pack.factors_of(re.findall(r"[\w'-]+", said.lower()))
        return tuple(dict.fromkeys([*found, *(name for name in self.pack.factors if name in own)]))

    def _speaker(self, source: Span | None) -> tuple[Span | None, Speaker]:
        """The place of a mention and whom it stands for; without one, or by a pronoun, who spoke last."""
        if source is None:
            return self.met[-1] if self.met else (None, Speaker("", "reporter"))
        mention = self.text[slice(*source)]
        words = self._words(mention)
        folded = self.grammar.folded(mention)
        if self.grammar.roles["pronoun"].fullmatch(folded):
            people = [who for _, who in self.met if who.kind in {"person", "official"}]
            who = people[-1] if people else Speaker(mention, "person", single=True)
        else:
            kinds: list[Kind] = [role for role in _ROLES if self.grammar.roles[role].search(folded)]
            kind = kinds[0] if kinds else "person"
            earlier = (who for _, who in reversed(self.met[-_RECENT:]) if words <= self._words(who.name))
            office = self.grammar.roles["person"].search(folded)
            who: Speaker = next(earlier, None) or Speaker(
                mention, kind, mention[slice(*office.span())] if office and kind == "person" else "", kind == "person"
            )  # fmt: skip
        self.met.append((source, who))
        return source, who

    def _words(self, name: str) -> set[str]:
        return set(re.findall(r"\w+", self.grammar.folded(name).lower()))


def _states(text: str, grammar: Grammar) -> list[str]:
    """The states that a text tells by the words around their names, without those named seldom beside the first."""
    folded = grammar.folded(text)
    found = Counter(text[slice(*one.span(one.lastgroup or 0))] for one in grammar.says["state"].finditer(folded))
    found = Counter({name: count + folded.count(grammar.folded(name)) for name, count in found.items()})
    return [name for name, count in found.most_common() if code_of(name) or 2 * count > found.most_common(1)[0][1]]


def parse(text: str, grammar: Grammar) -> Iterator[tuple[list[Span], list[Statement]]]:
    """The sentences of each line with the statements reported in it; of a turn, one statement and no sentence."""
    folded = grammar.folded(text)
    for number, (start, end, kind, speaker) in enumerate(blocks(text)):
        if kind != "text":
            said = Statement(speaker, (start, start), ((start, end),), ":", "turn", number, number)
            yield [], [said] if kind == "turn" else []
            continue
        line = folded[start:end]
        for a, b in quotations(folded, start, end):
            insert = next((one for one in _INSERT.finditer(folded, a, b) if grammar.cue.match(one[1])), None)
            for c, d in ((a, insert.start()), (insert.end(), b)) if insert else ((a, b),):
                line = line[: c - start] + QUOTED * (d - c) + line[d - start :]
        spans, found = list[Span](), list[Statement]()
        at = 0
        short = grammar.says["abbreviation"]
        stops = [match.end() for match in _END.finditer(line) if not short.search(line[: match.start()])]
        for stop in [*stops, len(line)]:
            if line[at:stop].strip():
                spans.append((start + at, start + len(line[:stop].rstrip())))
                found += _sentence(grammar, line[at:stop].rstrip(), start + at, number, first=not number and at == 0)
            at = stop
        yield spans, found


def _sentence(grammar: Grammar, line: str, at: int, number: int, *, first: bool) -> list[Statement]:
    """The statements of one sentence that begins at `at` in the text, cue by cue."""
    line = line[:LONGEST].rstrip(" .۔!؟?…")
    found: list[tuple[int, Statement]] = []  # each with where it begins
    floor = 0
    for cue in grammar.cue.finditer(line):
        kind = str(cue.lastgroup)
        if kind == "colon" and not first:
            continue
        a, b = cue.span(kind)
        for frame in grammar.frames:
            if kind not in frame.cues or not (after := frame.after.match(line, b)):
                continue
            if not (before := frame.before.search(line[: cue.start()], floor)):
                continue
            groups = [(m.span(name), name) for m in (before, after) for name in m.groupdict() if m[name]]
            content = sorted(_trimmed(line, *span) for span, name in groups if name[0] == "C")
            speaker = next((_trimmed(line, *span) for span, name in groups if name[0] == "S"), None)
            speaker = speaker if speaker and speaker[0] < speaker[1] else None
            if kind == "colon" and not (speaker and any(grammar.roles[role].search(line, *speaker) for role in _ROLES)):
                continue  # a dateline
            if not speaker and "clitic" in grammar.says and (pronoun := grammar.says["clitic"].search(cue[kind])):
                speaker = (a + pronoun.start(), a + pronoun.end())
            if not content or content[0][1] - content[0][0] < _LEAST:
                continue
            begins = min(cue.start(), content[0][0], *([speaker[0]] if speaker else []))
            said = Statement(speaker, (a, b), tuple(content), cue[kind], kind, number, number)
            found.append((begins, said))
            floor = b
            break
    return [_moved(one, at) for one in _apart(grammar, line, found)]


def _moved(one: Statement, by: int) -> Statement:
    source = (one.source[0] + by, one.source[1] + by) if one.source else None
    content = tuple((a + by, b + by) for a, b in one.content)
    return replace(one, source=source, cue=(one.cue[0] + by, one.cue[1] + by), content=content)


def _apart(grammar: Grammar, line: str, found: list[tuple[int, Statement]]) -> list[Statement]:
    """The statements with what each says ending where the next begins; what is said in a statement is part of it."""
    kept: list[Statement] = []
    within: set[int] = set()
    for index, (_, one) in enumerate(found):
        content = list(one.content)
        start, end = content[-1]
        for number, (after, other) in enumerate(found[index + 1 :], index + 1):
            if start < one.cue[1] or not start <= after < end:
                continue
            between = line[start:after]
            bare = grammar.says["hanging"].sub("", between)
            if re.search("[,،;؛]", between) or bare != between.rstrip() or (not other.source and after < other.cue[0]):
                content[-1] = (start, start + len(bare))
                break
            within.add(number)
        content = [(a, b) for a, b in content if b - a >= _LEAST]
        again = any(other.content[0] == one.content[0] for _, other in found[index + 1 :])
        if content and index not in within and not again:
            kept.append(replace(one, content=tuple(content)))
    return kept


def propositions(text: str, grammar: Grammar, content: Span) -> list[Span]:
    """The places of a content, one proposition each."""
    start, end = content
    line, spans, at = grammar.folded(text[start:end]), list[Span](), 0
    for match in grammar.says["cut"].finditer(line):
        a, b = match.span(match.lastgroup or 0)
        if a - at >= 12 and len(line) - b >= 8:
            spans.append((start + at, start + a))
            at = b
    spans.append((start + at, end))
    return [(a, b) for a, b in (_trimmed(text, *span) for span in spans) if re.search(r"\w", text[a:b])]


def _trimmed(text: str, start: int, end: int) -> Span:
    return trimmed(text, start, end, " \t\n،,؛;:-–—")
