"""When what nobody here decides happens: after other events, moved by them, alike for all options."""

import numpy as np
import pytest
from scipy.special import expit, logit

from contingent.consultation.dispositions import INNER
from contingent.consultation.events import happening, in_order
from contingent.ensemble.design import Design
from contingent.scenario.process import Event
from contingent.study.worlds import happened

MANY = Design(2, 2000)
ERROR = 4 * np.sqrt(0.25 / (2000 * INNER))  # four standard errors of a share


def event(probability=1.0, delay=0, **more):
    return {"label": "e", "probability": probability, "delay": delay, **more}


def test_events_come_after_those_they_hang_on():
    said = {"vote": event(after=["draft"]), "draft": event(moved_by={"truce": 1}), "truce": event(), "rain": event()}
    order = in_order({name: Event.model_validate(e) for name, e in said.items()})
    assert order == ("truce", "draft", "vote", "rain")


def test_a_circle_does_not_go_round_for_ever():
    said = {"a": event(after=["b"]), "b": event(moved_by={"c": 1}), "c": event(after=["a"])}
    assert set(in_order({name: Event.model_validate(e) for name, e in said.items()})) == set(said)


def test_a_delay_counts_from_the_last_of_those_before(decision):
    said = {"truce": event(delay=20), "draft": event(delay=35), "vote": event(delay=7, after=["truce", "draft"])}
    found = happening(decision(events=said), Design(1, 1))
    assert {name: set(days) for name, days in found.items()} == {"truce": {20}, "draft": {35}, "vote": {42}}


def test_without_what_it_comes_after_it_never_comes_unless_all_is_sure_to(decision):
    scenario = decision(events={"truce": event(0.0, 20), "vote": event(1.0, 7, after=["truce"])})
    assert set(happening(scenario, Design(1, 1))["vote"]) == {np.inf}
    assert set(happening(scenario, Design(1, 1), surely=True)["vote"]) == {27}


def test_in_the_long_run_an_event_happens_as_often_as_it_says(decision):
    said = {
        "truce": event(0.6),
        "vote": event(0.5, after=["truce"]),
        "spread": event({"best": 0.3, "low": 0.2, "high": 0.4}),
    }
    came = {name: np.isfinite(days) for name, days in happening(decision(events=said), MANY).items()}
    assert came["truce"].mean() == pytest.approx(0.6, abs=ERROR)
    assert came["vote"].mean() == pytest.approx(0.6 * 0.5, abs=ERROR)
    assert not came["vote"][~came["truce"]].any()
    assert came["spread"].mean() == pytest.approx(0.3, abs=0.02)


def test_what_moves_an_event_moves_its_log_odds(decision):
    said = {"truce": event(0.5), "vote": event(0.4, moved_by={"truce": 1.2})}
    came = {name: np.isfinite(days) for name, days in happening(decision(events=said), MANY).items()}
    assert came["vote"][~came["truce"]].mean() == pytest.approx(0.4, abs=2 * ERROR)
    assert came["vote"][came["truce"]].mean() == pytest.approx(expit(logit(0.4) + 1.2), abs=2 * ERROR)  # .6888


def test_a_sure_event_stays_sure_whatever_moves_it(decision):
    said = {"truce": event(), "vote": event(1.0, moved_by={"truce": -2}), "war": event(0.0, moved_by={"truce": 2})}
    came = {name: np.isfinite(days).mean() for name, days in happening(decision(events=said), MANY).items()}
    assert (came["vote"], came["war"]) == (1, 0)


def test_the_first_draw_of_a_run_is_the_world_it_is_in(decision):
    said = {
        "truce": event(0.6, sets={"horizon": 52}),
        "vote": event(0.5, 9, after=["truce"], otherwise={"horizon": 10}),
    }
    scenario, design = decision(events=said), Design(6, 40)
    level = {name: design.uniform(f"process.events.{name}.happens") for name in said}
    truce = level["truce"] < 0.6
    vote = truce & (level["vote"] < 0.5)
    words = [f"{'' if t else 'no_'}truce {'' if v else 'no_'}vote" for t, v in zip(truce, vote, strict=True)]
    assert happened(scenario, design).tolist() == words
    assert np.isfinite(happening(scenario, design)["vote"][::INNER]).tolist() == vote.tolist()
