"""A simulated market whose volatility, signal and shifts are known exactly.

Log volatility returns to the level of a state (calm, stress, crash), a volatility index
shows it, and returns are a common factor plus own noise (Student t, 5 degrees) around
a mean that a model can learn: reversal of the last return and yesterday's index. Where
entities have sectors, a factor of each sector takes the place of part of the own noise.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.signal import lfilter

from seqshift import sessions as exchange
from seqshift.errors import BadInput, choose

SHIFTS = ("none", "covariate", "concept", "both", "noise")
STRICT = {"shift": "none", "crises": []}
CALM, STRESS, CRASH = 0.0, 0.7, 1.5  # levels of log volatility
LEAVE_CALM, LEAVE_STRESS = 0.01, 0.04  # probability a session
MEMORY, RIPPLE, INDEX_BLUR = 0.97, 0.05, 0.05  # of log volatility
SIGMA, SESSIONS = 0.010, 252  # daily volatility at level 0; sessions a year
COMMON, OWN = 0.75, 0.66  # weights of factor and own noise
SECTOR = 0.40  # weight of a sector's factor; own noise then OWN**2 - SECTOR**2
REVERSAL, PREMIUM, INDEX_SCALE, INDEX_MEAN = -0.30, 0.25, 1900.0, 0.0084
LEVEL_SHIFT, NOISE_SHIFT = 0.45, 0.6  # at strength 1


@dataclass(frozen=True)
class World:
    """The truth of a simulated market."""

    seed: int
    sessions: pd.DatetimeIndex
    shift_start: pd.Timestamp
    returns: pd.DataFrame  # (session, entity) log returns
    drift: pd.DataFrame  # (session, entity) expected log returns given the past
    vix: pd.Series  # (session,) percent a year
    sigma: pd.Series  # (session,) daily volatility that the index shows
    beta: pd.Series  # (entity,)

    def bars(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """Yield each entity with its daily bars, equal in all sources of this world.

        Columns date, open, high, low, close, close_adj (dollars) and volume (shares).
        The adjusted closes have the true returns; every 63 sessions a dividend of
        0.4 % parts them from the closes.
        """
        for place, (name, returns) in enumerate(self.returns.items()):
            draw = np.random.default_rng([self.seed, 2, place])
            values = _bars(returns.to_numpy(), self.sigma.to_numpy(), draw)
            yield name, pd.DataFrame({"date": self.sessions} | values)


def make(spec: dict) -> World:
    """Return the world of `spec`; the same spec gives the same numbers.

    The shift acts from the first day of the test era and scales with `strength`; all
    before it is equal in worlds that differ only in shift, strength or test years. The
    shift `strict` is none without crises.

    Raises
    ------
    BadInput
        If the shift is unknown or the strength is outside [0, 1].
    """
    if spec["shift"] == "strict":
        spec = spec | STRICT
    if spec["shift"] not in SHIFTS:
        raise choose("shift", spec["shift"], [*SHIFTS, "strict"])
    if not 0 <= spec["strength"] <= 1:
        raise BadInput(f"strength {spec['strength']} of a world is not within [0, 1]")
    sessions, shift_start = _calendar(spec)
    size = _sizes(spec, sessions >= shift_start)
    states, waves, draws = np.random.SeedSequence(spec["seed"]).spawn(3)
    level = _states(states, sessions, spec["crises"]) + LEVEL_SHIFT * size["covariate"]
    sigma, vix = _volatility(waves, level)
    names = list(spec["entities"])
    beta, shocks = _shocks(draws, len(sessions), _sectors(spec, names))
    noise = ((1 + NOISE_SHIFT * size["noise"]) * sigma)[:, None] * shocks
    returns = _returns(noise, vix, 1 - 2 * size["concept"])
    return World(
        seed=spec["seed"],
        sessions=sessions,
        shift_start=shift_start,
        returns=pd.DataFrame(returns, sessions, names),
        drift=pd.DataFrame(returns - noise, sessions, names),
        vix=pd.Series(vix, sessions),
        sigma=pd.Series(sigma, sessions),
        beta=pd.Series(beta, names),
    )


def _sizes(spec: dict, late: np.ndarray) -> dict[str, np.ndarray]:
    """Return the strength of each kind of shift on each session."""
    shift = spec["shift"]
    active = {"covariate", "concept"} if shift == "both" else {shift}
    kinds = ("covariate", "concept", "noise")
    return {kind: (kind in active) * spec["strength"] * late for kind in kinds}


def _calendar(spec: dict) -> tuple[pd.DatetimeIndex, pd.Timestamp]:
    """Return the sessions and the first day of the test era."""
    before = spec["train_years"] + spec["val_years"]
    shift_start = pd.Timestamp(spec["start"]) + pd.DateOffset(years=before)
    end = shift_start + pd.DateOffset(years=spec["test_years"], days=-1)
    return exchange.between(spec["start"], end), shift_start


def _sectors(spec: dict, names: list[str]) -> list[str]:
    """Return the sector of each entity, "" without one."""
    sectors = spec.get("sectors", {})
    if unknown := sorted(set(sectors) - set(names)):
        raise BadInput(f"{unknown[0]} has a sector but is no entity of its world")
    return [sectors.get(name, "") for name in names]


def _states(
    states: np.random.SeedSequence, sessions: pd.DatetimeIndex, crises: list[dict]
) -> np.ndarray:
    """Return the level of log volatility of each session, crises forced."""
    # Stays in the two states of the Markov chain are geometric.
    calm, stress = (np.random.default_rng(child) for child in states.spawn(2))
    count = len(sessions)
    stays = [calm.geometric(LEAVE_CALM, count), stress.geometric(LEAVE_STRESS, count)]
    level = np.tile([CALM, STRESS], count).repeat(np.stack(stays, 1).ravel())[:count]
    for crisis in crises:
        first = sessions.searchsorted(pd.Timestamp(crisis["start"]))
        level[first : first + crisis["days"]] = CRASH
    return level


def _volatility(
    waves: np.random.SeedSequence, level: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return daily volatility and the index, both (session,)."""
    ripple, blur = (
        np.random.default_rng(child).standard_normal(len(level))
        for child in waves.spawn(2)
    )
    steps = (1 - MEMORY) * level + RIPPLE * ripple
    sigma = SIGMA * np.exp(lfilter([1.0], [1.0, -MEMORY], steps))
    return sigma, 100 * sigma * np.sqrt(SESSIONS) * np.exp(INDEX_BLUR * blur)


def _shocks(
    draws: np.random.SeedSequence, count: int, sectors: list[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Return beta (entity,) and unscaled shocks (session, entity)."""
    betas, factor, *own = draws.spawn(2 + len(sectors))
    beta = np.random.default_rng(betas).uniform(0.8, 1.4, len(sectors))
    alone = np.stack([_student(child, count) for child in own], 1)
    shared = np.zeros_like(alone)
    for sector in sorted(set(sectors) - {""}):
        members = [name == sector for name in sectors]
        shared[:, members] = _student(*draws.spawn(1), count)[:, None]
    weight = [np.sqrt(OWN**2 - SECTOR**2) if sector else OWN for sector in sectors]
    common = COMMON * beta * _student(factor, count)[:, None]
    return beta, common + SECTOR * shared + weight * alone


def _returns(noise: np.ndarray, vix: np.ndarray, sign: np.ndarray) -> np.ndarray:
    """Return r_t = sign_t (REVERSAL r_{t-1} + premium of vix_{t-1}) + noise_t."""
    before = np.concatenate([vix[:1], vix[:-1]])
    premium = PREMIUM * (before / INDEX_SCALE - INDEX_MEAN)
    pushed = noise + (sign * premium)[:, None]
    returns = np.empty_like(noise)
    last = np.zeros(noise.shape[1])
    for day, push in enumerate(pushed):  # the sign makes the recursion vary in time
        last = push + sign[day] * REVERSAL * last
        returns[day] = last
    return returns


def _student(sequence: np.random.SeedSequence, count: int) -> np.ndarray:
    """Return Student t draws with 5 degrees of freedom and variance 1."""
    return np.random.default_rng(sequence).standard_t(5, count) * np.sqrt(3 / 5)


def _bars(
    returns: np.ndarray, sigma: np.ndarray, draw: np.random.Generator
) -> dict[str, np.ndarray]:
    """Return plausible bars whose adjusted closes have these log returns."""
    growth = np.exp(np.cumsum(returns))
    adjusted = 20.0 * growth / growth.min()  # six decimals keep the returns exact
    quarters = np.arange(len(returns)) // 63
    close = adjusted / (1 - 0.004) ** (quarters[-1] - quarters)
    wiggle = sigma * draw.standard_normal((3, len(returns)))  # (open high low, session)
    opening = close * np.exp(0.5 * wiggle[0] - returns)
    volume = draw.lognormal(14.0, 0.3, len(returns)) * (1 + np.abs(returns) / sigma)
    return {
        "open": opening,
        "high": np.maximum(opening, close) * np.exp(0.5 * np.abs(wiggle[1])),
        "low": np.minimum(opening, close) * np.exp(-0.5 * np.abs(wiggle[2])),
        "close": close,
        "close_adj": adjusted,
        "volume": np.rint(volume).astype("int64"),
    }
