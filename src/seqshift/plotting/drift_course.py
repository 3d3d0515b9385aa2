"""Quarterly Cos-Drift with its null, for panels on the timeline of the test era."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from seqshift.plotting import panels, style, timeline

NEEDED = "domain modality model seed entity period variant role drift null_mean"
BELOW = " · Cos-Drift"  # behind the modality, in place of a group of its own
BAND = (0.1, 0.9)  # quantiles over entities
NULL = (0, (1, 1))


def tested(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the test quarters of Cos-Drift proper, as groups below their own."""
    rows = panels.table(tables, "quarters", NEEDED)
    rows = rows[(rows["variant"] == "ig") & (rows["role"] == "test")]
    rows = rows[np.isfinite(rows["drift"].astype(float))]
    return rows.assign(modality=rows["modality"] + BELOW) if len(rows) else rows


def below(groups: list[panels.Group], rows: pd.DataFrame) -> dict[panels.Group, float]:
    """Return heights of the groups, each with that of its drift if it has one."""
    known = set(zip(rows["domain"], rows["modality"], strict=True))
    found = {}
    for domain, modality in groups:
        found[domain, modality] = 1.05
        if (domain, modality + BELOW) in known:
            found[domain, modality + BELOW] = 0.65
    return found


def above(group: panels.Group) -> panels.Group:
    """Return the group of G-Ratios that a group belongs to, or is."""
    return group[0], group[1].removesuffix(BELOW)


def course(panel: Axes, own: pd.DataFrame, span: pd.DataFrame, colour: str):
    """Draw the median over entities with its band, and the null of the season."""
    for name, line, ink in (("drift", "-", colour), ("null_mean", NULL, style.INK)):
        # Seeds first: the band then shows how entities differ, not how seeds do.
        entity = own.groupby(["period", "entity"])[name].median()
        spread = entity.groupby("period").quantile([*BAND, 0.5]).unstack()
        spread = spread.reindex(columns=[*BAND, 0.5]).sort_index()
        spread = spread.where(spread > 0).dropna()
        if spread.empty:
            continue
        time = timeline.start(spread.index.to_series()) + 0.125
        if name == "drift":
            ends = spread[BAND[0]], spread[BAND[1]]
            panel.fill_between(time, *ends, color=colour, alpha=0.25, lw=0)
        panel.plot(time, spread[0.5], ls=line, color=ink, lw=1.2, marker=".", ms=2)
    if panel.lines:
        timeline.shade(panel, span)
    else:
        style.note(panel, "no drift of quarters")


def scale(models: list[str], own: dict[str, Axes], twins: dict[str, Axes]):
    """Give the panels of a group one logarithmic axis, and the years of their twins."""
    full = [panel for panel in own.values() if panel.lines]
    if not full:
        return
    ends = np.array([panel.dataLim.intervaly for panel in full])
    low, high = ends[:, 0].min() / 1.3, ends[:, 1].max() * 1.3
    labelled = panels.outer(models, own)
    timed = [twin for twin in twins.values() if twin.lines]
    ticks = timed[0].get_xticks() if timed else []
    for panel in full:
        panels.log_axis(panel.yaxis, low, high, room=0.2)
        panel.set_xticks(ticks, [f"{year:g}" for year in ticks])
        if panel in labelled:
            panel.set_ylabel("Cos-Drift (log)", fontsize=style.SMALL)
        else:
            panel.set_yticklabels([])
    panels.share_limits(full + timed, "x")


def handles(rows: pd.DataFrame) -> list:
    """Return what the legend says of these panels, if there are any."""
    if rows.empty:
        return []
    return [
        Line2D([], [], color=style.INK, label="Cos-Drift (model's colour)"),
        Line2D([], [], color=style.INK, ls=NULL, label="null of Cos-Drift"),
    ]
