"""How often the statistics err in worlds where the truth is known.

Run `PYTHONPATH=src python benchmarks/calibration.py > docs/calibration.md` (about ten
minutes on one core). Every row states its replications and its Monte-Carlo error; the
bands were fixed before any number was seen. tests/statistics/test_calibration.py runs
the same functions with fewer replications.
"""

import sys
import time
from dataclasses import dataclass, replace

import numpy as np
from scipy.signal import lfilter

from seqshift.statistics import blocks, multiplicity, permutation, verdicts
from seqshift.statistics.effects import Effect, infer

ALPHA = 0.05
COVERAGE, LEVEL, RATE = (0.92, 0.98), (0.02, 0.08), (0.0, 0.05)


@dataclass(frozen=True)
class Row:
    """A share of replications, and the band in which it was to lie."""

    what: str
    setting: str
    share: float
    count: int
    band: tuple[float, float]
    note: str = ""

    @property
    def error(self) -> float:
        return float(np.sqrt(self.share * (1 - self.share) / self.count))

    @property
    def inside(self) -> bool:
        return self.band[0] <= self.share <= self.band[1]


# --- intervals ------------------------------------------------------------------------
def table(rng, seeds, entities, by_seed=0.1, by_entity=0.2, rest=0.1) -> np.ndarray:
    """Return (seed, entity) values whose true mean is 0."""
    return (
        by_seed * rng.normal(size=(seeds, 1))
        + by_entity * rng.normal(size=(1, entities))
        + rest * rng.normal(size=(seeds, entities))
    )


def interval_rows(name: str, setting: str, effects: list[Effect]) -> list[Row]:
    """Return coverage of the truth 0 and the level of the one-sided test."""
    ends = np.array([effect.interval(ALPHA) for effect in effects])
    covered = float(((ends[:, 0] <= 0) & (ends[:, 1] >= 0)).mean())
    false = float(np.mean([effect.above <= ALPHA for effect in effects]))
    bias = np.mean([effect.mean for effect in effects])
    note = f"mean of the estimate {bias:+.3f}"
    count = len(effects)
    return [
        Row(f"coverage, {name}", setting, covered, count, COVERAGE, note),
        Row(f"one-sided level, {name}", setting, false, count, LEVEL),
    ]


def seeds_and_entities(
    count: int, seeds: int, entities: int, rng, by_seed: float = 0.1
) -> list[Row]:
    """Seeds and entities vary, periods do not."""
    tables = (table(rng, seeds, entities, by_seed) for _ in range(count))
    found = [infer(values, 0.0, 9, 0.0) for values in tables]
    setting = f"{seeds} × {entities}, deviation over seeds {by_seed:g}"
    return interval_rows("seeds and entities", setting, found)


@dataclass(frozen=True)
class World:
    """Daily errors with a common volatility that is slow to change; its truth is G = 1.

    Days of the train era, of the test era and of a year; the ID test has `held` blocks
    of `block` days inside the train era.
    """

    seeds: int = 3
    entities: int = 8
    train: int = 8 * 252
    test: int = 4 * 252
    year: int = 252
    held: int = 5
    block: int = 40
    persistence: float = 0.985
    volatility: float = 0.5

    def errors(self, rng) -> tuple[np.ndarray, np.ndarray]:
        """Return errors of the model, (seed, entity, day), and of the naive one."""
        days = self.train + self.test
        shock = np.sqrt(1 - self.persistence**2) * rng.normal(size=days + 1000)
        level = self.volatility * lfilter([1], [1, -self.persistence], shock)[1000:]
        naive = np.exp(level) * rng.normal(size=(self.entities, days))
        own = rng.normal(size=(self.seeds, self.entities, days))
        model = 0.7 * naive + 0.2 * np.exp(level) * own
        # Models differ in how they fare in the test era, around no change.
        moved = np.exp(table(rng, self.seeds, self.entities, 0.03, 0.1, 0.03))
        model[..., self.train :] *= moved[..., None]
        return model, naive


def logs(squares: np.ndarray, draws: blocks.Draws) -> np.ndarray:
    """Return ln RMSE (..., replicate) over the drawn days."""
    flat = squares.reshape(-1, squares.shape[-1])
    total = blocks.sums(flat, draws)
    days = blocks.sums(np.ones((1, squares.shape[-1])), draws)
    found = 0.5 * np.log(total / days)
    return found.reshape(*squares.shape[:-1], -1)


def periods(world: World, column: str, resamples: int, rng) -> Effect:
    """Return the effect of one world: column `seed` (train) or `corr` (ID, naive)."""
    model, naive = (error**2 for error in world.errors(rng))
    test = blocks.circular(world.test, world.year, resamples, rng)
    if column == "seed":
        near = blocks.circular(world.train, world.year, resamples, rng)
    else:
        starts = np.linspace(0, world.train - world.block, world.held).astype(int)
        edges = np.array([starts, starts + world.block]).T
        # As in `score`: days of the ID test stand in a row, block after block.
        place = np.concatenate([np.arange(*edge) for edge in edges])
        near = blocks.pick(blocks.runs(place, world.block), resamples, rng)

    def ratio(squares: np.ndarray) -> np.ndarray:
        early = squares[..., : world.train]
        if column != "seed":
            early = early[..., place]
        return logs(squares[..., world.train :], test) - logs(early, near)

    values = ratio(model) - (ratio(naive) if column == "corr" else 0)
    drawn = values[..., 1:].mean(axis=(0, 1))
    number = min(test.blocks, near.blocks)
    return infer(values[..., 0], float(drawn.var(ddof=1)), number, 0.0)


def date_blocks(
    world: World, column: str, count: int, resamples: int, rng
) -> list[Row]:
    """Seeds, entities and periods vary."""
    found = [periods(world, column, resamples, rng) for _ in range(count)]
    names = {
        "seed": "one-year date blocks",
        "id": "ID blocks, not normalised",
        "corr": "ID blocks, naive-normalised",
    }
    sizes = f"{world.seeds} × {world.entities}; test {world.test // world.year} years"
    near = f"train {world.train // world.year} years"
    near = near if column == "seed" else f"ID {world.held} × {world.block} days"
    memory = "" if world.persistence else ", no memory"
    return interval_rows(names[column] + memory, f"{sizes}, {near}", found)


# --- permutation ----------------------------------------------------------------------
def permutation_level(count: int, years: int, test: int, rng) -> Row:
    """Years are exchangeable vectors of mean attributions: a strict null."""
    chosen = np.arange(years) >= years - test
    shape = rng.gamma(2, size=42)
    p = [
        permutation.permute(shape * rng.gamma(20, size=(years, 42)), chosen, 999, rng)
        for _ in range(count)
    ]
    share = float(np.mean([one["p"] <= ALPHA for one in p]))
    setting = f"{years - test} + {test} years, 42 cells"
    return Row("level of Cos-Drift", setting, share, count, LEVEL)


# --- families -------------------------------------------------------------------------
def family(truth: np.ndarray, rng, seeds=3, entities=8, years=6) -> list[Effect]:
    """Return the effects of correlated tests whose true means are given.

    Tests share entities and the course of periods, as the models of a domain do.
    """
    common = 0.15 * rng.normal(size=(1, entities))
    period = 0.1 * rng.normal()
    found = []
    for mean in truth:
        values = table(rng, seeds, entities, 0.03, 0.1, 0.05) + common
        moved = 0.9 * period + 0.1 * np.sqrt(1 - 0.9**2) * rng.normal()
        variance = 0.1**2 * rng.chisquare(years - 1) / years
        found.append(infer(mean + values + moved, variance, years, np.log(1.5)))
    return found


def judged(truth: np.ndarray, rng, method: str = "bh") -> np.ndarray:
    """Return the verdicts on a family with two columns of the same true means."""
    seed, corr = family(truth, rng), family(truth, rng)
    p = [
        verdicts.failing(one.above, other.above)
        for one, other in zip(seed, corr, strict=True)
    ]
    fine = [
        verdicts.passing(one.below, other.below)
        for one, other in zip(seed, corr, strict=True)
    ]
    q = [multiplicity.adjust(np.array(each), method) for each in (p, fine)]
    return verdicts.decide(*q, np.full(len(truth), "ok"), ALPHA)


def discovery(count: int, tests: int, rng) -> list[Row]:
    """All nulls are true: any discovery is false, so the rate is that of a family."""
    bar, rows = np.log(1.5), []
    for name, mean in (("G = 1", 0.0), ("G at the threshold", bar)):
        truth = np.full(tests, mean)
        found = [(judged(truth, rng) == "fails").any() for _ in range(count)]
        setting = f"{tests} correlated tests, {name}, two columns"
        share = float(np.mean(found))
        rows.append(Row("false discovery rate, BH", setting, share, count, RATE))
    for method in ("bh", "by"):
        found = []
        for _ in range(count):
            p = np.array([one.above for one in family(np.full(tests, bar), rng)])
            found.append((multiplicity.adjust(p, method) <= ALPHA).any())
        setting = f"{tests} correlated tests at the threshold, one column"
        name = f"false discovery rate, {method.upper()}"
        rows.append(Row(name, setting, float(np.mean(found)), count, RATE))
    return rows


def errors_of_verdicts(count: int, tests: int, rng) -> list[Row]:
    """Judge families of which a third fails, a third does not and a third is at 1.5."""
    truth = np.repeat(np.log([2.2, 1.0, 1.5]), tests // 3)
    fails, passes = truth > np.log(1.5), truth < np.log(1.5)
    false = {"fails": [], "does not fail": []}
    right = {"fails": [], "does not fail": []}
    for _ in range(count):
        found = judged(truth, rng)
        for name, true in (("fails", fails), ("does not fail", passes)):
            called = found == name
            false[name].append((called & ~true).sum() / max(called.sum(), 1))
            right[name].append((called & true).sum() / true.sum())
    setting = f"{tests} tests: a third at G = 2.2, 1 and 1.5 each"
    rows = []
    for name, values in false.items():
        note = f"power {np.mean(right[name]):.2f}"
        share = float(np.mean(values))
        rows.append(Row(f'wrong among "{name}"', setting, share, count, RATE, note))
    return rows


# --- the page -------------------------------------------------------------------------
def study(scale: float = 1.0) -> list[Row]:
    """Return all rows; `scale` multiplies the replications."""

    def times(count: int) -> int:
        return max(20, round(scale * count))

    rng = np.random.default_rng(20240801)
    rows = []
    for seeds in (3, 10):
        for entities in (5, 43, 61):
            rows += seeds_and_entities(times(4000), seeds, entities, rng)
    for by_seed in (0.0, 0.1):  # a baseline has no seeds, a lone network hides them
        rows += seeds_and_entities(times(4000), 1, 8, rng, by_seed)
    short, long = World(), World(train=14 * 252, test=7 * 252, held=9)
    for world in (short, long):
        for column in ("seed", "id", "corr"):
            rows += date_blocks(world, column, times(2000), 300, rng)
    forgetful = replace(long, persistence=0.0)
    rows += date_blocks(forgetful, "seed", times(2000), 300, rng)
    rows += [
        permutation_level(times(2000), *years, rng)
        for years in ((12, 4), (9, 5), (21, 7))
    ]
    rows += discovery(times(1000), 60, rng)
    rows += errors_of_verdicts(times(500), 60, rng)
    return rows


def page(rows: list[Row]) -> str:
    """Return the page of the documentation."""
    lines = [
        "| what | setting | share ± MC error | replications | band | inside | |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        band = f"{row.band[0]:g} to {row.band[1]:g}"
        share = f"{row.share:.3f} ± {row.error:.3f}"
        inside = "yes" if row.inside else "**no**"
        cells = (row.what, row.setting, share, row.count, band, inside, row.note)
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    start = time.perf_counter()
    print(page(study(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0)), end="")
    print(f"{time.perf_counter() - start:.0f} s", file=sys.stderr)
