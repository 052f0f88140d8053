"""What do all country-months say of the model's violence, with no theatre's own data hidden in priors for all?

    uv run python benchmarks/freeze_violence.py ../shared/data

Prints what `mission/data/priors.csv` and `mission/data/violence_by_kind.csv` say of: event_dispersion, intensity_memory
and intensity_noise (events by organised violence by month); outside_dispersion and war_dispersion (deaths);
outside_decay (deaths after cease-fires and agreements); collapse_threat (who is back, by the deaths after the end);
the spread of a level between truces of one conflict; and deaths a week per 1,000 armed people by kind of conflict (the
shipped bank of missions). Israel and Palestine are left out of the country-months.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import digamma, gammaln

from contingent.mission.backtests.missions import killed_by_kind
from contingent.mission.calibration.earlier_missions import log_level, summed
from contingent.mission.tables import after_the_end, country_months, shipped

LEFT_OUT = ("ISR", "PSE")
WINDOW, LAGS = 48, 12  # months that a level is taken to be one, and how far their memory is followed
WEEKS = 365.25 / 12 / 7  # in a month
ENDED = ("ceasefire", "peace agreement")
DECAY = 0.15  # equation 11's theta, held at its prior median
RNG = np.random.Generator(np.random.Philox(7))


def quantiles(values) -> str:
    """Median and 90 % interval, to two digits."""
    low, best, high = np.quantile(values, (0.05, 0.5, 0.95))
    return f"{best:.2g} ({low:.2g} to {high:.2g})"


def windows(months: pd.DataFrame, column: str, width: int, least: float, most: float = np.inf):
    """Counts by state and stretch of months whose mean lies between two bounds; (state, window (month))."""
    rows = months[~months["iso3"].isin(LEFT_OUT) & months[column].notna()]
    first, last = rows["at"].min(), rows["at"].max()
    for state, mine in rows.groupby("iso3"):
        whole = mine.groupby("at")[column].sum().reindex(range(first, last + 1), fill_value=0).to_numpy(float)
        for start in range(0, len(whole) - width + 1, width):
            if least <= whole[start : start + width].mean() < most:
                yield state, whole[start : start + width]


def covariances(counts: np.ndarray) -> np.ndarray:
    """Of counts beside their mean, Poisson's share of the variance taken off; (lag)."""
    beside = counts / counts.mean() - 1
    found = [(beside[lag:] * beside[: len(beside) - lag]).mean() for lag in range(LAGS + 1)]
    return np.array(found) - np.eye(1, LAGS + 1)[0] / counts.mean()


def memory(observed: np.ndarray, width: int) -> tuple[float, float, float]:
    """Variance and monthly memory of the log level, and variance that no month shares, nearest to some covariances.

    A log level that is a first-order autoregression has covariances exp(s2 phi**lag) - 1 of the counts beside their
    mean, less what the mean of a short window takes off.
    """
    lags = np.arange(width)
    best = (np.inf, 0.0, 0.0, 0.0)
    for phi in np.linspace(0.3, 0.98, 69):
        for s2 in np.geomspace(0.02, 2.5, 60):
            whole = np.expm1(s2 * phi**lags)
            off = (whole[0] + 2 * ((1 - lags[1:] / width) * whole[1:]).sum()) / width
            wanted = whole[: LAGS + 1] - off
            own = max(observed[0] - wanted[0], 0.0)
            miss = ((observed[1:] - wanted[1:]) ** 2).sum() + min(observed[0] - wanted[0], 0.0) ** 2
            best = min(best, (miss, s2, phi, own))
    return best[1:]


def heat(months: pd.DataFrame) -> None:
    """Memory and noise a week, and the dispersion of a week's events, pooled and by state."""
    by_state: dict[str, list[np.ndarray]] = {}
    for state, counts in windows(months, "events", WINDOW, 5.0):
        by_state.setdefault(state, []).append(covariances(counts))
    pooled = np.mean([one for many in by_state.values() for one in many], axis=0)
    each = np.array([memory(np.mean(many, axis=0), WINDOW) for many in by_state.values()])
    s2, phi, own = memory(pooled, WINDOW)
    print(f"{sum(map(len, by_state.values()))} windows of {WINDOW} months in {len(by_state)} states; pooled: variance "
          f"{s2:.2f}, memory {phi:.2f} a month, variance of its own {own:.3f}")  # fmt: skip
    weekly = each[:, 1] ** (1 / WEEKS)
    print("intensity_memory: pooled", f"{phi ** (1 / WEEKS):.3f}; by state {quantiles(weekly)}")
    noise = np.sqrt(each[:, 0] * (1 - weekly**2))
    print("intensity_noise: pooled", f"{np.sqrt(s2 * (1 - phi ** (2 / WEEKS))):.3f}; by state {quantiles(noise)}")
    print("event_dispersion: pooled", f"{1 / (WEEKS * max(own, 1e-3)):.2f}; by state",
          quantiles(1 / (WEEKS * np.maximum(each[:, 2], 1e-2))))  # fmt: skip


def deaths(months: pd.DataFrame) -> None:
    """How widely a month's deaths are spread around the year's; the week's lies between as wide and 4.3 times wider."""
    for least, most in ((5, 20), (20, 60), (60, 200), (200, 600), (600, np.inf)):
        wide = np.array([covariances(one)[0] for _, one in windows(months, "deaths", 12 + LAGS, least, most)])
        shape = 1 / np.maximum(wide, 0.02)
        print(f"  {least} to {most} deaths a month: shape {quantiles(shape)} in {len(shape)} windows of two years")


def decay(after: pd.DataFrame) -> tuple[float, float]:
    """Power by which deaths fall with a truce's age, and a month's dispersion: every truce has a level of its own."""
    _, truce = np.unique(after["truce"], return_inverse=True)
    y, age = after["deaths"].to_numpy(float), np.log1p(WEEKS * after["month"].to_numpy(float)) - np.log1p(26)

    def minus(at: np.ndarray) -> tuple[float, np.ndarray]:
        shape, level = np.exp(at[1]), at[2:]
        mean = np.exp(np.clip(level[truce] - at[0] * age, -20, 15))
        log = gammaln(y + shape) - gammaln(shape) + shape * np.log(shape / (shape + mean))
        log += y * np.log(np.maximum(mean, 1e-12) / (shape + mean))
        slope = y - (y + shape) * mean / (shape + mean)
        by_shape = (
            digamma(y + shape) - digamma(shape) + np.log(shape / (shape + mean)) + 1 - (shape + y) / (shape + mean)
        )
        grad = np.concatenate([[-(slope * age).sum(), shape * by_shape.sum()], np.bincount(truce, slope)])
        return -log.sum() + 0.5 * (((level - 1) / 3) ** 2).sum(), -grad + np.concatenate([[0, 0], (level - 1) / 9])

    found = minimize(minus, np.r_[0.3, -0.5, np.ones(truce.max() + 1)], jac=True, method="L-BFGS-B").x
    return float(found[0]), float(np.exp(found[1]))


def truces(data: Path, episodes: pd.DataFrame, most: int) -> pd.DataFrame:
    """Deaths by month after each cease-fire or agreement, while it held and no other conflict of the state went on."""
    monthly = country_months(data / "violence")
    alone = np.isfinite(after_the_end(data / "recurrence", episodes))
    rows = []
    for k in np.flatnonzero(alone & episodes["outcome_label"].isin(ENDED).to_numpy()):
        one, end = episodes.iloc[k], pd.Timestamp(episodes["end"].iloc[k])
        until = pd.to_datetime(one["next_start"], errors="coerce")
        months = 12 * end.year + end.month + np.arange(1, most + 1)
        held = months < min(monthly.last, np.inf if pd.isna(until) else 12 * until.year + until.month)
        count = sum(monthly.deaths(place, months) for place in one["location"].split(", "))
        rows += [(k, one["conflict_id"], m, c) for m, c, h in zip(range(1, most + 1), count, held, strict=True) if h]
    return pd.DataFrame(rows, columns=["truce", "conflict", "month", "deaths"])


def resampled(after: pd.DataFrame) -> list[float]:
    """The decay with whole truces drawn anew."""
    parts = dict(list(after.groupby("truce")))
    found = []
    for _ in range(100):
        picks = RNG.choice(list(parts), len(parts))
        found.append(decay(pd.concat([parts[p].assign(truce=j) for j, p in enumerate(picks)]))[0])
    return found


def threat(data: Path, episodes: pd.DataFrame) -> None:
    """Slope of the log hazard of being back on ln(1 + deaths a year after the end); all endings since 1989."""
    deaths_after = after_the_end(data / "recurrence", episodes)
    end = pd.to_datetime(episodes["end"])
    entered = (pd.to_datetime((episodes["lastyear"] + 2).astype(str) + "-01-01") - end).dt.days.to_numpy() / 7
    back = (pd.to_datetime(episodes["next_start"], errors="coerce") - end).dt.days.to_numpy() / 7
    back = np.where(np.isfinite(back), back, np.inf)
    left = np.minimum(260.0, (pd.Timestamp(int(episodes["lastyear"].max()), 12, 31) - end).dt.days.to_numpy() / 7)
    for name, labels in (("all endings", None), ("cease-fires and agreements", ENDED)):
        use = np.isfinite(deaths_after) & (left > entered) & (back > entered)
        use &= episodes["outcome_label"].isin(labels).to_numpy() if labels else True
        level, conflict = log_level(deaths_after)[use], episodes["conflict_id"].to_numpy()[use]
        fell = (back < left)[use]
        until = np.minimum(back, left)[use]
        watched = summed(until, 1.0, DECAY) - summed(entered[use], 1.0, DECAY)

        def fit(rows: np.ndarray, level=level, fell=fell, watched=watched) -> np.ndarray:
            def minus(at: np.ndarray) -> float:
                log = at[0] + at[1] * level[rows]
                return float((np.exp(log) * watched[rows]).sum() - (fell[rows] * log).sum())

            return minimize(minus, [-6.0, 0.2], method="BFGS").x

        best, slopes = fit(np.arange(len(level))), []
        for _ in range(200):
            picks = RNG.choice(np.unique(conflict), len(np.unique(conflict)))
            slopes.append(fit(np.concatenate([np.flatnonzero(conflict == c) for c in picks]))[1])
        print(f"collapse_threat, {name}: {best[1]:.3f}, conflicts drawn anew {quantiles(slopes)}; "
              f"{len(level)} ends, {fell.sum():.0f} back; {1000 * np.exp(best[0]):.2f} per 1,000 weeks")  # fmt: skip


def main() -> None:
    """Print everything."""
    data = Path(sys.argv[1])
    months = pd.read_csv(data / "violence" / "violence_country_month_nonzero_1989_2024.csv")
    months["at"] = 12 * months["year"] + months["month"]
    months["deaths"], months["events"] = months["all_early"], months[["n_sb", "n_ns", "n_os"]].sum(axis=1, min_count=1)
    heat(months)
    print("outside_dispersion and war_dispersion:")
    deaths(months)
    episodes = pd.read_csv(data / "recurrence" / "episode_recurrence.csv")
    episodes = episodes[episodes["lastyear"] >= 1989].reset_index(drop=True)
    episodes = episodes[~episodes["location"].str.contains("Israel")].reset_index(drop=True)
    for most in (12, 18):
        after = truces(data, episodes, most)
        after = after[after.groupby("truce")["deaths"].transform("sum") > 0]
        print(f"outside_decay, {most} months, {after['truce'].nunique()} truces: {decay(after)[0]:.2f}, drawn anew "
              f"{quantiles(resampled(after))}")  # fmt: skip
    year = truces(data, episodes, 12).groupby(["conflict", "truce"])["deaths"].agg(["sum", "count"]).reset_index()
    high = year[(year["sum"] >= 50) & (year["count"] >= 6)]
    log = np.log(high["sum"] * 12 / high["count"])
    pairs = log.groupby(high["conflict"]).transform("count") > 1
    apart = (log - log.groupby(high["conflict"]).transform("mean"))[pairs]
    free = pairs.sum() - high["conflict"][pairs].nunique()
    print(f"log spread of truces of a conflict: {np.sqrt((apart**2).sum() / max(free, 1)):.2f} ({pairs.sum()} truces)")
    threat(data, episodes)
    bank = shipped("retrodiction")
    for kind in ("war", "insurgency", "gangs", "truce", "postwar"):
        belief = killed_by_kind(bank, kind)
        print(f"{kind}: {belief.best:.2g} ({belief.low:.2g} to {belief.high:.2g}) deaths a week per 1,000 armed, "
              f"{int(((bank['conflict'] == kind) & bank['deaths'].notna()).sum())} missions")  # fmt: skip


if __name__ == "__main__":
    main()
