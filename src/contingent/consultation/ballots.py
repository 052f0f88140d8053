"""From which mood of the country on does a body say yes, under the rule by which it counts?

Weighted voting with abstention, quorum, double majorities and casting votes, as thresholds of a shared shock.

A member votes yes where `wish + sqrt(shared) Z + sqrt(1 - shared) e > 0`, with a shock Z that everybody shares and one
of its own, e (one-factor probit; Vasicek 2002). With e given, a member says yes from some Z on, and so does a body
under any rule that a further yes cannot hurt: the body's threshold is found by sorting its members' once. That is exact
for every value of `shared` and every weight of votes, and costs the same for three votes as for a hundred million.
Bodies in which the same people sit need nothing more, for a person is the same e wherever it sits.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Array = NDArray[np.float64]
TIE = 1e-9  # of all votes: sums of fractional votes closer than that are equal
CASTING = 1e-7  # of all votes: what a casting vote adds
FAR = 12.0  # standard deviations; beyond them a shock has a probability below 1e-32
HALVINGS = 60  # of an interval of 2 FAR: down to 1e-17


@dataclass(frozen=True, slots=True)
class Shocks:
    """The noise of a vote: `own` (draw, person), standard normal, and the `shared` part of its variance (draw,)."""

    own: Array
    shared: Array

    def threshold(self, wish: Array, person: int | None) -> Array:
        """The shared shock above which a person with this `wish` (draw,) says yes; -inf if always, inf if never.

        Of nobody in particular (None): above which most of very many with this wish do.
        """
        own = 0.0 if person is None else self.own[:, person]
        certain = wish + np.sqrt(1 - self.shared) * own
        with np.errstate(divide="ignore", invalid="ignore"):
            at = -certain / np.sqrt(self.shared)
        return np.where(self.shared > 0, at, np.where(certain > 0, -np.inf, np.inf))

    def part(self, wish: Array, shock: Array) -> Array:
        """The share in favour of very many people with this `wish`, at a shared shock; all (draw,)."""
        spread = np.sqrt(np.maximum(1 - self.shared, 1e-12))
        return ndtr((wish + np.sqrt(self.shared) * shock) / spread)


@dataclass(frozen=True, slots=True)
class Voter:
    """One member: `person` on the shocks' axis, `wish` and `votes` (draw,), the votes being those that are present.

    `people` count in a second majority; `divided` votes are cast one by one, each with an e of its own.
    """

    person: int
    wish: Array
    votes: Array
    people: Array
    divided: bool = False

    @property
    def one(self) -> int | None:
        """Whose own shock decides where members are counted by the head: nobody's, if its votes divide."""
        return None if self.divided else self.person


@dataclass(frozen=True, slots=True)
class Rule:
    """How a body counts; see `contingent.scenario.process.Gate` for what each part means. Arrays are (draw,).

    `seats` are all seats, present or not; `permanent` and `casting` are positions among the voters.
    """

    share: Array
    exceeded: bool
    of: str
    seats: Array
    abstention: Array
    quorum: Array | None = None
    people_share: Array | None = None
    blocking: int | None = None
    permanent: tuple[int, ...] = ()
    casting: int | None = None


def crossing(at: Array, gain: Array, start: Array) -> Array:
    """The least shock from which `start` plus the gains so far has reached 0; (draw,).

    `at` and `gain` (draw, step): a gain of at least 0 is made where the shock passes `at`. -inf if it is so from the
    outset, inf if it never is.
    """
    order = np.argsort(at, axis=1, kind="stable")
    so_far = start[:, None] + np.take_along_axis(gain, order, 1).cumsum(1)
    enough = so_far >= 0
    first = np.take_along_axis(np.take_along_axis(at, order, 1), enough.argmax(1)[:, None], 1)[:, 0]
    found = np.where(enough.any(1), first, np.inf)
    return np.where(start >= 0, -np.inf, found)


def each(voters: list[Voter], shocks: Shocks, more: Array | float = 0.0, *, by_head: bool = False) -> Array:
    """The shock above which each voter's wish and so much `more` (draw,) is a yes; (draw, voter)."""
    return np.stack([shocks.threshold(v.wish + more, v.one if by_head else v.person) for v in voters], 1)


def majority(voters: list[Voter], rule: Rule, shocks: Shocks) -> Array:
    """The least shock from which a body passes what is put to it; (draw,), inf where it cannot."""
    passes = _count(voters, rule, shocks)
    if rule.people_share is not None:
        people = np.stack([v.people for v in voters], 1)
        second = _reached(voters, shocks, rule, people, (rule.people_share - TIE) * people.sum(1))
        passes = np.maximum(passes, second)
    if rule.blocking is not None:
        enough = len(voters) - rule.blocking  # so many and one more in favour leave too few to block
        heads = np.sort(each(voters, shocks, -rule.abstention, by_head=True), axis=1)
        passes = np.minimum(passes, heads[:, enough])
    for position in rule.permanent:
        voter = voters[position]
        passes = np.maximum(passes, shocks.threshold(voter.wish + rule.abstention, voter.person))
    present = np.stack([v.votes for v in voters], 1).sum(1)
    quorum = 0.0 if rule.quorum is None else (rule.quorum - TIE) * rule.seats
    return np.where((present > 0) & (present >= quorum), passes, np.inf)


def _count(voters: list[Voter], rule: Rule, shocks: Shocks) -> Array:
    """The least shock from which the votes in favour are enough of what they are counted against."""
    votes = np.stack([v.votes for v in voters], 1)
    base = rule.seats if rule.of == "seats" else votes.sum(1)
    if rule.casting is not None:
        votes[:, rule.casting] += CASTING * base
    tie = np.where(rule.exceeded & (rule.share < 1 - TIE), TIE, -TIE) * base
    if rule.of != "votes" or not rule.abstention.any():
        return _reached(voters, shocks, rule, votes, rule.share * base + tie)
    return _cast(voters, shocks, rule, votes, tie)


def _reached(voters: list[Voter], shocks: Shocks, rule: Rule, weight: Array, needed: Array) -> Array:
    """The least shock from which the weight (draw, voter) of those in favour comes to what is `needed`."""
    if not any(v.divided for v in voters):
        return crossing(each(voters, shocks, -rule.abstention), weight, -needed)

    def enough(shock: Array) -> NDArray[np.bool_]:
        for_it = (_favour(v, shocks, v.wish - rule.abstention, shock) for v in voters)
        return sum(w * share for w, share in zip(weight.T, for_it, strict=True)) >= needed

    return _halved(enough, len(needed))


def _cast(voters: list[Voter], shocks: Shocks, rule: Rule, votes: Array, tie: Array) -> Array:
    """Of the votes cast: yes > share x (yes + no), that is (1 - share) yes + share (all - no) > share x all.

    Where nobody says yes nothing passes, though nothing is half of nothing.
    """
    needed, some = rule.share * votes.sum(1) + tie, TIE * votes.sum(1)
    if not any(v.divided for v in voters):
        yes, not_no = each(voters, shocks, -rule.abstention), each(voters, shocks, rule.abstention)
        gain = np.concatenate([votes * (1 - rule.share)[:, None], votes * rule.share[:, None]], 1)
        return np.maximum(crossing(np.concatenate([yes, not_no], 1), gain, -needed), crossing(yes, votes, -some))

    def enough(shock: Array) -> NDArray[np.bool_]:
        balance, in_favour = np.zeros(len(tie)), np.zeros(len(tie))
        for i, v in enumerate(voters):
            yes = _favour(v, shocks, v.wish - rule.abstention, shock)
            not_no = _favour(v, shocks, v.wish + rule.abstention, shock)
            balance += votes[:, i] * ((1 - rule.share) * yes + rule.share * not_no)
            in_favour += votes[:, i] * yes
        return (balance >= needed) & (in_favour >= some)

    return _halved(enough, len(tie))


def _favour(voter: Voter, shocks: Shocks, wish: Array, shock: Array) -> Array:
    """The share of a member's votes in favour at a shared shock; 0 or 1 unless its votes are divided."""
    if voter.divided:
        return shocks.part(wish, shock)
    return (shock > shocks.threshold(wish, voter.person)).astype(float)


def _halved(enough, draws: int) -> Array:
    """The least shock at which `enough` (a function of shocks, never true below where it is false) holds; (draw,)."""
    low, high = np.full(draws, -FAR), np.full(draws, FAR)
    always, never = enough(low), ~enough(high)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        yes = enough(middle)
        low, high = np.where(yes, low, middle), np.where(yes, middle, high)
    return np.where(always, -np.inf, np.where(never, np.inf, high))
