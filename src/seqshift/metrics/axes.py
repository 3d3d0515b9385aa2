"""The temporal and the spatial axis: metrics of one run per entity."""

import numpy as np
import pandas as pd

from seqshift.metrics import panel as panels
from seqshift.metrics import ratios
from seqshift.metrics.entries import Entry, status
from seqshift.metrics.errors import skill
from seqshift.metrics.panel import Era, Errors, Panel
from seqshift.statistics.blocks import Draws

Cells = dict[str, Errors]


def temporal(
    cells: Cells,
    eras: dict[str, Era],
    seen: np.ndarray,
    underfit: np.ndarray,
    least: int,
) -> list[Entry]:
    """Return G of the whole test era, its train-normalised form and `loses_to_naive`.

    `loses_to_naive` is ln(RMSE / RMSE of the naive forecast) in the test era,
    `loses_to_naive_id` the same on the held-out days of the train era.
    """
    train, held, test = (_take(cells[name], seen) for name in ("train", "id", "test"))
    seed, corr = ratios.g_ratio(
        test.rmse, train.rmse, held.rmse, test.naive_rmse, held.naive_rmse
    )
    norm = ratios.g_norm(test.rmse, train.rmse, test.naive_rmse, train.naive_rmse)
    loss, held_loss = (ratios.log_ratio(c.rmse, c.naive_rmse) for c in (test, held))
    count = [cell.count[:, 0] for cell in (test, train, held)]
    draws = {name: era.draws.blocks for name, era in eras.items()}
    against = {"train": min(draws["test"], draws["train"])}
    against["id"] = min(draws["test"], draws["id"])

    def entry(metric, column, values, counts, number):
        state = status(values[:, 0], counts, underfit, least)
        key = ("temporal", "", "", metric, column)
        return Entry(*key, seen, values, counts[0], state, number)

    return [
        entry("g_ratio", "seed", seed, count[:2], against["train"]),
        entry("g_ratio", "corr", corr, [count[0], count[2]], against["id"]),
        entry("g_norm", "info", norm[:, :1], count[:2], 0),
        entry("loses_to_naive", "corr", loss, count[:1], draws["test"]),
        entry("loses_to_naive_id", "info", held_loss, count[2:], draws["id"]),
    ]


def quarters(
    panel: Panel,
    masks: dict[str, np.ndarray],
    cells: Cells,
    eras: dict[str, Era],
    seen: np.ndarray,
    underfit: np.ndarray,
    least: int,
) -> list[Entry]:
    """Return G and `loses_to_naive` of each test quarter, not resampled."""
    days = eras["test"].days
    labels = panel.days[days].to_period("Q")
    names, starts = np.unique(labels.asi8, return_index=True)
    stops = np.append(starts[1:], len(days))
    draws = Draws(len(days), starts[:, None], stops[:, None], len(names))
    test = _take(panels.measure(panel, masks["test"], Era(days, draws)), seen)
    train, held = (_take(cells[name], seen, 1) for name in ("train", "id"))
    seed, corr = ratios.g_ratio(
        test.rmse, train.rmse, held.rmse, test.naive_rmse, held.naive_rmse
    )
    loss = ratios.log_ratio(test.rmse, test.naive_rmse)
    found = []
    for place, label in enumerate(pd.PeriodIndex.from_ordinals(names, freq="Q")):
        count = test.count[:, place]
        for column, all_quarters in (("seed", seed), ("corr", corr)):
            other = train if column == "seed" else held
            values = all_quarters[:, [place]]
            counts = [count, other.count[:, 0]]
            state = status(values[:, 0], counts, underfit, least)
            key = ("temporal", "", str(label), "g_ratio", column)
            found.append(Entry(*key, seen, values, count, state))
        values = loss[:, [place]]
        state = status(values[:, 0], [count], underfit, least)
        key = ("temporal", "", str(label), "loses_to_naive", "corr")
        found.append(Entry(*key, seen, values, count, state))
    return found


def spatial(
    cells: Cells,
    eras: dict[str, Era],
    entities: tuple[np.ndarray, np.ndarray],
    scale: np.ndarray,
    weak: np.ndarray,
    least: int,
) -> list[Entry]:
    """Return the transfer gap of each unseen entity; `entities` = (seen, unseen).

    Its twin in the test era is an info row. Both sides are drawn on the same days.
    """
    seen, unseen = entities
    home = {name: _take(cells[name], seen) for name in ("train", "id", "test")}
    away = {name: _take(cells[f"unseen {name}"], unseen) for name in home}
    # An entity of few windows is judged by no test, so it must not move the others.
    enough = away["train"].count[:, :1] >= least
    seed, corr = ratios.transfer_gap(
        np.where(enough, away["train"].mae / scale[unseen, None], np.nan),
        home["train"].mae / scale[seen, None],
        away["id"].mae,
        away["id"].naive_mae,
        home["id"].mae,
        home["id"].naive_mae,
    )
    later = [side["test"] for side in (away, home)]
    parts = [array for side in later for array in (side.mae, side.naive_mae)]
    _, after = ratios.transfer_gap(later[0].mae, later[1].mae, *parts)
    found = []
    for metric, column, values, name, number in (
        ("transfer_gap", "seed", seed, "train", eras["train"].draws.blocks),
        ("transfer_gap", "corr", corr, "id", eras["id"].draws.blocks),
        ("transfer_gap_test", "info", after[:, :1], "test", 0),
    ):
        count = away[name].count[:, 0]
        state = status(values[:, 0], [count], weak, least)
        key = ("spatial", "", "", metric, column)
        found.append(Entry(*key, unseen, values, count, state, number))
    return found


def information(
    cells: Cells, prefix: str, axis: str, rows: np.ndarray, least: int
) -> list[Entry]:
    """Return errors, naive errors (raw units) and skill of train, id and test."""
    found = []
    for name in ("train", "id", "test"):
        cell = _take(cells[prefix + name], rows, 1)
        measures = {
            f"rmse_{name}": cell.rmse,
            f"mae_{name}": cell.mae,
            f"rmse_naive_{name}": cell.naive_rmse,
            f"mae_naive_{name}": cell.naive_mae,
            f"skill_{name}": skill(cell.rmse, cell.naive_rmse),
        }
        count = cell.count[:, 0]
        for metric, values in measures.items():
            state = status(values[:, 0], [count], np.array(False), least)
            key = (axis, "", "", metric, "info")
            found.append(Entry(*key, rows, values, count, state))
    return found


def _take(cell: Errors, rows: np.ndarray, replicates: int | None = None) -> Errors:
    """Return the measures of some entities, and of the first replicates if asked."""
    return Errors(
        *(
            getattr(cell, name)[rows, :replicates]
            for name in ("count", "rmse", "mae", "naive_rmse", "naive_mae")
        )
    )
