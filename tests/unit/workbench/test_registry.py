"""The registry keeps one contract on SQLite and on PostgreSQL, a real one started for these tests."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from contingent.errors import InputError
from contingent.workbench.draft import Patch
from contingent.workbench.registry import LATEST, ConflictError, Registry


@pytest.fixture(params=["sqlite", "postgres"])
def address(request, tmp_path):
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'index.sqlite'}"
        return
    import sqlalchemy as sa

    from contingent.workbench.registry import TABLES

    found = request.getfixturevalue("postgres")
    engine = sa.create_engine(found)
    TABLES.drop_all(engine)  # whatever other tests left there
    yield found
    TABLES.drop_all(engine)
    engine.dispose()


@pytest.fixture
def registry(address, tmp_path):
    made = Registry(address, tmp_path / "workbench")
    yield made
    made.engine.dispose()


def change(value, path="a.b"):
    return {"kind": "change", "patches": (Patch(path=path, old=0, new=value),), "who": "amna"}


def test_what_was_put_in_comes_out(registry):
    registry.add_draft("d1", {"name": "one", "when": "2026"})
    assert registry.drafts() == {"d1": {"name": "one", "when": "2026"}}
    first = registry.append("d1", 0, **change(1))
    assert (first.seq, registry.latest("d1"), registry.latest("none")) == (1, 1, 0)
    assert registry.append("d1", LATEST, **change("x\u0000y'; drop table entries; --".replace("\u0000", ""))).seq == 2
    assert [each.patches[0].new for each in registry.entries("d1")] == [1, "xy'; drop table entries; --"]
    assert [each.seq for each in registry.entries("d1", after=1)] == [2]
    with pytest.raises(InputError, match="no such draft"):
        registry.draft("d2")
    with pytest.raises(InputError, match="is not there yet"):
        registry.append("d1", 7, **change(1))


def test_of_ten_who_write_at_once_one_is_first_and_nine_are_told(registry):
    registry.add_draft("d1", {"name": "one"})

    def write(n):
        try:
            return registry.append("d1", 0, **change(n))
        except ConflictError as error:
            return error

    with ThreadPoolExecutor(10) as pool:
        found = list(pool.map(write, range(10)))
    told = [each for each in found if isinstance(each, ConflictError)]
    assert len(told) == 9
    assert all(each.since[0] == registry.entries("d1")[0] for each in told)
    assert len((registry.folder / "d1" / "draft.jsonl").read_text("utf-8").splitlines()) == 2


def test_everybodys_line_stands_in_the_audit_in_one_chain(registry):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: registry.note(f"p{n}", "analyst", "changed"), range(8)))
    lines = registry.audit()
    assert sorted(line["who"] for line in lines) == [f"p{n}" for n in range(8)]
    assert not any("broken" in line for line in lines)


def test_jobs_are_noted_and_noted_again(registry):
    registry.put_job("j1", "d1", {"state": "starts"})
    registry.put_job("j1", "d1", {"state": "runs"})
    registry.put_job("j2", "d2", {"state": "starts"})
    assert registry.jobs("d1") == {"j1": {"draft": "d1", "state": "runs"}}
    assert set(registry.jobs()) == {"j1", "j2"}


def test_an_emptied_database_is_filled_again_from_the_files(registry, address):
    from contingent.workbench.registry import TABLES

    registry.add_draft("d1", {"name": "one"})
    for n in range(5):
        registry.append("d1", n, **change(n))
    registry.note("amna", "analyst", "changed")
    before = (registry.drafts(), registry.entries("d1"), registry.audit())
    TABLES.drop_all(registry.engine)
    again = Registry(address, registry.folder)
    assert again.rebuild() == 7
    assert again.rebuild() == 0
    assert (again.drafts(), again.entries("d1"), again.audit()) == before
    again.engine.dispose()


@pytest.mark.parametrize("wrong", ["nonsense", "oracle://x", "postgresql+psycopg://u:secret@127.0.0.1:1/none"])
def test_an_address_that_leads_nowhere_is_one_line_without_the_password(wrong, tmp_path):
    with pytest.raises(InputError) as error:
        Registry(wrong, tmp_path)
    assert "\n" not in str(error.value)
    assert "secret" not in str(error.value)
    assert "--database" in str(error.value)
