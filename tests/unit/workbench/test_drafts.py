"""A draft: whatever is done to it, what stands can be reckoned again, and nothing is lost."""

import json

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from contingent.errors import InputError, ScenarioError
from contingent.scenario.read import read
from contingent.workbench.desk import FOLDER, registry_at
from contingent.workbench.draft import Entry, Patch, standing
from contingent.workbench.drafts import Drafts
from contingent.workbench.registry import ConflictError

PATH = "stakeholders.president.stakes.participation.position"
OTHER = "process.deadline"
STEPS = st.lists(
    st.tuples(st.sampled_from(["change", "change", "undo", "redo", "drop", "why"]), st.integers(0, 9)), max_size=40
)


def entries_of(steps):
    made = []
    for kind, n in steps:
        patches = (Patch(path=f"a.{n}", new=len(made)),) if kind == "change" else ()
        targets = [each.seq for each in made if each.kind == "change"]
        target = targets[n % len(targets)] if targets and kind in ("drop", "why") else 0
        made.append(Entry(seq=len(made) + 1, kind=kind, patches=patches, who="a", when="2026-01-01T00:00:00Z",
                          why=f"{n}", target=target))  # fmt: skip
    return made


@given(STEPS)
@settings(max_examples=200, deadline=None)
def test_undoing_everything_leaves_the_case_and_redoing_it_all_gives_it_back(steps):
    made = entries_of(steps)
    stands = standing(made)
    entries, back = list(made), 0
    while standing(entries).undo:
        entries.append(Entry(seq=len(entries) + 1, kind="undo", who="a", when="2026-01-01T00:00:00Z"))
        back += 1
    assert standing(entries).changes == ()
    for _ in range(back):
        entries.append(Entry(seq=len(entries) + 1, kind="redo", who="a", when="2026-01-01T00:00:00Z"))
    assert standing(entries).changes == stands.changes


@given(STEPS)
@settings(max_examples=100, deadline=None)
def test_what_stands_holds_no_change_that_was_dropped_and_each_in_its_order(steps):
    stands = standing(entries_of(steps))
    numbers = [each.seq for each in stands.changes]
    assert numbers == sorted(set(numbers))
    assert set(stands.patched) == {patch.path for entry in stands.changes for patch in entry.patches}


def test_steps_back_give_the_case_again(bench, draft):
    drafts, base = bench.desk.drafts, read("amm_aceh")
    for n in range(25):
        drafts.change(draft, {PATH: 20 + n % 50}, "amna", "tried")
    assert drafts.sight(draft).scenario != base
    for _ in range(25):
        drafts.step(draft, "undo", "amna")
    assert drafts.sight(draft).scenario == base == drafts.sight(draft).base


def test_a_change_says_who_made_it_and_why_and_stands_in_the_export(bench, draft):
    drafts = bench.desk.drafts
    entry, asks = drafts.change(draft, {PATH: "30 (20 to 45)", OTHER: "60 days"}, "amna")
    assert asks == [PATH], "a fall from 75 to 30 is large; a deadline within its interval is not"
    drafts.step(draft, "why", "amna", target=entry.seq, why="said so on 3 August")
    number = drafts.sight(draft).scenario.value(PATH)
    assert (number.best, number.low, number.high) == (30, 20, 45)
    assert number.assumption.startswith("said so on 3 August (changed by amna on ")
    import io
    import zipfile

    archive = zipfile.ZipFile(io.BytesIO(drafts.export(draft)))
    told = archive.read("amm_aceh/changes.md").decode()
    assert "said so on 3 August" in told
    assert f"`{PATH}`" in told


def test_the_export_reads_back_as_the_draft_and_leaves_other_lines_alone(bench, draft, tmp_path):
    import io
    import zipfile

    drafts = bench.desk.drafts
    drafts.change(draft, {PATH: 30}, "amna", "why not")
    zipfile.ZipFile(io.BytesIO(drafts.export(draft))).extractall(tmp_path / "out")
    assert read(tmp_path / "out" / "amm_aceh") == drafts.sight(draft).scenario
    before = (drafts.folder(draft) / "scenario.yaml").read_text("utf-8").splitlines()
    after = (tmp_path / "out" / "amm_aceh" / "scenario.yaml").read_text("utf-8").splitlines()
    assert len(set(after) - set(before)) == 1


def test_what_does_not_fit_is_refused_and_the_draft_stays_as_it_was(bench, draft):
    drafts = bench.desk.drafts
    with pytest.raises(ScenarioError, match=r"participation\.position"):
        drafts.change(draft, {PATH: 170}, "amna")
    with pytest.raises(ScenarioError, match="leads nowhere"):
        drafts.change(draft, {"stakeholders.nobody.capability": 1}, "amna")
    with pytest.raises(InputError, match="nothing is changed"):
        drafts.change(draft, {"baseline": "decline"}, "amna")
    for path in (" ", "a" * 301):
        with pytest.raises(InputError, match="is no path"):
            drafts.change(draft, {path: 1}, "amna")
    for kind in ("undo", "redo"):
        with pytest.raises(InputError, match=f"nothing to {kind}"):
            drafts.step(draft, kind, "amna")
    assert drafts.registry.latest(draft) == 0


def test_the_second_of_two_writers_sees_what_the_first_did(bench, draft):
    drafts = bench.desk.drafts
    drafts.change(draft, {PATH: 60}, "amna", seen=0)
    with pytest.raises(ConflictError, match="amna changed the draft") as error:
        drafts.change(draft, {PATH: 40}, "bilal", seen=0)
    assert error.value.since[0].patches[0].new == 60
    drafts.change(draft, {PATH: 40}, "bilal", seen=1)
    assert drafts.sight(draft).scenario.value(PATH).best == 40


def test_a_branch_goes_its_own_way(bench, draft):
    drafts = bench.desk.drafts
    drafts.change(draft, {PATH: 60}, "amna", "first")
    branch = drafts.branch(draft, "bilal", "what if not")
    drafts.change(branch, {PATH: 10}, "bilal", "second")
    drafts.step(branch, "undo", "bilal")
    assert drafts.sight(branch).scenario == drafts.sight(draft).scenario
    drafts.step(branch, "undo", "bilal")
    assert drafts.sight(branch).scenario == drafts.sight(branch).base


def test_the_index_is_made_anew_from_the_files(bench, draft, tmp_path):
    drafts = bench.desk.drafts
    drafts.change(draft, {PATH: 60}, "amna", "kept")
    drafts.step(draft, "undo", "amna")
    bench.desk.registry.note("amna", "approver", "changed", draft)
    before = (drafts.registry.drafts(), drafts.registry.entries(draft), drafts.registry.audit())
    drafts.registry.engine.dispose()
    for file in (tmp_path / FOLDER).glob("index.sqlite*"):
        file.unlink()
    with (tmp_path / FOLDER / draft / "draft.jsonl").open("a") as torn:
        torn.write('{"seq": 3, "kind"')  # a process was killed here
    again = registry_at(tmp_path)
    assert again.rebuild() == 4
    assert (again.drafts(), again.entries(draft), again.audit()) == before
    assert Drafts(again).sight(draft).scenario == read("amm_aceh")
    again.engine.dispose()


def test_a_line_of_the_audit_that_was_changed_shows(bench):
    for what in ("one", "two", "three"):
        bench.desk.registry.note("amna", "approver", what)
    assert not any("broken" in line for line in bench.desk.registry.audit())
    from contingent.workbench.registry import AUDIT

    with bench.desk.registry.engine.begin() as db:
        told = json.loads(db.execute(AUDIT.select().where(AUDIT.c.seq == 2)).one().told) | {"what": "nothing"}
        db.execute(AUDIT.update().where(AUDIT.c.seq == 2).values(told=json.dumps(told)))
    assert [line["what"] for line in bench.desk.registry.audit() if "broken" in line] == ["three"]
