"""Colours, sizes and fonts of every figure, and how a figure becomes a file."""

import functools
from collections.abc import Callable, Iterable
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from seqshift import storage

SINGLE, DOUBLE = 3.5, 7.2  # inches: one and two columns of a printed page
SMALL, NORMAL = 7, 8  # points; 7 is the smallest size that prints legibly

# Okabe and Ito (2008), https://jfly.uni-koeln.de/color/: distinct for all common
# kinds of colour vision. Their yellow, #F0E442, is darkened: it vanishes on white.
BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
YELLOW, BLUE, VERMILLION, PURPLE = "#B8A900", "#0072B2", "#D55E00", "#CC79A7"
WHEEL = (BLUE, ORANGE, GREEN, VERMILLION, PURPLE, SKY, YELLOW, BLACK)
INK, MUTED, FAINT, PAPER = "#1a1a1a", "#5f5f5f", "#e4e4e4", "#ffffff"

KNOWN = ("mlp", "lstm", "transformer", "cross-entity", "memory")
NAIVE = "naive"
# Greys repeat a value of the past, browns are fitted; the naive forecast is last.
BASELINES = {
    "ridge": "#8c510a",
    "har": "#bf812d",
    "lightgbm": "#543005",
    "last-value": "#a6a6a6",
    "seasonal-naive": "#808080",
    NAIVE: MUTED,
}
MARKS = {
    "natural": ("o", ""),
    "timegan": ("s", "////"),
    "mixup": ("^", "...."),
    "block-bootstrap": ("D", "xxxx"),
    "phase-surrogate": ("v", "\\\\\\\\"),
}
SPARE_MARKS = (("P", "||||"), ("X", "----"), ("<", "++++"), (">", "oooo"))
VERDICTS = {"fails": VERMILLION, "does not fail": GREEN, "undecided": "#c9c9c9"}

# Keys that choose programs and windows, not looks; they must stay as they are.
_FOREIGN = ("backend", "webagg", "tk.", "keymap", "animation", "toolbar")
_LOOKS = {
    "font.family": "DejaVu Sans",
    "font.size": NORMAL,
    "axes.titlesize": NORMAL,
    "axes.labelsize": NORMAL,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "legend.fontsize": SMALL,
    "legend.frameon": False,
    "legend.handlelength": 1.8,
    "legend.columnspacing": 1.2,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.6,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "lines.linewidth": 1.2,
    "lines.markersize": 4,
    "hatch.linewidth": 0.4,
    "pdf.fonttype": 42,
    "figure.constrained_layout.h_pad": 0.04,
    "figure.constrained_layout.w_pad": 0.03,
}


def looks():
    """Return a context in which matplotlib ignores the user's own settings."""
    plain = {
        key: value
        for key, value in mpl.rcParamsDefault.items()
        if not key.startswith(_FOREIGN)
    }
    return mpl.rc_context({**plain, **_LOOKS})


def styled(draw: Callable) -> Callable:
    """Give a drawing function the looks of the project."""

    @functools.wraps(draw)
    def inner(tables):
        with looks():
            return draw(tables)

    return inner


def blank(width: float, height: float) -> Figure:
    """Return an empty figure of that size in inches, without a window."""
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def save(figure: Figure, pdf_path: str | Path, png_path: str | Path):
    """Write the figure as PDF and as PNG of 200 dpi; same figure, same bytes."""
    pdf = {"CreationDate": None, "Creator": "seqshift", "Producer": "matplotlib"}
    with looks():
        with storage.atomic(pdf_path) as path:
            figure.savefig(path, format="pdf", metadata=pdf)
        with storage.atomic(png_path) as path:
            figure.savefig(path, format="png", dpi=200, metadata={"Software": None})


def order(models: Iterable[str]) -> list[str]:
    """Return model names in the order of every figure; the baselines are last."""
    names = set(models)
    rest = sorted(names - {*KNOWN, *BASELINES})
    return [name for name in (*KNOWN, *rest, *BASELINES) if name in names]


def colours(models: Iterable[str]) -> dict[str, str]:
    """Return a colour per model; known models and baselines keep theirs in any set."""
    spare = WHEEL[len(KNOWN) :]
    table = {**dict(zip(KNOWN, WHEEL, strict=False)), **BASELINES}
    rest = [name for name in order(models) if name not in table]
    table |= {name: spare[place % len(spare)] for place, name in enumerate(rest)}
    return table


def mark(modality: str, others: Iterable[str] = ()) -> tuple[str, str]:
    """Return marker and hatch of a modality; unknown ones share the spare marks."""
    if modality in MARKS:
        return MARKS[modality]
    rest = sorted({modality, *others} - set(MARKS))
    return SPARE_MARKS[rest.index(modality) % len(SPARE_MARKS)]


def note(axes: Axes, text: str):
    """Say in the middle of an empty panel why it is empty."""
    axes.set_xticks([])
    axes.set_yticks([])
    axes.patch.set_facecolor("#f6f6f6")
    say(axes, text)


def say(axes: Axes, text: str):
    """Write a remark in the middle of a panel and leave its axes alone."""
    place = {"ha": "center", "va": "center", "transform": axes.transAxes}
    place["bbox"] = {"fc": PAPER, "ec": "none", "alpha": 0.8, "pad": 2}
    axes.text(0.5, 0.5, text, color=MUTED, fontsize=SMALL, style="italic", **place)


def empty(text: str) -> Figure:
    """Return a figure that holds nothing but the reason."""
    figure = blank(DOUBLE, 1.2)
    note(figure.add_subplot(), text)
    return figure
