"""Random tables of every kind; the full ten thousand run by `python benchmarks/spatial_robust.py`."""


def test_nothing_fails_and_order_changes_nothing(robust_tables):
    assert [said for number in range(30) if (said := robust_tables.fault(number))] == []


def test_the_check_can_fail(robust_tables, monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError("broken on purpose")

    monkeypatch.setattr(robust_tables, "simulate", broken)
    assert "broken on purpose" in robust_tables.fault(1)
