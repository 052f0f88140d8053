"""What is one run of the mission, week after week?

The simulation loop: the equations in their order, compiled.

State of last week enters every equation of this week, so no equation waits for another. Runs are taken
in batches. With NUMBA_DISABLE_JIT=1 the same functions run as plain Python.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from contingent.mission.compiled import exp, jit, jit_internal, log
from contingent.mission.draws import START, U_CONSENT_START, U_CROSSING_START, U_LEAVES, WHOLE, run_key, uniform
from contingent.mission.eq01_coverage import CHANNELS, arrive, cover, muster, schedule, train
from contingent.mission.eq02_violence import USUAL_TOLL, outside_fire, regime_factor, violence
from contingent.mission.eq04_attacks import attacks, home_front, risk_at
from contingent.mission.eq05_disarmament import consent, disarmament
from contingent.mission.eq06_supply import dispatch, relief, turn
from contingent.mission.eq08_politics import backing, ceasefire, governing_body
from contingent.mission.state import BATCH_WIDTH, CONTRIBUTOR, CROSSING, SECTOR, THEATRE, batched, plain

SECTOR_ENDS = np.array(list(SECTOR.outputs.values()))
CONTRIBUTOR_ENDS = np.array(list(CONTRIBUTOR.outputs.values()))
KINDS = (THEATRE, SECTOR, CROSSING, CONTRIBUTOR)
WEEKLY = np.array([(0, 0), *(kind.weekly for kind in KINDS)])  # parameters first, of which none is set back


class Records(NamedTuple):
    """An array for every kind of record. What is drawn is (run, record, field), and so are the parameters, one record.

    Memory is (record) of fields with a place for each run of the batch; as plain numbers (record, field, run of the
    batch).
    """

    parameters: np.ndarray
    theatre: np.ndarray
    sectors: np.ndarray
    crossings: np.ndarray
    contributors: np.ndarray


class Layout(NamedTuple):
    """What touches what, the numbers under which each one's luck is drawn, and the force plan; axes in `inputs.AXES`.

    `neighbours` is the share each has in what spills over. Luck follows from a name, so that it is the same under every
    option and in any order. `when`, `pledge` and `change` are the plan as by `presence.changes`.
    """

    neighbours: np.ndarray
    serves: np.ndarray
    sector_luck: np.ndarray
    crossing_luck: np.ndarray
    luck: np.ndarray
    when: np.ndarray
    pledge: np.ndarray
    change: np.ndarray
    owner: np.ndarray
    delivered: np.ndarray
    delay: np.ndarray


class Results(NamedTuple):
    """What is filled: weekly (series, week, run); sectors (output, sector, run) and contributors at the end.

    `series`: which field of the theatre each weekly series is.
    theatre_trace (week, field) and sectors_trace (week, sector, field): every field of the run `first`, or no weeks.
    """

    series: np.ndarray
    weekly: np.ndarray
    sectors: np.ndarray
    contributors: np.ndarray
    theatre_trace: np.ndarray
    sectors_trace: np.ndarray


class Memory(NamedTuple):
    """Room for the runs of one batch; what a thread works in.

    `plain` is the memory of `records` as plain numbers. `here` (run, contributor, channel, sector) and `force` (run,
    channel, sector) are persons; `dirty` (sector) where they changed; `due` (run, week) and `following` (run, change)
    the chains of changes; `departed` (run) whether somebody left.
    """

    records: Records
    plain: Records
    key: np.ndarray
    here: np.ndarray
    force: np.ndarray
    dirty: np.ndarray
    due: np.ndarray
    following: np.ndarray
    departed: np.ndarray

    @classmethod
    def empty(
        cls, parameters: tuple[str, ...], sectors: int, crossings: int, contributors: int, weeks: int, changes: int
    ) -> Memory:
        """Zeros of the right shapes."""
        types = (batched(parameters), *(kind.memory for kind in KINDS))
        records = Records(*map(np.zeros, (1, 1, sectors, crossings, contributors), types))
        return cls(
            records, Records(*map(plain, records)), key=np.zeros(BATCH_WIDTH, np.uint64),
            here=np.zeros((BATCH_WIDTH, contributors, len(CHANNELS), sectors)),
            force=np.zeros((BATCH_WIDTH, len(CHANNELS), sectors)), dirty=np.zeros(sectors, np.bool_),
            due=np.zeros((BATCH_WIDTH, weeks), np.int64), following=np.zeros((BATCH_WIDTH, changes), np.int64),
            departed=np.zeros(BATCH_WIDTH, np.bool_),
        )  # fmt: skip


@jit_internal
def load(plain, given, r, i):
    """Put what is drawn of run r into place i of the batch: given fields lie first in a record."""
    for j in range(len(given)):
        records, drawn = plain[j], given[j]
        for d in range(drawn.shape[1]):
            for k in range(drawn.shape[2]):
                records[d, k, i] = drawn[r, d, k]


@jit_internal
def reset(plain):
    """Set back the weekly fields, which lie side by side."""
    for j in range(len(plain)):
        for d in range(plain[j].shape[0]):
            plain[j][d, WEEKLY[j, 0] : WEEKLY[j, 1]] = 0.0


@jit_internal
def begin(h, q, key, sectors, crossings, contributors, layout, alone):
    """The first day: what the theatre adds up to, and where every state starts that does not start at 0."""
    for i in range(BATCH_WIDTH):
        h.capacity[i], h.legitimacy[i] = q.capacity_at_start[i], q.legitimacy_at_start[i]
        h.start_odds[i] = log(q.legitimacy_at_start[i] / (1.0 - q.legitimacy_at_start[i]))
        h.odds[i] = h.start_odds[i]
        h.fallen[i], h.age[i], h.toll[i] = h.fights_at_start[i], h.age_at_start[i], USUAL_TOLL
        h.begun[i] = h.truced[i] * (1.0 - h.fights_at_start[i])
        h.consent[i] = 1.0 if uniform(key[i], START, WHOLE, U_CONSENT_START) < q.consent_share[i] else 0.0
        for d in range(len(sectors)):
            s = sectors[d]
            h.people[i] += s.population[i]
            h.reach[i] += s.extent[i]
            h.armed_at_start[i] += s.armed_start[i]
            h.debris_at_start[i] += s.debris_start[i]
        for d in range(len(sectors)):
            s = sectors[d]
            s.weight[i] = s.population[i] / h.people[i] if h.people[i] > 0.0 else alone
            s.part[i] = s.extent[i] / h.reach[i] if h.reach[i] > 0.0 else alone
            s.armed[i], s.weapons[i], s.need[i], s.debris[i] = (
                s.armed_start[i], s.weapons_start[i], s.need_start[i], s.debris_start[i],
            )  # fmt: skip
            s.support[i] = q.support_at_start[i]
        h.fading[i] = exp(-q.leaving_slope[i] * q.home_recovery[i])
        for j in range(len(crossings)):
            x = crossings[j]
            luck = layout.crossing_luck[j]
            x.gate[i] = 1.0 if uniform(key[i], START, luck, U_CROSSING_START) < x.opened[i] else 0.0
            h.able[i] += x.capacity[i]
        for c in range(len(contributors)):
            one = contributors[c]
            one.present[i], one.home[i], one.left[i] = 1.0, one.home_start[i], np.nan
            one.risk[i] = risk_at(one.home[i], q, i)
            one.least_risk[i] = one.risk[i]
            one.threshold[i] = -log(uniform(key[i], START, layout.luck[c], U_LEAVES))


@jit_internal
def spread(sectors, neighbours):
    """What happened last week next to each sector."""
    for d in range(len(sectors)):
        s = sectors[d]
        for e in range(len(sectors)):
            if neighbours[d, e] > 0.0:
                other = sectors[e]
                for i in range(BATCH_WIDTH):
                    s.neighbour_events[i] += neighbours[d, e] * other.happened[i]


@jit
def run_batches(seed_key, runs, first, last, given, layout, memory, out):
    """Simulate the runs from `first` to `last` (exclusive) into `out`; all is named and shaped in the classes above.

    `runs` (run): the number of each in the ensemble.
    """
    parameters, theatre, sectors, crossings, contributors = memory.records
    plain = memory.plain
    key, here, force, dirty, departed = memory.key, memory.here, memory.force, memory.dirty, memory.departed
    weeks = out.weekly.shape[1]
    h, q = theatre[0], parameters[0]
    alone = 1.0 / len(sectors)
    for a in range(first, last, BATCH_WIDTH):
        width = min(BATCH_WIDTH, last - a)
        for j in range(len(plain)):
            plain[j].fill(0.0)
        for i in range(BATCH_WIDTH):
            r = min(a + i, last - 1)  # places to spare repeat the last run and are thrown away
            key[i] = run_key(seed_key, runs[r])
            load(plain, given, r, i)
            departed[i] = False
            schedule(memory.due[i], memory.following[i], layout.when, layout.pledge, layout.delay[r], weeks)
        here.fill(0.0)
        force.fill(0.0)
        begin(h, q, key, sectors, crossings, contributors, layout, alone)
        trained = False
        for week in range(weeks):
            for i in range(BATCH_WIDTH):
                due = memory.due[i, week]
                if departed[i]:
                    muster(here[i], force[i], dirty, contributors, h, i)
                if due >= 0:
                    arrive(
                        here[i], force[i], dirty, due, memory.following[i], layout.pledge, layout.change,
                        layout.delivered[min(a + i, last - 1)], layout.owner, contributors, h, i,
                    )  # fmt: skip
                if departed[i] or due >= 0 or trained:
                    cover(force[i], dirty, sectors, h, q, i)
                departed[i] = False
            reset(plain)
            trained = train(h, q)
            for i in range(BATCH_WIDTH):
                h.ceasefire[i] = h.begun[i] * (1.0 - h.fallen[i])
                h.regime[i] = regime_factor(h.fallen[i], h.fights_at_start[i], q.fallen_events[i])
            outside_fire(h, q, key, week)
            consent(h, q, key, week)
            turn(crossings, layout.crossing_luck, h, q, key, week)
            dispatch(crossings, layout.serves, sectors, h, q)
            spread(sectors, layout.neighbours)
            for d in range(len(sectors)):
                s = sectors[d]
                luck = layout.sector_luck[d]
                violence(s, h, q, key, week, luck)
                disarmament(s, h, q, key, week, luck)
                relief(s, h, q)
                backing(s, h, q)
            for i in range(BATCH_WIDTH):
                h.gone[i] += h.disarmed[i]
            attacks(contributors, h, q, key, week)
            home_front(contributors, departed, h, q, week)
            governing_body(h, q, key, week)
            ceasefire(h, q, key, week)
            for j in range(len(out.series)):
                for i in range(width):
                    out.weekly[j, week, a + i] = plain.theatre[0, out.series[j], i]
            if a == first and out.theatre_trace.shape[0] > 0:
                for k in range(out.theatre_trace.shape[1]):
                    out.theatre_trace[week, k] = plain.theatre[0, k, 0]
                for d in range(len(sectors)):
                    for k in range(out.sectors_trace.shape[2]):
                        out.sectors_trace[week, d, k] = plain.sectors[d, k, 0]
        for d in range(len(sectors)):
            for k in range(len(SECTOR_ENDS)):
                for i in range(width):
                    out.sectors[k, d, a + i] = plain.sectors[d, SECTOR_ENDS[k], i]
        for c in range(len(contributors)):
            for k in range(len(CONTRIBUTOR_ENDS)):
                for i in range(width):
                    out.contributors[k, c, a + i] = plain.contributors[c, CONTRIBUTOR_ENDS[k], i]
