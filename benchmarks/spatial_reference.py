"""A plain reading of KTAB's Spatial Model of Politics in numpy, with nothing done for speed.

The yardstick for `contingent.consultation.spatial`: written from the equations in
docs/methods/consultation.md, one line an equation, checked against KTAB's own results, and timed
in the same run as the compiled model.
"""

from __future__ import annotations

import numpy as np

EXPONENT = {"Linear": 1, "Square": 2, "Quartic": 4, "Octic": 8}
ASSUMED = {"None": 0.0, "OneThird": 1 / 3, "Half": 0.5, "TwoThirds": 2 / 3, "Full": 1.0}
DEFAULTS = {
    "VictoryProbModel": "Linear",
    "PCEModel": "Conditional",
    "StateTransitions": "Deterministic",
    "VotingRule": "Prop",
    "BigRAdjust": "OneThird",
    "BigRRange": "Mid",
    "ThirdPartyCommit": "SemiCommit",
    "InterVecBrgn": "S2P2",
    "BargnModel": "InitOnlyInterp",
}


def vote(rule, w, x):
    b = np.clip(x / 1e-8, -1.0, 1.0)
    match rule:
        case "Binary":
            return w * b
        case "PropBin":
            return w * (0.8 * x + 0.2 * b)
        case "Prop":
            return w * x
        case "PropCbc":
            return w * (0.5 * x + 0.5 * x**3)
        case "Cubic":
            return w * x**3
    return np.where(x < 0, w * x, w * x * 2 / 3)  # ASymProsp


def victory(model, a, b):
    if model == "Binary":
        p = np.clip((2.1 * a / (a + b) - 1.0) / 0.1, 0.0, 1.0)
        hi = 1 / (1 + 1e-6)
        return np.where(a >= 1.1 * b, hi, np.where(b >= 1.1 * a, 1 - hi, p))
    e = EXPONENT[model]
    return a**e / (a**e + b**e)


def pce(options, w, u):
    """w (K,), u (K, M): probability of each of M alternatives."""
    m = u.shape[1]
    c = np.full((m, m), 1e-8)
    v = np.full((m, m), 0.5)
    for i in range(m):
        for j in range(i):
            x = vote(options["VotingRule"], w, u[:, i] - u[:, j])
            c[i, j] += x[x > 0].sum()
            c[j, i] -= x[x < 0].sum()
            v[i, j] = victory(options["VictoryProbModel"], c[i, j], c[j, i])
            v[j, i] = 1 - v[i, j]
    if options["PCEModel"] == "Conditional":
        p = v.prod(1)
        return p / p.sum()
    p = np.full(m, 1 / m)
    while True:
        if options["PCEModel"] == "MarkovUniform":
            q = (v.sum(1) * p + v @ p) / m
            tolerance = 1e-6
        else:
            incentive = c * v + 1e-10 * np.eye(m)
            g = incentive / incentive.sum(0)
            q = p * (v * g.T).sum(1) + (v * g) @ p
            tolerance = 1e-8
        change = np.abs(q - p).max()
        p = (p + q) / 2
        if change <= tolerance:
            return p


def distance(s, q, t):
    """How far everyone (rows, weights s and ideals q) is from every position t; (N, N)."""
    away = (s[:, None] * (q[:, None] - t[None])) ** 2
    return np.sqrt(away.sum(2) / (s**2).sum(1)[:, None])


def utility(d, r):
    return np.where(d <= 1, (1 - d) * (1 + r * d), (1 - d) * (1 + r))


def risk(options, c, d):
    p = pce(options, c, 1 - d)
    m, top = p.min(), p.max()
    match options["BigRRange"]:
        case "Min":
            return (p - m) / (top - m)
        case "Mid":
            return (3 * p - top - 2 * m) / (2 * (top - m))
    return (2 * p - top - m) / (top - m)


def challenge(options, w, total, u, i, j):
    """P and E_i of i challenging j in the eyes of whoever sees the utilities u (N, N)."""
    rule = options["VotingRule"]
    vi, vj = vote(rule, w[i], u[i, i] - u[i, j]), vote(rule, w[j], u[j, i] - u[j, j])
    alpha = 1e-10 + max(vi, 0) + max(vj, 0)
    beta = 1e-10 + max(-vi, 0) + max(-vj, 0)
    own = np.diag(u)
    x = vote(rule, w, u[:, i] - u[:, j])
    pi = (alpha + np.maximum(x, 0)) / (alpha + beta + np.abs(x))
    y = pi * (own - u[:, i]) - (1 - pi) * (own - u[:, j])
    if options["ThirdPartyCommit"] != "SemiCommit":
        y = np.zeros_like(y)
    z = vote(rule, w, y)
    z[[i, j]] = 0.0
    a = alpha + z[z > 0].sum()
    b = beta - z[z < 0].sum()
    p = a / (a + b)
    gain = (1 - total[j]) * 2 * u[i, i] + total[j] * (p * 2 * u[i, i] + (1 - p) * 2 * u[i, j]) - (u[i, i] + u[i, j])
    return p, gain


def r4(x):
    return np.floor(x * 1e4 + 0.5) / 1e4


def bargain(options, s, t, i, j, p):
    kind = options["InterVecBrgn"]
    if kind == "S2PMax":
        di, dj = max(0.0, (1 - p) - p), max(0.0, p - (1 - p))
        fi = di * s[j] ** 2 / (di * s[j] ** 2 + 1e-6 + (1 - di) * s[i] ** 2)
        fj = dj * s[i] ** 2 / (dj * s[i] ** 2 + 1e-6 + (1 - dj) * s[j] ** 2)
        return t[i] + fi * (t[j] - t[i]), t[j] + fj * (t[i] - t[j])
    e = 1 if kind == "S1P1" else 2
    wi, wj = (s[i] * p) ** e, (s[j] * (1 - p)) ** e
    return r4(((wi + 1e-6) * t[i] + wj * t[j]) / (wi + 1e-6 + wj)), r4(
        (wi * t[i] + (wj + 1e-6) * t[j]) / (wi + wj + 1e-6)
    )


def turn(options, c, s, q, t):
    """One turn: the positions after it."""
    n = len(c)
    total = s.sum(1)
    w = total * c
    d = distance(s, q, t)
    big = risk(options, c, d)
    rho = ASSUMED[options["BigRAdjust"]]
    seen = [utility(d, ((1 - rho) * big[h] + rho * big)[:, None]) for h in range(n)]
    for h in range(n):
        seen[h][h] = utility(d[h], big[h])
    lists = [[(k, k, t[k], t[k])] for k in range(n)]
    for i in range(n):
        looks = [challenge(options, w, total, seen[i], i, j) if j != i else (0, -np.inf) for j in range(n)]
        j = int(np.argmax([e for _, e in looks]))
        p, e = looks[j]
        if e <= 1e-5:
            continue
        mine = bargain(options, s, t, i, j, p)
        deals = [mine]
        if options["BargnModel"] != "InitOnlyInterp":
            theirs = bargain(options, s, t, i, j, receiver(options, w, total, seen, i, j))
            if options["BargnModel"] == "InitRcvrInterp":
                deals = [mine, theirs]
            else:
                wi, wj = c[i] * total[i], c[i] * total[j]
                deals = [tuple((wi * a + wj * b) / (wi + wj) for a, b in zip(mine, theirs, strict=True))]
        for xi, xj in deals:
            lists[i].append((i, j, xi, xj))
            lists[j].append((i, j, xi, xj))
    here = np.array([[utility(d[a, m], big[a]) for m in range(n)] for a in range(n)])
    after = t.copy()
    for k in range(n):
        if len(lists[k]) == 1:
            continue
        u = np.empty((n, len(lists[k])))
        for b, (i, j, xi, xj) in enumerate(lists[k]):
            value = here.copy()
            if i != j:
                value[:, [i, j]] = utility(distance(s, q, np.stack([xi, xj])), big[:, None])
            u[:, b] = value.cumsum(1)[:, -1] / n
        i, j, xi, xj = lists[k][int(np.argmax(pce(options, c, u)))]
        after[k] = xi if i == k else xj
    return after


def receiver(options, w, total, seen, i, j):
    """KTAB's quirk: the receiver's expected gain stands where its probability is meant."""
    return challenge(options, w, total, seen[j], i, j)[1]


def simulate(options, c, s, t, accommodation=None):
    """States until the model stops: (turn, N, D) positions, 0 to 1."""
    options = {**DEFAULTS, **options}
    a = np.eye(len(c)) if accommodation is None else accommodation
    states, q = [t], t.copy()
    while True:
        t = turn(options, c, s, q, states[-1])
        q = a @ t + (1 - a.sum(1))[:, None] * q
        states.append(t)
        n = len(states) - 1
        moved = lambda x, y: np.sqrt(((x - y) ** 2).sum(1)).sum()  # noqa: E731
        if n >= 100 or (n >= 2 and moved(states[-1], states[-2]) / (moved(states[1], states[0]) + 1e-4) < 0.02):
            return np.array(states)
