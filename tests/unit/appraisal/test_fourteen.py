"""What an appraisal of proposals has to get right, whatever the case: refusal, delay, nobody sent, copies, vetoes.

The consultation of the shipped case says what comes of each option; what each is worth, once carried out, is made up.
"""

import numpy as np
import pytest
import xarray as xr

from contingent.appraisal import appraise
from contingent.appraisal.appraise import in_steps
from contingent.appraisal.smaa import accept
from contingent.appraisal.value import at_leaves, worth
from contingent.consultation.consult import deliberate
from contingent.consultation.dispositions import INNER
from contingent.consultation.events import happening
from contingent.ensemble.design import Design
from contingent.scenario.option import Criterion, WeightStatement
from contingent.scenario.read import read
from contingent.study.result import leaves_of

RUNS = 120
DESIGN = Design(5, RUNS)
NEEDS_IT = ("un_mandate_no_disarmament", "write_the_mandate", "un_mandate_full")
GOES_FURTHER = {"decline": 10, "support_only": 40, "un_mandate_no_disarmament": 60, "write_the_mandate": 70,
                "un_mandate_full": 80, "agreement_only_full": 50}  # fmt: skip


def criterion(**change):
    return Criterion(**{"label": "x", "question": "?", "measure": "judged", "worst": 0, "best": 100, **change})


CRITERIA = {"law": criterion(), "duty": criterion(), "cost": criterion()}


def table(criteria=CRITERIA, means=GOES_FURTHER, spread=4.0):
    """Performances once carried out: the means, some spread that all options share, and some of their own."""
    rng = np.random.default_rng(20251028)
    shared = rng.standard_normal((1, RUNS, len(criteria)))
    own = rng.standard_normal((len(means), RUNS, len(criteria)))
    tilt = rng.uniform(-4, 4, (len(means), 1, len(criteria)))
    values = np.array(list(means.values()))[:, None, None] + tilt + spread * (shared + own)
    coords = {"option": list(means), "run": np.arange(RUNS), "criterion": list(criteria)}
    return xr.DataArray(values, dims=("option", "run", "criterion"), coords=coords)


def outcomes(changes=None):
    """What comes of every option of the shipped case, and the consultation's own table; everybody who is sent comes."""
    scenario = read("isf_gaza").with_(changes or {})
    talks = deliberate(scenario, DESIGN)
    names = list(scenario.options)
    troops = np.array([[0.0 if name == "decline" else 9.0] * RUNS for name in names])
    came = xr.DataArray(troops, dims=("option", "run"), coords={"option": names, "run": DESIGN.index})
    tables = {"outlook": talks.table, "deployment": xr.Dataset({"contributor_troops": came})}
    return leaves_of(tables, names, "decline"), talks.table, scenario


def advantage(leaves, performance=None):
    """By option, the mean of its worth over declining, criteria weighed alike."""
    values = at_leaves(worth(table() if performance is None else performance, CRITERIA), leaves, CRITERIA)
    means = values.mean(["run", "criterion"])
    return {str(name): float(means.sel(option=name) - means.sel(option="decline")) for name in means["option"].values}


@pytest.fixture(scope="module")
def usual():
    return outcomes()


@pytest.fixture(scope="module")
def none_passes():
    return outcomes({"process.deadline": 1})


def test_where_nothing_can_pass_all_tie_and_the_least_cost_of_refusal_puts_declining_first(none_passes):
    leaves, told, _ = none_passes
    assert (leaves.sel(leaf="decline") == 1).all()
    values = at_leaves(worth(table(), CRITERIA), leaves, CRITERIA).transpose("run", "option", "criterion").to_numpy()
    weights = np.random.default_rng(1).dirichlet(np.ones(3), 400)
    assert accept(values, weights).ranks[:, 0] == pytest.approx([1 / 6] * 6)
    fails = told["fate_chance"].sel(fate=["refused", "waiting", "not_accepted"]).sum("fate")
    cost = np.concatenate([np.zeros((RUNS, 1)), fails.transpose("run", "proposal").to_numpy()], axis=1)
    assert cost[:, 1:] == pytest.approx(1.0)
    assert accept(values, weights, 0.001 * cost).ranks[:, 0].tolist() == [1, 0, 0, 0, 0, 0]
    found = appraise(table(), CRITERIA, seed=1, weights=400, leaves=leaves)
    assert found.best == "decline"
    assert found.shares == {"decline": pytest.approx(1.0)}, "all others come to the same as declining"
    assert set(found.copies) == set(GOES_FURTHER) - {"decline"}


def test_the_cost_of_being_refused_is_a_criterion_like_any_other(none_passes):
    leaves, told, _ = none_passes
    asked = {**CRITERIA, "refusal": criterion(measure="attempt.fails", better="lower", worst=1, best=0)}
    fails = told["fate_chance"].sel(fate=["refused", "waiting", "not_accepted"]).sum("fate")
    column = np.concatenate([np.zeros((RUNS, 1)), fails.transpose("run", "proposal").to_numpy()], axis=1).T[..., None]
    both = np.concatenate([table().to_numpy(), column], axis=2)
    coords = {"option": list(GOES_FURTHER), "run": np.arange(RUNS), "criterion": list(asked)}
    performance = xr.DataArray(both, dims=("option", "run", "criterion"), coords=coords)
    found = appraise(performance, asked, seed=1, weights=400, leaves=leaves)
    assert found.ranks.sel(rank=1).values.tolist() == [1, 0, 0, 0, 0, 0]
    lost = found.values.sel(option="decline") - found.values.sel(option="un_mandate_full")
    assert lost.mean("run").values == pytest.approx([0, 0, 0, 1])  # declining's worth, less the attempt and no more


@pytest.mark.parametrize("k", [1.0, 0.5, 0.1, 0.0])
def test_the_advantage_over_declining_is_as_small_as_the_chance_to_pass(usual, k):
    leaves = usual[0]
    base = (leaves["leaf"] == "decline").astype(float)
    full, part = advantage(leaves), advantage(k * leaves + (1 - k) * base)
    assert part == {name: pytest.approx(k * value, abs=1e-12) for name, value in full.items()}
    assert min(value for name, value in full.items() if name != "decline") > 0


def test_a_later_resolution_never_speaks_for_an_option_that_needs_it(usual):
    # by itself: what is decided instead may be likelier to be accepted, and then speaks for what it stands in for
    names = list(GOES_FURTHER)
    days = []
    for delay in (30, 90, 160, 280):
        leaves = outcomes({"process.events.unsc_resolution.delay": delay})[0]
        own = leaves.where(leaves["option"] == leaves["leaf"], 0.0)
        days.append(advantage(own + (1 - own.sum("leaf")) * (own["leaf"] == "decline")))
    for name in NEEDS_IT:
        assert (np.diff([found[name] for found in days]) <= 1e-12).all(), name
        assert days[0][name] > days[-1][name], name
        for other in set(names) - {*NEEDS_IT, "decline"}:
            assert (np.diff([found[name] - found[other] for found in days]) <= 1e-12).all(), (name, other)


def test_without_a_resolution_what_needs_one_does_not_pass(usual):
    _, told, scenario = usual
    comes = np.isfinite(happening(scenario, DESIGN)["unsc_resolution"][::INNER])
    assert 0.2 < comes.mean() < 0.9
    for name in NEEDS_IT:
        own = told["decided_on"].sel(proposal=name, leaf=name).values
        assert (own[~comes] == 0).all()
        assert own[comes].max() > 0.5
        for late in ("carried_out", "carried_out_late"):
            assert (told[late].sel(leaf=name).values[~comes] == 0).all(), late
    assert told["decided_on"].sel(proposal="support_only", leaf="support_only").values[~comes].max() > 0.5


def test_what_is_sure_to_happen_is_worth_what_it_is_as_if_carried_out():
    names = list(GOES_FURTHER)
    sure = xr.DataArray(
        np.tile(np.eye(6)[:, None], (1, RUNS, 1)), dims=("option", "run", "leaf"),
        coords={"option": names, "run": np.arange(RUNS), "leaf": names},
    )  # fmt: skip
    one, two = (appraise(table(), CRITERIA, seed=1, weights=400, leaves=leaves) for leaves in (None, sure))
    assert one.values.to_numpy() == pytest.approx(two.values.to_numpy(), abs=1e-15)
    assert one.ranks.to_numpy() == pytest.approx(two.ranks.to_numpy(), abs=1e-12)


CLOSE = {"decline": 48, "support_only": 51, "un_mandate_no_disarmament": 52, "write_the_mandate": 47,
         "un_mandate_full": 50, "agreement_only_full": 49}  # fmt: skip


def test_a_criterion_split_within_its_group_leaves_the_shares_as_they_were():
    tree = {"law": criterion(group="ground"), "duty": criterion(group="people"), "cost": criterion(group="price")}
    performance = table(tree, CLOSE)
    halved = xr.concat(
        [performance, performance.sel(criterion=["law"]).assign_coords(criterion=["law_too"])], "criterion"
    )
    split = {**tree, "law_too": tree["law"]}
    flat = {name: criterion() for name in split}
    whole, parts, ungrouped = (
        appraise(performance if len(each) == 3 else halved, each, seed=1, weights=4000) for each in (tree, split, flat)
    )
    error = 2 * np.hypot(whole.error, parts.error).to_numpy()
    assert (np.abs(whole.ranks.sel(rank=1) - parts.ranks.sel(rank=1)).to_numpy() <= error).all()
    assert np.abs(whole.ranks.sel(rank=1) - ungrouped.ranks.sel(rank=1)).max() > 0.02, "without groups it counts twice"


@pytest.mark.parametrize("apart", [0.0, 1e-6, 0.05])
def test_a_copy_of_an_option_leaves_the_headline_as_it_was(apart):
    performance = table(means=CLOSE)
    before = appraise(performance, CRITERIA, seed=1, weights=2000)
    best = before.best
    copied = (performance.sel(option=[best]) + apart).assign_coords(option=["again"])
    after = appraise(xr.concat([performance, copied], "option"), CRITERIA, seed=1, weights=2000)
    assert after.copies == {"again": best}
    assert after.best == best
    assert after.shares == {name: pytest.approx(share, abs=0.01) for name, share in before.shares.items()}
    assert after.confidence.sel(option=best).item() == pytest.approx(
        before.confidence.sel(option=best).item(), abs=0.01
    )
    assert after.ranks.sel(rank=1, option=best).item() < before.shares[best], (
        "alone, it would have lost its first place"
    )


def test_exact_weights_are_one_point():
    said = [WeightStatement(criterion="law", equals=0.5), WeightStatement(criterion="duty", equals=0.3)]
    found = appraise(table(means=CLOSE), CRITERIA, seed=1, weights=300, statements=said)
    assert found.weights.to_numpy() == pytest.approx(np.tile([0.5, 0.3, 0.2], (300, 1)), abs=1e-12)
    score = worth(table(means=CLOSE), CRITERIA).to_numpy() @ [0.5, 0.3, 0.2]
    assert found.ranks.sel(rank=1).to_numpy() == pytest.approx(np.bincount(score.argmax(axis=0), minlength=6) / RUNS)


@pytest.mark.parametrize(("risk", "out"), [(0.19, True), (0.21, False)])
def test_a_veto_broken_too_often_excludes_and_the_others_are_as_if_it_were_absent(risk, out):
    performance = table(means=CLOSE)
    legal = performance.sel(criterion="law")
    limit = float(np.quantile(legal.sel(option="un_mandate_full"), 0.2))
    broken = {**CRITERIA, "law": criterion(floor=limit, floor_risk=risk)}
    held = performance.copy()
    held.loc[{"criterion": "law"}] = np.where(
        legal["option"] == "un_mandate_full", legal.T, np.maximum(legal.T, limit)
    ).T
    found = appraise(held, broken, seed=1, weights=500)
    assert (found.excluded == ("un_mandate_full",)) is out
    assert found.broken.sel(option="un_mandate_full", criterion="law").item() == pytest.approx(0.2, abs=0.01)
    if out:
        rest = [name for name in GOES_FURTHER if name != "un_mandate_full"]
        without = appraise(held.sel(option=rest), broken, seed=1, weights=500)
        assert found.ranks.equals(without.ranks)
        assert "un_mandate_full" not in found.shares


def test_a_free_and_informed_choice_is_worth_no_less_than_either_part():
    rng = np.random.default_rng(4)
    weights = rng.dirichlet(np.ones(3), 500)
    for _ in range(20):
        values = worth(table(means=CLOSE), CRITERIA) + 0.3 * rng.standard_normal((6, RUNS, 3))
        comes = rng.random(RUNS) < 0.5
        then = values.sel(option="un_mandate_full").to_numpy()
        found = in_steps(values, weights, "support_only", then, comes)
        assert found.beside["support_only"][0] >= 0
        assert found.beside["un_mandate_full"][0] >= 0
        each = [in_steps(values, weights[[w]], "support_only", then, comes) for w in range(50)]
        assert min(one.beside[part][0] for one in each for part in ("support_only", "un_mandate_full")) >= -1e-12
