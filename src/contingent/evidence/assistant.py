"""What a language model may add: propositions for words that stand in the text, never grades or places.

Model-assisted extraction, through an OpenAI-compatible address or a cassette that plays its answers back; nothing is
contacted unless an address is given. A suggestion whose quotation does not occur exactly in the text is dropped.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from contingent.atomic import atomic_write, canonical_json, sole_writer
from contingent.errors import InputError
from contingent.evidence.claim import LedgerClaim, Modality, Span
from contingent.evidence.grammar.statement import jaccard
from contingent.evidence.pack import Pack
from contingent.processes import content_of
from contingent.records import from_json

PROMPT = """List the statements in the text that bear on the question. For each give: `exact`, the words of the
statement copied character by character from the text; `says`, the proposition in your own neutral words;
`modality`, one of {modalities}; `factors`, any of {factors}. Do not grade, do not add what the text does not say.
Answer with one JSON object {{"claims": [...]}} and nothing else. The question: {question}"""
KEY = "CONTINGENT_MODEL_KEY"
TIMEOUT = 120  # seconds
LARGEST = 10_000_000  # bytes of an answer
Send = Callable[[dict[str, Any]], dict[str, Any]]
SAME = 0.5  # overlap of characters from which two claims are one: a judgement, above the 0.3 of loose matching


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One statement a model sees: the exact words, and what it makes of them."""

    exact: str
    says: str = ""
    modality: str = ""
    factors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grounded:
    """Suggestions with their places in the text, and how many had none."""

    kept: tuple[tuple[Span, Suggestion], ...]
    dropped: int


def ground(text: str, suggestions: Sequence[Suggestion]) -> Grounded:
    """Finds each suggestion's exact words; repeated words take the next place not yet taken."""
    kept: list[tuple[Span, Suggestion]] = []
    taken: set[int] = set()
    dropped = 0
    for one in suggestions:
        at = text.find(one.exact) if one.exact.strip() else -1
        while at >= 0 and at in taken:
            at = text.find(one.exact, at + 1)
        if at < 0:
            dropped += 1
            continue
        taken.add(at)
        kept.append(((at, at + len(one.exact)), one))
    return Grounded(tuple(kept), dropped)


def assisted(
    text: str, claims: Sequence[LedgerClaim], extractor: ModelExtractor, pack: Pack
) -> list[tuple[str, dict[str, Any]]]:
    """The ledger records that an extractor adds to an article's claims: suggestions, and one line on its use.

    A suggestion names the claim it is about, or none where the grammar found nothing there; `disagrees` lists
    what it reads differently.
    """
    found = ground(text, extractor.suggest(text))
    method = {"name": extractor.name, "prompt_sha256": extractor.prompt_sha256}
    records: list[tuple[str, dict[str, Any]]] = []
    document = claims[0].document if claims else ""
    for span, one in found.kept:
        about = _nearest(span, claims)
        modality = one.modality if one.modality in get_args(Modality) else ""
        factors = [factor for factor in one.factors if factor in pack.factors]
        body = {
            "document": document, "claim": about.key if about else "", "start": span[0], "end": span[1],
            "says": one.says, "modality": modality, "factors": factors,
            "disagrees": _differences(about, modality, factors) if about else ["found"], "method": method,
        }  # fmt: skip
        records.append(("suggestion", body))
    use = {"document": document, "method": method, "kept": len(found.kept), "dropped": found.dropped}
    return [*records, ("assistance", use)]


def _nearest(span: Span, claims: Sequence[LedgerClaim]) -> LedgerClaim | None:
    scored = [(jaccard([span], one.spans), one.id, one) for one in claims]
    best = max(scored, key=lambda item: (item[0], item[1]), default=None)
    return best[2] if best and best[0] >= SAME else None


def _differences(claim: LedgerClaim, modality: str, factors: Sequence[str]) -> list[str]:
    differs = ["modality"] if modality and modality != claim.modality else []
    return [*differs, "factors"] if factors and not set(factors) & set(claim.factors) else differs


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One model at one address; the key, if one is needed, is in the environment variable CONTINGENT_MODEL_KEY."""

    url: str
    model: str

    def __call__(self, request: dict[str, Any]) -> dict[str, Any]:
        """The answer to a chat-completion request.

        Raises:
            InputError: no connection, or no JSON back.
        """
        if not self.url.startswith(("http://", "https://")):
            raise InputError(f"--model {self.url}: must be an http or https address")
        headers = {"Content-Type": "application/json"}
        if os.environ.get(KEY):
            headers["Authorization"] = f"Bearer {os.environ[KEY]}"
        target = self.url.rstrip("/") + "/chat/completions"
        call = urllib.request.Request(target, canonical_json(request), headers)
        try:
            with urllib.request.urlopen(call, timeout=TIMEOUT) as answer:
                return from_json(
                    answer.read(LARGEST), dict[str, Any], f"--model {self.url}", "an answer is a JSON object"
                )
        except (urllib.error.URLError, TimeoutError, http.client.HTTPException) as error:
            raise InputError(
                f"--model {self.url}: no usable answer ({error}); the claims without a model need none"
            ) from None


@dataclass(slots=True)
class Cassette:
    """Answers recorded by the hash of their request; new ones are fetched by `live`, if there is one."""

    file: Path
    live: Send | None = None
    _tracks: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __call__(self, request: dict[str, Any]) -> dict[str, Any]:
        """The recorded answer, or a live one that is recorded.

        Raises:
            InputError: not recorded, and nobody to ask.
        """
        key = hashlib.sha256(canonical_json(request)).hexdigest()
        self._tracks = self._tracks or self._recorded()
        if key not in self._tracks:
            if self.live is None:
                raise InputError(f"{self.file}: holds no answer for this text and prompt; give --model to record one")
            answer = self.live(request)
            with sole_writer(self.file):
                self._tracks = self._recorded() | {key: answer}  # others may have recorded theirs meanwhile
                with atomic_write(self.file) as scratch:
                    scratch.write_text(json.dumps(self._tracks, ensure_ascii=False, indent=1, sort_keys=True), "utf-8")
        return self._tracks[key]

    def _recorded(self) -> dict[str, dict[str, Any]]:
        hint = "not a cassette: answers by the hash of what was asked"
        there = self.file.exists()
        return from_json(content_of(self.file, hint=hint), dict[str, dict[str, Any]], self.file, hint) if there else {}


@dataclass(frozen=True, slots=True)
class ModelExtractor:
    """An extractor that asks a model; `send` is an endpoint or a cassette."""

    send: Send
    name: str
    question: str
    modalities: tuple[str, ...]
    factors: tuple[str, ...]

    @property
    def prompt(self) -> str:
        """The instructions, with the question's own words filled in."""
        return PROMPT.format(
            modalities=", ".join(self.modalities), factors=", ".join(self.factors), question=self.question
        )

    @property
    def prompt_sha256(self) -> str:
        """The hash by which the brief names the instructions."""
        return hashlib.sha256(self.prompt.encode("utf-8")).hexdigest()

    def suggest(self, text: str) -> Sequence[Suggestion]:
        """The model's suggestions; an answer of another shape counts as none.

        Raises:
            InputError: the model could not be asked.
        """
        request = {
            "model": self.name,
            "temperature": 0,
            "messages": [{"role": "system", "content": self.prompt}, {"role": "user", "content": text}],
            "response_format": {"type": "json_object"},
        }
        answer = self.send(request)
        try:
            claims = json.loads(answer["choices"][0]["message"]["content"])["claims"]
            return [_suggestion(one) for one in claims if isinstance(one, dict) and isinstance(one.get("exact"), str)]
        except (KeyError, IndexError, TypeError, ValueError, RecursionError):
            return []


def _suggestion(one: dict[str, Any]) -> Suggestion:
    factors = one.get("factors")
    return Suggestion(
        one["exact"], str(one.get("says") or ""), str(one.get("modality") or ""),
        tuple(str(factor) for factor in factors) if isinstance(factors, list) else (),
    )  # fmt: skip


def extractor_from(url: str, model: str, cassette: Path | None, pack: Pack) -> ModelExtractor:
    """The extractor a user asked for by address, cassette or both.

    Raises:
        InputError: no model is named.
    """
    if not model:
        raise InputError("--model-name is missing: say which model is asked, so that the brief can name it")
    live = Endpoint(url, model) if url else None
    send: Send = Cassette(cassette, live) if cassette else Endpoint(url, model)
    return ModelExtractor(send, model, pack.question, get_args(Modality), tuple(pack.factors))
