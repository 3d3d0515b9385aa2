"""Ranks of features and (feature, lag) cells, from train years to test years."""

import re
import string

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from seqshift.plotting import panels, style

NEEDED = "domain modality model seed entity level name reference test"
TOP = 10
GAP = 1.6  # rank steps between the features and the cells of a panel
LEVELS = ("feature", "cell")
DASHES = ("-", (0, (4, 1.5)), (0, (1.2, 1.2)))


@style.styled
def draw(tables: dict[str, pd.DataFrame]) -> Figure:
    """Draw slope charts from train rank to test rank per domain and model."""
    ranks = panels.table(tables, "ranks", NEEDED)
    ranks = ranks[ranks["entity"] == ""]
    if ranks.empty:
        return style.empty("No attribution ranks were computed in this run.")
    groups, models = panels.groups(ranks), style.order(ranks["model"])
    codes = {domain: _codes(part) for domain, part in ranks.groupby("domain")}
    rows = {group: 0.13 * (_size(panels.pick(ranks, group))) for group in groups}
    figure, grid = panels.grid(rows, models)
    for (group, model), panel in grid.items():
        own = panels.pick(ranks, group, model)
        if own.empty:
            style.note(panel, "no run")
            continue
        _panel(panel, own, codes[group[0]], _offset(panels.pick(ranks, group)))
        panel.set_xlabel(_agreement(own), fontsize=style.SMALL)
        if model == models[0]:
            key = "   ".join(f"{code} {name}" for name, code in codes[group[0]].items())
            panels.heading(panel, " · ".join(group), key)
        if panels.first(models, model):
            _sides(panel, _offset(panels.pick(ranks, group)))
    panels.legend(figure, _handles(panels.seeds(ranks)))
    return figure


def _mean(own: pd.DataFrame, level: str) -> pd.DataFrame:
    """Return ranks of the mean share over seeds; ties go by name."""
    part = own[own["level"] == level]
    share = part.groupby("name")[["reference", "test"]].mean().sort_index()
    return share.rank(ascending=False, method="first").astype(int)


def _agreement(own: pd.DataFrame) -> str:
    """Return how alike the ranks of all cells are, and how many stay in the top."""
    ranks = _mean(own, "cell")
    order = ranks["reference"].corr(ranks["test"], method="spearman")
    kept = int((ranks <= TOP).all(axis=1).sum())
    return f"ρ = {order:.2f}; {kept} of {TOP} stay"


def _offset(own: pd.DataFrame) -> float:
    features = own.loc[own["level"] == "feature", "name"].nunique()
    return min(features, TOP) + GAP


def _size(own: pd.DataFrame) -> float:
    return _offset(own) + TOP + 2.2


def _codes(ranks: pd.DataFrame) -> dict[str, str]:
    """Return a capital letter per feature of a domain."""
    names = sorted(ranks.loc[ranks["level"] == "feature", "name"].unique())
    letters = [*string.ascii_uppercase, *string.ascii_lowercase]
    return dict(zip(names, letters, strict=False))


def _split(name: str, codes: dict[str, str]) -> tuple[str, str]:
    """Return the feature of a cell and its short label, letter and lag."""
    owners = [one for one in codes if name.startswith(one)]
    if not owners:
        return "", name
    feature = max(owners, key=len)
    lag = re.search(r"\d+", name[len(feature) :])
    return feature, codes[feature] + (lag.group() if lag else "")


def _look(feature: str, codes: dict[str, str]) -> dict:
    place = list(codes).index(feature) if feature in codes else 7
    round_ = place // len(style.WHEEL)
    return {
        "color": style.WHEEL[place % len(style.WHEEL)],
        "ls": DASHES[round_ % len(DASHES)],
    }


def _panel(panel: Axes, own: pd.DataFrame, codes: dict[str, str], offset: float):
    for level, start in zip(LEVELS, (0.0, offset), strict=True):
        ranks = _mean(own, level)
        shown = ranks[(ranks <= TOP).any(axis=1)].clip(upper=TOP + 1)
        for name, row in shown.iterrows():
            _slope(panel, _split(name, codes), row, start, codes)
        if level == "cell" and (shown > TOP).any(axis=None):
            panel.axhline(start + TOP + 0.5, color=style.MUTED, lw=0.5, ls=":")
    panel.axhline(offset - GAP / 2 + 0.5, color=style.FAINT, lw=0.8)
    panel.set(xlim=(-0.45, 1.45), ylim=(offset + TOP + 1.8, 0.2))
    panel.set_xticks([0, 1], ["train", "test"])
    panel.set_yticks(*_ticks(own, offset))
    panel.tick_params(axis="y", length=0, pad=1)
    panel.spines[["left", "bottom"]].set_visible(False)


def _sides(panel: Axes, offset: float):
    put = {"rotation": 90, "ha": "right", "va": "center", "fontsize": style.SMALL}
    spot = {"transform": panel.get_yaxis_transform()}
    for name, middle in (
        ("feature", (offset - GAP + 1) / 2),
        ("(feature, lag) cell", offset + (TOP + 1) / 2),
    ):
        panel.text(-0.22, middle, name, **put, **spot)


def _slope(panel: Axes, label: tuple[str, str], row: pd.Series, start: float, codes):
    feature, text = label
    look = _look(feature, codes)
    ends = [start + row["reference"], start + row["test"]]
    stays = row.max() <= TOP
    bold = stays and abs(row["reference"] - row["test"]) >= 3
    alpha = 1 if stays else 0.45
    panel.plot([0, 1], ends, lw=1.8 if bold else 0.8, alpha=alpha, **look)
    panel.plot([0, 1], ends, ls="", marker="o", ms=2.6, color=look["color"])
    put = {"va": "center", "fontsize": style.SMALL, "color": style.INK}
    if row["reference"] <= TOP:
        panel.text(-0.08, ends[0], text, ha="right", **put)
    if row["test"] <= TOP:
        panel.text(1.08, ends[1], text, ha="left", **put)


def _ticks(own: pd.DataFrame, offset: float) -> tuple[list[float], list[str]]:
    count = min(own.loc[own["level"] == "feature", "name"].nunique(), TOP)
    features = [one for one in (1, 3, 5, 7, 10) if one <= count]
    cells = [1, 5, 10]
    places = [*features, *(offset + one for one in cells), offset + TOP + 1]
    return places, [*map(str, features), *map(str, cells), f">{TOP}"]


def _handles(seeds: str) -> list[Line2D]:
    ink = {"color": style.INK, "marker": "o", "ms": 2.6}
    return [
        Line2D([], [], lw=0.8, label=f"rank of the mean share over {seeds}", **ink),
        Line2D([], [], lw=1.8, label="moved 3 ranks or more", **ink),
        Line2D([], [], lw=0.8, alpha=0.45, label="entered or left the first 10", **ink),
        Line2D([], [], ls="", label="B7 = feature B at lag 7"),
    ]
