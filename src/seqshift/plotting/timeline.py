"""Quarters and extreme periods as years with a fraction, on the axis of a panel."""

import pandas as pd
from matplotlib.axes import Axes

from seqshift.plotting import style

SHADES = {"crash": style.VERMILLION, "heat": style.ORANGE, "cold": style.SKY}


def start(periods: pd.Series) -> pd.Series:
    """Return the year, with its fraction, at which a quarter begins."""
    return periods.str[:4].astype(int) + (periods.str[5].astype(int) - 1) / 4


def _year(dates: pd.Series) -> pd.Series:
    """Return the year of each date, with its fraction."""
    return dates.dt.year + (dates.dt.dayofyear - 1) / (365 + dates.dt.is_leap_year)


def shade(panel: Axes, spans: pd.DataFrame) -> dict[str, str]:
    """Shade extreme periods, last day included; return the colour of each slice."""
    if spans.empty:
        return {}
    starts, ends = _year(spans["start"]), _year(spans["end"] + pd.Timedelta(days=1))
    for name, start, end in zip(spans["slice"], starts, ends, strict=True):
        panel.axvspan(start, end, color=_shade_of(name), alpha=0.22, lw=0)
    return {name: _shade_of(name) for name in spans["slice"]}


def _shade_of(name: str) -> str:
    return SHADES.get(name.split("-")[0], style.PURPLE)
