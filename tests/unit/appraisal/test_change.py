"""What would change the choice: information, sensitivity, tipping points, boxes."""

import numpy as np
import pytest
from scipy.stats import norm

from contingent.appraisal.discovery import discover, holds, peel
from contingent.appraisal.sensitivity import clear, information, perfect_information, sensitivities, tipping_points

RNG = np.random.default_rng(20251028)
RUNS = 4_000
X = {name: RNG.standard_normal(RUNS) for name in "abc"}


def test_information_equals_the_normal_loss_integral():
    # act (worth a + 0.5 b + 0.2) or not (worth 0): knowing a alone is worth s phi(m/s) - m Phi(-m/s), s = 1, m = 0.2
    worth = np.array([X["a"] + 0.5 * X["b"] + 0.2, np.zeros(RUNS)])
    found = information(worth, X, {"a": ["a"], "b": ["b"], "both": ["a", "b"], "nothing": ["c"]})

    def loss(s, m=0.2):
        return s * norm.pdf(m / s) - m * norm.cdf(-m / s)

    assert found["a"] == pytest.approx(loss(1.0), abs=0.02)
    assert found["b"] == pytest.approx(loss(0.5), abs=0.02)
    assert found["both"] == pytest.approx(loss(np.sqrt(1.25)), abs=0.02)
    assert found["both"] == pytest.approx(perfect_information(worth), abs=0.01)
    assert found["nothing"] == 0.0


def test_a_worth_within_its_own_error_is_none():
    gain = np.tile([1.0, -1.0], 200)  # standard error 0.05
    assert clear(gain + 0.09) == 0.0
    assert clear(gain + 0.11) == pytest.approx(0.11)
    assert clear(gain - 0.11) == 0.0
    assert clear(np.zeros(400)) == 0.0


def test_indices_of_the_ishigami_function():
    # first-order indices 0.3139, 0.4424, 0 (Ishigami & Homma 1990, a = 7, b = 0.1)
    x = {name: RNG.uniform(-np.pi, np.pi, 20_000) for name in "abc"}
    y = np.sin(x["a"]) + 7 * np.sin(x["b"]) ** 2 + 0.1 * x["c"] ** 4 * np.sin(x["a"])
    found = sensitivities(x, y, bins=40)
    assert found["a"].first == pytest.approx(0.3139, abs=0.02)
    assert found["b"].first == pytest.approx(0.4424, abs=0.02)
    assert found["c"].first == pytest.approx(0.0, abs=0.01)
    assert found["c"].pawn > 0.08  # c spreads the result without moving its mean


def test_an_input_that_does_nothing_has_no_index():
    found = sensitivities({"c": X["c"], "same": np.ones(RUNS)}, X["a"])
    assert found["c"].first < 0.01
    assert found["same"].first == 0
    assert found["same"].pawn == 0


def test_tipping_point_of_a_line():
    worth = np.array([0.5 - X["a"] + 0.3 * X["b"], 0.3 * X["b"]])
    points = tipping_points(X, worth, ("go", "stay"))
    assert points[0].name == "a"
    assert points[0].at == pytest.approx(0.5, abs=0.06)
    assert points[0].above
    assert points[0].to == "stay"
    assert points[0].share == pytest.approx(1 - norm.cdf(0.5), abs=0.03)
    assert all(point.name == "a" for point in points)


def weyl():
    i = np.arange(1, 2001)[:, None]
    x = np.mod(i * np.sqrt(np.array([2, 3, 5, 7, 11])), 1)
    noise = np.mod(i[:, 0] * np.sqrt(13), 1) < 0.03
    return x, ((x[:, 0] > 0.62) & (x[:, 1] < 0.41) & (x[:, 2] > 0.2)) | noise


# mass, coverage, density of every fourth box of ema_workbench 2.5.3: Prim(threshold=0.5, peel_alpha=0.05,
# mass_min=0.05, obj_function=ORIGINAL) on the same table
TRAJECTORY = {
    0: (1.0000, 1.000000, 0.152000), 4: (0.8140, 0.980263, 0.183047), 8: (0.6620, 0.950658, 0.218278),
    12: (0.5385, 0.921053, 0.259981), 16: (0.4375, 0.901316, 0.313143), 20: (0.3555, 0.881579, 0.376934),
    24: (0.2885, 0.865132, 0.455806), 28: (0.2345, 0.848684, 0.550107), 32: (0.1900, 0.842105, 0.673684),
    36: (0.1535, 0.832237, 0.824104), 40: (0.1240, 0.796053, 0.975806),
}  # fmt: skip


def test_peeling_equals_the_exploratory_modelling_workbench():
    x, y = weyl()
    boxes = peel(x, y)
    for step, (mass, coverage, density) in TRAJECTORY.items():
        inside = holds(x, boxes[step])
        assert inside.mean() == pytest.approx(mass, abs=0.0006)  # one run in 2,000 at most: another quantile rule
        assert y[inside].sum() / y.sum() == pytest.approx(coverage, abs=1e-6)
        assert y[inside].mean() == pytest.approx(density, abs=0.004)


def test_the_box_that_made_the_cases_is_found():
    x, y = weyl()
    box = discover(dict(zip("abcde", x.T, strict=True)), y)
    found = {limit.name: (limit.low, limit.high) for limit in box.limits}
    assert set(found) == {"a", "b", "c"}
    assert found["a"][0] == pytest.approx(0.62, abs=0.02)
    assert found["b"][1] == pytest.approx(0.41, abs=0.02)
    assert found["c"][0] == pytest.approx(0.20, abs=0.03)
    assert max(limit.p for limit in box.limits) < 1e-6
    assert box.coverage > 0.8
    assert box.density > 0.9


def test_no_box_is_made_of_noise_or_of_nothing():
    x, _ = weyl()
    table = dict(zip("abcde", x.T, strict=True))
    assert discover(table, np.zeros(2000, dtype=bool)) is None
    assert discover(table, np.ones(2000, dtype=bool)) is None
    box = discover(table, RNG.random(2000) < 0.3)
    assert box is None or box.density < 0.45


def test_at_most_three_conditions():
    x = RNG.random((3000, 6))
    cases = (x[:, :5] > 0.25).all(axis=1)
    box = discover({f"x{j}": x[:, j] for j in range(6)}, cases)
    assert len(box.limits) <= 3
