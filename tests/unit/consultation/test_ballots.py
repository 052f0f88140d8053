"""From which mood on a body says yes: rules of counting worked by hand, and all of them against plain simulation."""

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from contingent.consultation.ballots import Rule, Shocks, Voter, crossing, each, majority

YES, NO = 9.0, -9.0


def one(value):
    return np.array([value], dtype=float)


def body(wishes, votes=None, people=None, divided=()):
    """Voters in one draw, one vote each unless told otherwise."""
    votes = [1] * len(wishes) if votes is None else votes
    rows = enumerate(zip(wishes, votes, people or votes, strict=True))
    return [Voter(i, one(wish), one(vote), one(head), i in divided) for i, (wish, vote, head) in rows]


def rule(share, voters, *, exceeded=False, of="seats", abstention=0.0, **more):
    more |= {name: one(more[name]) for name in ("quorum", "people_share") if name in more}
    seats = more.pop("seats", None)
    seats = sum(v.votes for v in voters) if seats is None else one(seats)
    return Rule(one(share), exceeded, of, seats, one(abstention), **more)


def mood(own, shared):
    return Shocks(np.array([own], dtype=float), one(shared))


def at(voters, counted, shared=1.0, own=None):
    """The least shock at which a body passes it; with everything shared a voter with wish w turns at -w."""
    return majority(voters, counted, mood(own or [0.0] * len(voters), shared))[0]


@pytest.mark.parametrize(
    ("shared", "turns"),
    [
        (0.0, np.inf),  # .5 + 1 x -.7 < 0, and the mood does not matter
        (0.36, 0.1),  # .5 + .8 x -.7 = -.06 = -.6 z
        (1.0, -0.5),  # nothing is its own
    ],
)
def test_a_voter_turns_where_wish_and_shocks_cancel(shared, turns):
    assert mood([-0.7], shared).threshold(one(0.5), 0) == pytest.approx([turns])


def test_a_voter_whose_own_reasons_suffice_always_says_yes():
    assert mood([-0.4], 0.0).threshold(one(0.5), 0) == -np.inf


def test_gains_are_added_in_the_order_of_their_thresholds():
    # from -3: at .1 comes 1, at .2 comes 1.5, at .4 comes 2: 0 is reached at .4
    shocks, gains = np.array([[0.4, 0.1, 0.2]] * 3), np.array([[2.0, 1.0, 1.5]] * 3)
    assert crossing(shocks, gains, np.array([-3.0, 0.0, -5.0])).tolist() == [0.4, -np.inf, np.inf]
    assert crossing(shocks[:1], gains[:1], np.array([-2.5])).tolist() == [0.2]


def test_consent_comes_with_the_last_to_agree():
    assert each(body([0.3, -1.2, 0.8]), mood([0, 0, 0], 1.0)).max(1).tolist() == [1.2]


@pytest.mark.parametrize(
    ("share", "exceeded", "votes", "wishes", "passes"),
    [
        (2 / 3, False, [200, 100], [YES, NO], True),  # 200 of 300 are two thirds
        (2 / 3, True, [200, 100], [YES, NO], False),  # ... and no more than that
        (2 / 3, True, [201, 99], [YES, NO], True),
        (0.5, True, [50, 50], [YES, NO], False),
        (0.5, False, [50, 50], [YES, NO], True),
        (1.0, True, [3, 4], [YES, YES], True),  # more than all cannot be: all
        (1.0, True, [1e6, 1], [YES, NO], False),
        (0.3, False, [0.1, 0.1, 0.1, 0.7], [YES, YES, YES, NO], True),  # .1 + .1 + .1 is not .3 in binary
        (0.0, True, [1, 1], [NO, NO], False),
    ],
)
def test_a_share_is_reached_or_exceeded(share, exceeded, votes, wishes, passes):
    voters = body(wishes, votes)
    assert np.isneginf(at(voters, rule(share, voters, exceeded=exceeded), 0.0)) == passes


@pytest.mark.parametrize("votes", [(0.4, 0.4, 0.2), (40, 40, 20), (45.6e6, 45.6e6, 22.8e6), (2e-9, 2e-9, 1e-9)])
@pytest.mark.parametrize("wishes", [(0.3, -0.2, 0.1), (-1.0, 0.4, 2.0)])
def test_only_proportions_of_votes_count(votes, wishes):
    # any two of three are more than half: the second of the thresholds -wish, whatever the unit of the votes
    voters = body(wishes, votes)
    assert at(voters, rule(0.5, voters, exceeded=True)) == sorted(-w for w in wishes)[1]


@pytest.mark.parametrize(
    ("of", "share", "turns"),
    [
        # wishes 1, 0, -1, abstaining within .5: in favour from -.5, .5, 1.5 on; against below -1.5, -.5, .5
        ("seats", 0.5, 0.5),  # two of three
        ("present", 0.5, 0.5),
        ("votes", 0.5, 0.5),  # 1 of 2 cast is no more than half
        ("votes", 0.4, -0.5),  # 1 of 2 is more than .4, but 2 of 2 against is not
    ],
)
def test_those_who_abstain_count_as_against_unless_only_votes_cast_count(of, share, turns):
    voters = body([1.0, 0.0, -1.0])
    assert at(voters, rule(share, voters, exceeded=True, of=of, abstention=0.5)) == pytest.approx(turns)


def test_where_everybody_abstains_nothing_is_passed():
    voters = body([0.1, 0.0])
    assert at(voters, rule(0.5, voters, of="votes", abstention=1.0), 0.0) == np.inf
    divided = body([-9.0, 0.0], [1, 3], divided=(0,))
    assert at(divided, rule(0.0, divided, of="votes", abstention=1.0), 0.5) > 1


def test_absent_seats_count_among_all_seats_only():
    voters = body([YES, NO], [40, 30])
    for of, passes in (("seats", False), ("present", True), ("votes", True)):
        counted = rule(0.5, voters, exceeded=True, of=of, seats=100)
        assert np.isneginf(at(voters, counted, 0.0)) == passes


@pytest.mark.parametrize(("quorum", "passes"), [(0.5, True), (0.6, True), (0.61, False)])
def test_a_body_without_its_quorum_passes_nothing(quorum, passes):
    voters = body([YES, YES], [40, 20])
    assert np.isneginf(at(voters, rule(0.3, voters, seats=100, quorum=quorum), 0.0)) == passes


@pytest.mark.parametrize("of", ["seats", "present", "votes"])
def test_a_body_in_which_nobody_sits_or_nobody_is_present_passes_nothing(of):
    empty = body([YES, YES], [0, 0])
    assert at(empty, rule(0.0, empty, of=of, seats=9), 0.0) == np.inf


@pytest.mark.parametrize(("casting", "passes"), [(0, True), (1, False), (None, False)])
def test_the_casting_vote_decides_a_tie(casting, passes):
    voters = body([YES, NO], [114e6, 114e6])
    assert np.isneginf(at(voters, rule(0.5, voters, exceeded=True, casting=casting), 0.0)) == passes


def test_the_casting_vote_decides_nothing_else():
    voters = body([NO, YES], [49, 51])
    assert at(voters, rule(0.5, voters, exceeded=True, casting=0), 0.0) == -np.inf


# Treaty on European Union, Article 16(4): at least 55 % of the members with 65 % of the people; a blocking minority has
# at least four. Of 20 members 11 are 55 %; people by hand.
@pytest.mark.parametrize(
    ("wishes", "people", "passes"),
    [
        ([YES] * 11 + [NO] * 9, [6] * 11 + [34 / 9] * 9, True),  # 66 of 100
        ([YES] * 11 + [NO] * 9, [5.8] * 11 + [36.2 / 9] * 9, False),  # 63.8 of 100, and nine block
        ([YES] * 10 + [NO] * 10, [9] * 10 + [1] * 10, False),  # 90 of 100, but half of the members
        ([YES] * 17 + [NO] * 3, [3] * 17 + [49 / 3] * 3, True),  # 51 of 100, but three cannot block
        ([YES] * 16 + [NO] * 4, [3] * 16 + [13] * 4, False),  # 48 of 100, and four can
        ([YES] * 13 + [NO] * 7, [0.05] * 20, True),  # 65 of 100 exactly
    ],
)
def test_a_double_majority_needs_members_and_people_or_too_few_to_block(wishes, people, passes):
    voters = body(wishes, people=people)
    counted = rule(0.55, voters, people_share=0.65, blocking=4)
    assert np.isneginf(at(voters, counted, 0.0)) == passes


@pytest.mark.parametrize(("wish", "passes"), [(YES, True), (-0.5, True), (-1.5, False)])
def test_a_permanent_member_stops_it_by_a_no_but_not_by_abstaining(wish, passes):
    voters = body([wish, YES, YES])
    assert np.isneginf(at(voters, rule(0.6, voters, permanent=(0,), abstention=1.0), 0.0)) == passes


def test_of_a_hundred_million_divided_votes_the_share_in_favour_is_that_of_the_normal_distribution():
    # wish .3, half of the noise shared: at mood z, Phi((.3 + z sqrt .5) / sqrt .5) are for; 60 % where
    # .3 / sqrt .5 + z = ndtri(.6)
    voters = body([0.3], [1e8], divided=(0,))
    turns = ndtri(0.6) - 0.3 / np.sqrt(0.5)
    assert at(voters, rule(0.6, voters), 0.5) == pytest.approx(turns, abs=1e-7)
    assert mood([0], 0.5).part(one(0.3), one(turns)) == pytest.approx([0.6])
    # without a shared mood a referendum is as sure as its polls: Phi(.3) = .618 in favour
    assert [at(voters, rule(share, voters), 0.0) for share in (0.61, 0.62)] == [-np.inf, np.inf]


def test_divided_votes_stand_beside_members_who_vote_as_one():
    # 30 of 100 votes are sure; of 70 divided ones 20 must be won: Phi(w / sqrt .5 + z) = 2 / 7
    voters = body([YES, -0.4], [30, 70], divided=(1,))
    assert at(voters, rule(0.5, voters), 0.5) == pytest.approx(ndtri(2 / 7) + 0.4 / np.sqrt(0.5), abs=1e-7)


def test_of_divided_votes_cast_those_who_abstain_are_left_out():
    # wish 0, abstaining within .5: yes and no are alike at mood 0
    voters = body([0.0], [1e6], divided=(0,))
    assert at(voters, rule(0.5, voters, of="votes", abstention=0.5), 0.36) == pytest.approx(0, abs=1e-7)


RULES = {
    "more than half of all seats": {"share": 0.5, "exceeded": True},
    "two thirds of the votes": {"share": 2 / 3, "of": "votes", "abstention": 0.4},
    "of those present": {"share": 0.5, "of": "present", "seats": 25.0, "abstention": 0.2, "exceeded": True},
    "two majorities": {"share": 0.5, "people_share": 0.6, "blocking": 2, "permanent": (1,), "casting": 0},
}


def simulated(counted, wishes, votes, people, shared, draws):
    """Plain counting of hands; True where a body passes it."""
    rng = np.random.default_rng(5)
    lean = wishes + np.sqrt(shared) * rng.normal(size=(draws, 1)) + np.sqrt(1 - shared) * rng.normal(size=(draws, 5))
    band = counted.abstention[0]
    yes, no = lean > band, lean < -band
    base = {"seats": counted.seats[0], "present": votes.sum(), "votes": (yes | no) @ votes}[counted.of]
    weight = yes @ votes + (1e-6 * yes[:, counted.casting] if counted.casting is not None else 0)
    gap = weight - counted.share[0] * base
    passes = (gap > 1e-8 if counted.exceeded else gap >= -1e-8) & yes.any(1)
    if counted.people_share is not None:
        passes &= yes @ people >= counted.people_share[0] * people.sum() - 1e-8
    if counted.blocking:
        passes |= (~yes).sum(1) < counted.blocking
    return passes & ~no[:, list(counted.permanent)].any(1)


@pytest.mark.parametrize("shared", [0.0, 0.35, 0.9, 0.99, 1.0])
@pytest.mark.parametrize("name", RULES)
def test_every_rule_agrees_with_counting_hands(name, shared):
    wishes, votes, people = (
        np.array([0.4, -0.3, 0.1, 0.8, -0.9]),
        np.array([6, 5, 4, 3, 2.0]),
        np.array([9, 9, 4, 2, 1.0]),
    )
    draws = 200_000
    counted = rule(voters=body(wishes, votes), **RULES[name])
    told = simulated(counted, wishes, votes, people, shared, draws).mean()
    few = 20_000
    own = np.random.default_rng(8).normal(size=(few, 5))
    wide = {f: np.repeat(getattr(counted, f), few) for f in ("share", "seats", "abstention")}
    more = {"people_share": np.repeat(counted.people_share, few)} if counted.people_share is not None else {}
    plain = {f: getattr(counted, f) for f in ("exceeded", "of", "blocking", "permanent", "casting")}
    repeat = lambda x: np.full(few, x)  # noqa: E731
    voters = [Voter(i, *map(repeat, row)) for i, row in enumerate(zip(wishes, votes, people, strict=True))]
    chance = 1 - ndtr(majority(voters, Rule(**wide, **more, **plain), Shocks(own, repeat(shared))))
    error = np.sqrt(told * (1 - told) / draws + chance.var() / few)
    assert chance.mean() == pytest.approx(told, abs=4 * error + 1e-9)
