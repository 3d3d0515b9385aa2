"""Defects of daily bars: openings of 0, bent ranges, days without trade, big moves."""

from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

from seqshift import bars, textfile
from seqshift.sources.yahoo import HEADER

# Rule -> damaged rows of a file.
_COUNTS = {"F1": 2, "F2": 2, "F3": 3, "F4": 1}
_JUMP = 0.6  # log return that a big move adds; splits in the simulation never cause it
_QUIET = 0.1  # log return below which a row may be damaged
_APART = 4  # rows between two damages, so that none touches another


def spoil(folder: Path, rng: np.random.Generator) -> dict[str, int]:
    """Damage the simulated files; return the rows that will be flagged by rule."""
    counts: Counter[str] = Counter()
    for path in textfile.find(folder).values():
        rows = pd.read_csv(path, dtype="str", na_filter=False)
        names = dict(zip(bars.COLUMNS, HEADER[1:], strict=True))
        if "Adj Close" not in rows:
            names["close_adj"] = "Close"
        counts.update(damage(rows, names, [], rng))
        rows.to_csv(path, index=False, lineterminator="\n")
    return dict(counts)


def damage(
    rows: pd.DataFrame,
    names: dict[str, str],
    further: list[str],
    rng: np.random.Generator,
) -> dict[str, int]:
    """Damage the bars of one company in place; return the rows flagged by rule.

    `rows` are text in the order of time, `names` the columns of bars.COLUMNS, and
    `further` those of other prices.
    """
    moves = np.log(rows[names["close_adj"]].astype("float64")).diff().abs()
    quiet = moves.rolling(3, center=True).max() < _QUIET
    free = [row for row in range(_APART, len(rows) - _APART, _APART) if quiet[row]]
    places = iter(sorted(rng.choice(free, sum(_COUNTS.values()), replace=False)))
    chosen = {rule: [next(places) for _ in range(n)] for rule, n in _COUNTS.items()}
    low, high, close = (names[name] for name in ("low", "high", "close"))
    prices = [names["open"], high, low]
    rows.loc[chosen["F1"], names["open"]] = "0.000000"
    first, second = chosen["F2"]
    rows.loc[first, low] = rows.loc[first, high]
    rows.loc[second, high] = rows.loc[second, low]
    for row in chosen["F3"]:
        rows.loc[row, names["volume"]] = "0"
        rows.loc[row, prices] = rows.loc[row - 1, close]
        for column in {close, names["close_adj"]}:
            rows.loc[row, column] = rows.loc[row - 1, column]
    (start,) = chosen["F4"]
    for column in dict.fromkeys([*prices, close, names["close_adj"], *further]):
        later = rows.loc[start:, column].astype("float64") * np.exp(_JUMP)
        rows.loc[start:, column] = later.map("{:.6f}".format)
    before = int((moves > bars.BIG_MOVE).sum())
    return _COUNTS | {"F4": before + 1}
