"""G-Ratio of every model: pre-registered and corrected estimate side by side."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from seqshift.plotting import panels, style

NEEDED = "domain modality model axis slice metric estimate estimate_seed status"
PITCH = 0.125  # inches between two estimates
CODES = {
    "low_n": "n",
    "underfit": "u",
    "not_testable": "t",
    "invalid": "i",
    "attr_mass_low": "m",
}


@style.styled
def draw(tables: dict[str, pd.DataFrame]) -> Figure:
    """Draw the G-Ratio with 95 % intervals per domain, model and modality."""
    tests = panels.table(tables, "tests", NEEDED)
    rows = (tests["metric"] == "g_ratio") & (tests["axis"] == "temporal")
    tests = tests[rows & (tests["slice"] == "")]
    if tests.empty:
        return style.empty("No G-Ratio was tested in this run.")
    slots = _slots(tests)
    domains = sorted(tests["domain"].unique())
    height = PITCH * (max(slots.values()) + 2.2)
    figure = style.blank(style.DOUBLE, height + 1.3)
    axes = figure.subplots(1, len(domains), squeeze=False, sharey=True)[0]
    limits = _limits(tests)
    keep = (1.0, *sorted(tests["threshold"].unique()))
    for panel, domain in zip(axes, domains, strict=True):
        own = tests[tests["domain"] == domain]
        _frame(panel, own, slots, limits, keep, room=0.05 * len(domains))
        _estimates(panel, own, slots, limits)
        held = set(zip(own["model"], own["modality"], strict=True))
        for run in (one for one in slots if one not in held):
            _remark(panel, 1.0, slots[run], "no run")
    _label_rows(axes[0], slots)
    figure.supxlabel(
        "G-Ratio = RMSE test / RMSE train (dimensionless, log scale)",
        fontsize=style.NORMAL,
    )
    panels.legend(figure, _handles(tests))
    return figure


def _slots(tests: pd.DataFrame) -> dict[tuple[str, str], float]:
    """Return the height of the first of two estimates per (model, modality)."""
    place, slots = 0.0, {}
    for model in style.order([*tests["model"], style.NAIVE]):
        held = set(tests.loc[tests["model"] == model, "modality"])
        for modality in (one for one in panels.modalities(tests) if one in held):
            slots[model, modality] = place
            place += 2
        if not held:
            slots[model, ""] = place
            place += 2
        place += 0.8
    return slots


def _limits(tests: pd.DataFrame) -> tuple[float, float]:
    points = panels.finite(
        tests["estimate"], tests["estimate_seed"], tests["threshold"], pd.Series([1.0])
    )
    ends = panels.finite(
        tests["low"], tests["low_seed"], tests["high"], tests["high_seed"], points
    )
    # One hopeless interval must not squeeze all others: it ends in an arrow.
    low = max(ends.min() / 1.1, points.min() / 3)
    return low, min(ends.max() * 1.1, points.max() * 3)


def _frame(panel: Axes, own: pd.DataFrame, slots, limits, keep, room):
    panel.set_title(own["domain"].iloc[0], fontweight="bold")
    panel.axvline(1, color=style.MUTED, lw=0.7)
    for threshold in own["threshold"].unique():
        panel.axvline(threshold, color=style.INK, lw=0.8, ls=(0, (4, 2)))
    bottom = max(slots.values()) + 2
    panel.set_ylim(bottom, -1)
    panel.tick_params(axis="y", length=0)
    panels.log_axis(panel.xaxis, *limits, room=room, keep=keep)


def _estimates(panel: Axes, own: pd.DataFrame, slots, limits):
    colours = style.colours(own["model"])
    for row in own.to_dict("records"):
        place = slots[row["model"], row["modality"]]
        colour, shape = colours[row["model"]], style.mark(row["modality"])[0]
        for step, suffix, fill in ((0, "_seed", style.PAPER), (1, "", colour)):
            ends = [row[f"{one}{suffix}"] for one in ("estimate", "low", "high")]
            _interval(panel, ends, place + step, (colour, shape, fill), limits)
        known = np.isfinite([row["estimate"], row["estimate_seed"]]).any()
        words = [] if known else ["no value"]
        # The naive forecast has no skill over itself: its status says nothing more.
        if row["status"] != "ok" and row["model"] != style.NAIVE:
            words.append(CODES.get(row["status"], row["status"]))
        ends = [row["high"], row["high_seed"], 1.0] if known else [1.0]
        _remark(panel, min(limits[1], np.nanmax(ends)), place, " ".join(words))


def _remark(panel: Axes, end: float, place: float, text: str):
    """Write beside the two rows of a run, right of what is drawn there."""
    if not text:
        return
    put = {"textcoords": "offset points", "ha": "left", "va": "center"}
    put["bbox"] = {"fc": style.PAPER, "ec": "none", "pad": 0.6}
    panel.annotate(text, (end, place + 0.5), (4, 0), fontsize=style.SMALL, **put)


def _interval(panel: Axes, ends: list[float], place: float, looks, limits):
    middle, low, high = ends
    colour, shape, fill = looks
    if not np.isfinite(middle):
        return
    if np.isfinite([low, high]).all():
        panel.plot(np.clip([low, high], *limits), [place] * 2, color=colour, lw=1)
        if low < limits[0]:
            panel.plot(limits[0], place, "<", color=colour, ms=4, clip_on=False)
        if high > limits[1]:
            panel.plot(limits[1], place, ">", color=colour, ms=4, clip_on=False)
    face = {"mfc": fill, "mec": colour, "mew": 0.9, "ms": 4.2}
    panel.plot(np.clip(middle, *limits), place, shape, zorder=3, **face)


def _label_rows(panel: Axes, slots):
    models: dict[str, list[float]] = {}
    for (model, _), place in slots.items():
        models.setdefault(model, []).append(place + 0.5)
    panel.set_yticks([np.mean(places) for places in models.values()], list(models))


def _handles(tests: pd.DataFrame) -> list[Line2D]:
    def point(label, shape="o", fill=style.INK, colour=style.INK):
        return Line2D([], [], ls="", marker=shape, mfc=fill, mec=colour, label=label)

    mark = ", ".join(f"{one:g}" for one in sorted(tests["threshold"].unique()))
    handles = [
        point("pre-registered (seed column), 95 % interval", fill=style.PAPER),
        point("corrected column, 95 % interval"),
        Line2D([], [], color=style.INK, lw=0.8, ls=(0, (4, 2)),
               label=f"threshold {mark}"),
    ]  # fmt: skip
    for one in panels.modalities(tests):
        handles.append(point(one, style.mark(one)[0], style.MUTED))
    trained = tests[tests["model"] != style.NAIVE]
    codes = [one for one in CODES if one in set(trained["status"])]
    handles += [
        Line2D([], [], ls="", label=f"{CODES[one]}: status {one.replace('_', ' ')}")
        for one in codes
    ]
    return handles
