"""The G-Ratio of each test quarter, the quarters that fail, and Cos-Drift beneath."""

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from seqshift.plotting import drift_course, panels, style, timeline

NEEDED = "domain modality model seed entity slice period metric column value status"
QUARTER = r"^\d{4}Q[1-4]$"
BAND = (0.1, 0.9)  # quantiles over entities
LINES = {"seed": (0, (3, 1.5)), "corr": "-"}
NAIVE = (0, (5, 1.5, 1, 1.5))
APART = "baselines"  # in place of a modality


@style.styled
def draw(tables: dict[str, pd.DataFrame]) -> Figure:
    """Draw quarterly G-Ratios per domain, modality and model on the test timeline.

    A table `slices` (domain, slice, start, end) adds the extreme periods, a table
    `quarters` a row of panels with Cos-Drift beneath each row with G-Ratios.
    """
    scores = panels.table(tables, "scores", NEEDED)
    scores = scores[(scores["metric"] == "g_ratio") & (scores["slice"] == "")]
    whole = scores[scores["period"].astype(str).str.fullmatch(QUARTER)]
    if whole.empty:
        return style.empty("No quarterly G-Ratio was computed in this run.")
    tests = panels.table(tables, "tests", "domain metric threshold")
    spans = panels.table(tables, "slices", "domain slice start end")
    naive = whole[whole["model"] == style.NAIVE]
    whole = _apart(whole)
    groups, colours = panels.groups(whole), style.colours(whole["model"])
    drift = drift_course.tested(tables)
    rows = drift_course.below(groups, drift)
    models = {one: _models(whole, drift_course.above(one)) for one in rows}
    figure, grid = panels.grid(rows, models)
    shades: dict[str, str] = {}
    for (group, model), panel in grid.items():
        span = spans[spans["domain"] == group[0]]
        if group in groups:
            own = panels.pick(whole, group, model)
            limit = _threshold(tests, group[0])
            shades |= _panel(panel, own, span, limit, colours[model])
            if panel.lines:
                _baseline(panel, naive[naive["domain"] == group[0]])
        else:
            own = panels.pick(drift, group, model)
            drift_course.course(panel, own, span, colours[model])
    _scales(groups, models, grid, tests)
    figure.supxlabel("quarter of the test era", fontsize=style.NORMAL)
    panels.legend(figure, _handles(shades, tests) + drift_course.handles(drift))
    return figure


def _scales(groups: list, models: dict, grid: dict, tests: pd.DataFrame):
    """Give the panels of each group, and of the drift beneath it, their axes."""
    for group, names in models.items():
        own = {model: grid[group, model] for model in names}
        if group in groups:
            _scale(names, own, _threshold(tests, group[0]))
        else:
            twins = {model: grid[drift_course.above(group), model] for model in own}
            drift_course.scale(names, own, twins)


def _panel(
    panel: Axes,
    own: pd.DataFrame,
    span: pd.DataFrame,
    threshold: float | None,
    colour: str,
) -> dict[str, str]:
    """Draw one model's course; return the colour of each slice shaded behind it."""
    fine = own[own["status"] == "ok"]
    if not fine["value"].notna().any():
        style.note(panel, _reason(own, fine))
        return {}
    _course(panel, fine, threshold, colour)
    return timeline.shade(panel, span)


def _apart(whole: pd.DataFrame) -> pd.DataFrame:
    """Return the rows to draw, those of baselines as groups of their own.

    A baseline that beats the naive forecast nowhere, as itself, has no panel, unless
    there is no other.
    """
    base = whole["model"].isin(style.BASELINES)
    pairs = pd.MultiIndex.from_frame(whole[["domain", "model"]])
    drawn = ~base | pairs.isin(pairs[whole["status"] == "ok"])
    rows = whole[drawn] if drawn.any() else whole
    return rows.assign(modality=rows["modality"].mask(base, APART))


def _models(whole: pd.DataFrame, group: panels.Group) -> list[str]:
    """Return the panels of a group: all trained models, or its own baselines."""
    apart = group[1] == APART
    rows = panels.pick(whole, group) if apart else whole[whole["modality"] != APART]
    return style.order(rows["model"])


def _threshold(tests: pd.DataFrame, domain: str) -> float | None:
    rows = (tests["metric"] == "g_ratio") & (tests["domain"] == domain)
    values = tests.loc[rows, "threshold"]
    return None if values.empty else float(values.iloc[0])


def _reason(own: pd.DataFrame, fine: pd.DataFrame) -> str:
    """Say why a panel shows nothing: `fine` are the rows of `own` of status ok."""
    if own.empty:
        return "no run"
    return "no quarter\nwith status ok" if fine.empty else "no value"


def _course(panel: Axes, own: pd.DataFrame, threshold: float | None, colour: str):
    middles = {}
    for column, line in LINES.items():
        part = own[own["column"] == column]
        # Seeds first: the band then shows how entities differ, not how seeds do.
        entity = part.groupby(["period", "entity"])["value"].median()
        spread = entity.groupby("period").quantile([*BAND, 0.5]).unstack().sort_index()
        if spread.empty:
            continue
        ratio = np.exp(spread)
        middles[column] = ratio[0.5]
        time = timeline.start(ratio.index.to_series()) + 0.125
        shade = colour if column == "corr" else style.MUTED
        panel.fill_between(time, ratio[BAND[0]], ratio[BAND[1]], color=shade,
                           alpha=0.25, lw=0)  # fmt: skip
        ink = colour if column == "corr" else style.INK
        panel.plot(time, ratio[0.5], ls=line, color=ink, lw=1.2, marker=".", ms=2)
    if threshold is not None:
        panel.axhline(threshold, color=style.INK, lw=0.7, ls=":")
        _flag(panel, pd.DataFrame(middles), threshold)


def _baseline(panel: Axes, naive: pd.DataFrame):
    # The naive forecast cannot beat itself, so by definition its status is underfit.
    drawn = (naive["column"] == "seed") & naive["status"].isin(["ok", "underfit"])
    middle = naive[drawn].groupby("period")["value"].median()
    time = timeline.start(middle.index.to_series()) + 0.125
    panel.plot(time, np.exp(middle), color=style.MUTED, lw=0.8, ls=NAIVE, zorder=1)


def _flag(panel: Axes, middles: pd.DataFrame, threshold: float):
    above = middles.reindex(columns=[*LINES]).dropna() > threshold
    spot = {"transform": panel.get_xaxis_transform(), "ls": ""}
    for rows, fill in (
        (above["seed"] & ~above["corr"], style.PAPER),
        (above["seed"] & above["corr"], style.INK),
    ):
        time = timeline.start(above.index[rows].to_series()) + 0.125
        panel.plot(time, [0.03] * len(time), marker="^", ms=3.4, mfc=fill,
                   mec=style.INK, mew=0.6, **spot)  # fmt: skip


def _scale(models: list[str], own: dict[str, Axes], threshold: float | None):
    full = [panel for panel in own.values() if panel.lines]
    if not full:
        return
    ends = [panel.dataLim.intervaly for panel in full]
    low, high = min(end[0] for end in ends), max(end[1] for end in ends)
    keep = (1.0,) if threshold is None else (1.0, threshold)
    low, high = min(low, *keep) / 1.25, max(high, *keep) * 1.1
    labelled = panels.outer(models, own)
    for panel in full:
        panels.log_axis(panel.yaxis, low, high, room=0.12, keep=keep)
        panel.axhline(1, color=style.MUTED, lw=0.5, zorder=0)
        years = range(math.ceil(panel.dataLim.x0 - 0.2), int(panel.dataLim.x1) + 1)
        step = -(-len(years) // 3)
        panel.set_xticks(years[::step], [str(year) for year in years[::step]])
        if panel in labelled:
            panel.set_ylabel("G-Ratio (log)", fontsize=style.SMALL)
        else:
            panel.set_yticklabels([])
    panels.share_limits(full, "x")


def _handles(shades: dict[str, str], tests: pd.DataFrame) -> list:
    values = tests.loc[tests["metric"] == "g_ratio", "threshold"].unique()
    mark = ", ".join(f"{one:g}" for one in sorted(values)) or "not given"
    ink = {"color": style.INK}
    flag = {"ls": "", "marker": "^", "ms": 3.4, "mec": style.INK, "mew": 0.6}
    return [
        Line2D([], [], ls=LINES["seed"], label="pre-registered (seed column)", **ink),
        Line2D([], [], ls=LINES["corr"], label="corrected (model's colour)", **ink),
        Patch(fc=style.MUTED, alpha=0.3, label="10–90 % of entities"),
        Line2D([], [], color=style.MUTED, lw=0.8, ls=NAIVE, label="naive forecast"),
        Line2D([], [], lw=0.7, ls=":", label=f"threshold {mark}", **ink),
        Line2D([], [], mfc=style.PAPER, label="only the seed column above", **flag),
        Line2D([], [], mfc=style.INK, label="both columns above", **flag),
        *(Patch(fc=one, alpha=0.35, label=name) for name, one in shades.items()),
    ]
