"""How does one turn of the model change everyone's position, and when does a history come to rest?

State transitions and the stopping rule; compiled. Counters start as `np.int64(0)`: a literal 0 would have every kernel
compiled once more for it.
"""

import numpy as np
from numba import njit

from contingent.consultation.spatial import challenges as seen_by
from contingent.consultation.spatial.challenges import bargain_positions, distances, risk_attitudes, risk_utility
from contingent.consultation.spatial.pce import elect

MOST_TURNS = 100
REST = 0.02  # the model stops when a turn moves less than this share of what the first one did (KTAB)
WORTHWHILE = 1e-5  # an expected gain below this starts no challenge (KTAB)
SAME = 1e-3  # positions this close (Euclidean, 0 to 1) are one position (KTAB)
INITIATOR, PAIRED = 0, 1


@njit(cache=True, nogil=True, error_model="numpy")
def take_turn(codes, capability, salience, ideal, position, turn, seed, after, log):
    """The positions after one turn, into `after` (N, D).

    `log` (N, 6) receives for every stakeholder: whom it challenges (-1 nobody), its odds, its gain, and the
    initiator, receiver and probability of the bargain it keeps (itself twice for none).
    """
    count, issues = position.shape
    corrected = codes[9] == 1
    total = salience.sum(1)
    power = total * capability
    voice = power if corrected and power.sum() > 0.0 else capability
    distance, seen = np.empty((count, count)), np.empty((count, count))
    risk, p = np.empty(count), np.empty(2 * count + 1)
    distances(salience, ideal, position, distance)
    risk_attitudes(codes, voice, distance, risk, p)
    rho = seen_by.BELIEVED[codes[4]]
    odds, gain, scratch = np.zeros(count), np.zeros(count), np.empty((4, count))
    first, second = np.empty(2 * count + 1, np.int64), np.empty(2 * count + 1, np.int64)
    to_i, to_j = np.empty((2 * count + 1, issues)), np.empty((2 * count + 1, issues))
    found = np.int64(0)
    log[:, 0] = -1.0
    for i in range(count):
        seen_by.perceived_utilities(i, rho, risk, distance, seen)
        gain[i] = -np.inf
        seen_by.challenge_gains(codes, power, total, i, seen, np.int64(0), count, scratch, odds, gain)
        j = int(np.argmax(gain))
        if not gain[j] > WORTHWHILE:
            continue
        mine = odds[j]
        log[i, 0], log[i, 1], log[i, 2] = j, mine, gain[j]
        first[found], second[found] = i, j
        bargain_positions(codes[7], salience, position, i, j, mine, to_i[found], to_j[found])
        found += 1
        if codes[8] == INITIATOR:
            continue
        seen_by.perceived_utilities(j, rho, risk, distance, seen)
        seen_by.challenge_gains(codes, power, total, i, seen, j, j + 1, scratch, odds, gain)
        # KTAB takes the gain where the odds are meant
        bargain_positions(
            codes[7], salience, position, i, j, odds[j] if corrected else gain[j], to_i[found], to_j[found]
        )
        first[found], second[found] = i, j
        if codes[8] == PAIRED:
            found += 1
            continue
        # KTAB weighs the receiver by the initiator's capability
        ours, theirs = capability[i] * total[i], (capability[j] if corrected else capability[i]) * total[j]
        if not ours + theirs > 0.0:
            ours, theirs = 1.0, 1.0
        for k in range(issues):
            to_i[found - 1, k] = (ours * to_i[found - 1, k] + theirs * to_i[found, k]) / (ours + theirs)
            to_j[found - 1, k] = (ours * to_j[found - 1, k] + theirs * to_j[found, k]) / (ours + theirs)
    keep_bargains(
        codes, voice, salience, ideal, position, risk, distance, found, first, second, to_i, to_j, turn, seed, after,
        log,
    )  # fmt: skip


@njit(cache=True, nogil=True, error_model="numpy")
def keep_bargains(
    codes, voice, salience, ideal, position, risk, distance, found, first, second, to_i, to_j, turn, seed, after, log
):
    """Every stakeholder keeps one of the bargains that name it, or the status quo (step 7)."""
    count = len(voice)
    here = np.empty((count, count))
    scale = (salience**2).sum(1)
    for m in range(count):
        for a in range(count):
            here[m, a] = risk_utility(distance[a, m], risk[a])
    values = np.empty((found + 1, count))
    first[found], second[found] = 0, 0  # the status quo: nobody's bargain
    for b in range(found + 1):
        seen_by.bargain_utilities(salience, scale, ideal, risk, here, first[b], second[b], to_i[b], to_j[b], values[b])
    mine = np.empty(found + 1, np.int64)
    p = np.empty(found + 1)
    for k in range(count):
        options = np.int64(1)
        for b in range(found):
            if first[b] == k or second[b] == k:
                mine[options] = b
                options += 1
        after[k] = position[k]
        log[k, 3], log[k, 4], log[k, 5] = k, k, 1.0
        if options == 1:
            continue
        mine[0] = found
        utility = np.empty((count, options))
        for a in range(count):
            for b in range(options):
                utility[a, b] = values[mine[b], a]
        kept = seen_by.choose_bargain(codes, voice, utility, options, p, seen_by.counted_uniform(seed, turn, k))
        log[k, 5] = p[kept]
        if kept > 0:
            b = mine[kept]
            after[k] = to_i[b] if first[b] == k else to_j[b]
            log[k, 3], log[k, 4] = first[b], second[b]


@njit(cache=True, nogil=True, error_model="numpy")
def run_turns(codes, capability, salience, start, pull, moving, seed, states, ideals, logs):
    """A history into `states` and `ideals` (>= 101, N, D) and `logs` (>= 100, N, 6); the number of turns taken.

    `pull` (N, N) is the accommodation matrix (step 8); `moving` says whether it is not the identity.
    """
    count, issues = start.shape
    states[0] = start
    ideals[0] = start
    turn, initial = np.int64(0), 0.0
    while True:
        take_turn(codes, capability, salience, ideals[turn], states[turn], turn, seed, states[turn + 1], logs[turn])
        turn += 1
        if moving:
            for i in range(count):
                kept = 1.0 - pull[i].sum()
                for k in range(issues):
                    x = kept * ideals[turn - 1, i, k]
                    for j in range(count):
                        x += pull[i, j] * states[turn, j, k]
                    ideals[turn, i, k] = x
        else:
            ideals[turn] = states[turn]
        step = 0.0
        for i in range(count):
            away = 0.0
            for k in range(issues):
                away += (states[turn, i, k] - states[turn - 1, i, k]) ** 2
            step += np.sqrt(away)
        if turn == 1:
            initial = step
        if turn >= MOST_TURNS or (turn >= 2 and step / (initial + 1e-4) < REST):
            return turn


@njit(cache=True, nogil=True, error_model="numpy")
def position_probabilities(codes, capability, salience, ideal, position, chance, risk):
    """Probability (N,) of the position each stakeholder holds, and its attitude to risk (N,).

    Distinct positions are elected among as each voter sees them; those who share one share its number.
    """
    count, issues = position.shape
    power = salience.sum(1) * capability
    voice = power if codes[9] == 1 and power.sum() > 0.0 else capability
    distance = np.empty((count, count))
    distances(salience, ideal, position, distance)
    p = np.empty(count)
    risk_attitudes(codes, voice, distance, risk, p)
    place = np.empty(count, np.int64)
    heads = np.empty(count, np.int64)
    distinct = np.int64(0)
    for i in range(count):
        place[i] = -1
        for g in range(distinct):
            apart = 0.0
            for k in range(issues):
                apart += (position[i, k] - position[heads[g], k]) ** 2
            if np.sqrt(apart) < SAME:
                place[i] = g
                break
        if place[i] < 0:
            heads[distinct] = i
            place[i] = distinct
            distinct += 1
    utility = np.empty((count, distinct))
    for a in range(count):
        for g in range(distinct):
            utility[a, g] = risk_utility(distance[a, heads[g]], risk[a])
    elect(codes, voice, utility, distinct, p)
    for i in range(count):
        chance[i] = p[place[i]]
    return distinct
