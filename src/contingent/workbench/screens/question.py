"""How does a question of one's own come to be a draft?

A question is a folder `cases/NAME` beside the runs: the file of its kind as it was begun, the answers, and what they
make of it. Nothing of it waits in a page.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from contingent.atomic import atomic_write, sole_writer
from contingent.errors import Complaint, InputError, ScenarioError
from contingent.evidence.article import article_from
from contingent.evidence.ingest import Settings
from contingent.scenario.keys import found, to_write, words
from contingent.scenario.read import BLANK, read
from contingent.scenario.start import filled, named, places, start, typical
from contingent.study.formulas import engine_faults
from contingent.workbench.articles import take
from contingent.workbench.desk import Desk
from contingent.workbench.sent import Answers, Question

BEGUN, SAID, FILE = "begun.txt", "answers.json", "scenario.yaml"


def begin(desk: Desk, sent: Question) -> str:
    """A new question of a kind, with what articles say filled in; its name.

    Raises:
        InputError: there is one of that name, or an article cannot be read, has no day, or is about something else.
    """
    folder = desk.store.folder / "cases" / named(Path(sent.name))
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder.parent, prefix=".") as scratch:
        articles = Path(scratch) / "articles"
        articles.mkdir()
        for n, (name, raw) in enumerate(sent.each()):
            if not article_from(raw, name).published:
                raise InputError(f"{name}: no day was found in it; write it at its head, as 2025-10-28")
            (articles / f"{n:02d}_{re.sub('[^A-Za-z0-9._-]', '_', Path(name).name)[-80:]}").write_bytes(raw)
        made = Path(scratch) / folder.name
        start(made, kind=sent.kind, articles=sorted(articles.iterdir()))
        shutil.copyfile(made / FILE, made / BEGUN)
        articles.rename(made / "articles")
        if folder.exists():
            raise InputError(f"{folder.name}: there is a question of that name; go on with it, or name another")
        made.rename(folder)
    return folder.name


def _kept(desk: Desk, name: str) -> tuple[Path, str, dict[str, Any]]:
    """The folder of a question, its file as begun, and its answers."""
    folder = desk.store.folder / "cases" / name
    if not (re.fullmatch(r"\w+", name) and (folder / BEGUN).is_file()):
        raise InputError(f"{name}: there is no such question; the first page lists those there are")
    said = folder / SAID
    return folder, (folder / BEGUN).read_text("utf-8"), json.loads(said.read_text("utf-8")) if said.exists() else {}


def question(desk: Desk, asked: Mapping[str, str]) -> dict[str, Any]:
    """Fields by what is asked, each with what to write there, what was answered, and everything wrong with it."""
    folder, begun, answers = _kept(desk, asked["question"])
    wrong, groups = _complaints(folder), [*words("questions")["questions"], {"asks": "The rest", "about": ["*"]}]
    fields, placed = dict[str, dict[str, Any]](), set[str]()
    for each in places(begun):
        answer, blank, key = answers.get(each.field, ""), bool(BLANK.fullmatch(each.value)), found(each.path)
        at = re.sub("<[A-Z]+>", lambda code: str(answers.get(code[0], code[0])), each.path)
        said = [f"{one.what}; {one.fix}" for one in wrong if one.path == at and not _waits(one)]
        about = next(group for group in groups if any(fnmatchcase(each.field, one) for one in group["about"]))
        if blank or said or answer or each.field in about["about"]:
            fields.setdefault(each.field, {
                "field": each.field, "asks": about["asks"], "stands": each.value, "blank": blank and not answer,
                "answer": _text(answer) or each.value * (not blank), "write": to_write(tuple(each.path.split("."))),
                "choices": [one for one in key.shape.choices if one != ""] if key else [], "wrong": [],
                "from": answer["assumption"] if isinstance(answer, dict) else "",
                "typical": typical(each.path) if blank and not answer else None,
            })["wrong"] += said  # fmt: skip
            placed |= {at}
    mine = {group["asks"]: [each for each in fields.values() if each["asks"] == group["asks"]] for group in groups}
    return {
        "question": folder.name, "groups": {asks: each for asks, each in mine.items() if each}, "clean": not wrong,
        "left": sum(each["blank"] for each in fields.values()), "of": len(fields),
        "others": [f"{one}" for one in wrong if not _waits(one) and one.path not in placed],
        "told": re.findall(r"^# (?:Drafted; |Said, )(.+)$", begun, re.MULTILINE),
    }  # fmt: skip


def _complaints(folder: Path) -> tuple[Complaint, ...]:
    try:
        read(folder, engine_faults)
    except ScenarioError as error:
        return error.complaints
    return ()


def _waits(complaint: Complaint) -> bool:
    """Whether it is only that something is blank yet."""
    return complaint.what.startswith("is blank")


def _text(answer: Any) -> str:
    return str(answer["best"] if isinstance(answer, dict) else answer)


def keep(desk: Desk, name: str, sent: Answers, who: str) -> str:
    """Keeps answers, an empty one taking the earlier away, in the question's file as well; the draft that is begun.

    Raises:
        ScenarioError: a draft is wanted, and something is blank or does not fit.
    """
    folder, begun, _ = _kept(desk, name)
    with sole_writer(folder / SAID):
        answers, known = _kept(desk, name)[2], {each.field: each for each in places(begun)}
        for field, text in sent.answers.items():
            if field in known and text.strip() != _text(answers.get(field, "")):
                answers[field] = " ".join(text.split())
        if sent.then == "typical":
            found_ = {each.field: typical(each.path) for each in known.values() if BLANK.fullmatch(each.value)}
            answers |= {field: value for field, value in found_.items() if value and not answers.get(field)}
        answers = {field: answer for field, answer in answers.items() if answer and answer != known[field].value}
        for file, text in ((SAID, json.dumps(answers)), (FILE, filled(begun, answers))):
            with atomic_write(folder / file) as scratch:
                scratch.write_text(text, "utf-8")
    return _drafted(desk, folder, who) if sent.then == "begin" else ""


def _drafted(desk: Desk, folder: Path, who: str) -> str:
    """A draft of a question that is answered, its articles beside it."""
    draft = desk.drafts.create(str(folder), who)
    for file in sorted((folder / "articles").iterdir()):
        take(desk.registry.folder / draft, desk.drafts.sight(draft), file.name, file.read_bytes(), Settings())
    return draft
