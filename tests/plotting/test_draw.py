"""What holds for every figure: same bytes, legible, complete, never a crash."""

import itertools

import numpy as np
import pytest
from matplotlib.text import Text

import resulttables
from seqshift import registry, storage
from seqshift.plotting import style

FIGURES = (
    "g-ratio",
    "verdicts",
    "sensitivity",
    "failure-overlay",
    "arena",
    "cos-drift",
    "control-panel",
    "delta-rank",
    "learning-curves",
    "cost",
    "tuning",
    "ablations",
    "scaling",
    "scaling-flops",
)
PLAIN = {"models": ("mlp", "lstm", "memory"), "seeds": 2}
SIZES = {
    "least": {
        "domains": ("energy",),
        "modalities": ("natural",),
        "models": ("mlp",),
        "seeds": 1,
    },
    "many": {
        "domains": ("finance", "energy", "finance-volatility"),
        "modalities": ("natural",),
        "models": (*resulttables.MODELS, "transformer-2l"),
        "seeds": 2,
        "entities": 24,
        "baselines": tuple(style.BASELINES),
    },
}


@pytest.fixture(scope="module", params=SIZES)
def sized(request):
    return resulttables.make(**SIZES[request.param])


@pytest.fixture(scope="module")
def plain():
    return resulttables.make(**PLAIN)


def draw(name, tables):
    return registry.load("plotting", name).draw(tables)


def texts(figure) -> list[Text]:
    return [
        text
        for text in figure.findobj(Text)
        if text.get_visible() and text.get_text().strip()
    ]


def words(figure) -> str:
    return "\n".join(text.get_text() for text in texts(figure))


def cut(figure) -> list[str]:
    """Return what reaches beyond the edge of the figure."""
    width, height = figure.get_size_inches()
    box = figure.get_tightbbox()  # inches
    sides = {"left": -box.x0, "right": box.x1 - width}
    sides |= {"bottom": -box.y0, "top": box.y1 - height}
    # The layout ignores these on purpose, so its box does not hold them.
    free = [text for text in texts(figure) if not text.get_in_layout()]
    edge = figure.bbox
    sides |= {one.get_text(): one.get_window_extent().x1 - edge.x1 for one in free}
    point = 1 / 72
    return [side for side, beyond in sides.items() if beyond > point]


def overlaps(figure) -> list[tuple[str, str]]:
    """Return neighbouring tick labels that cover each other."""
    found = []
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            ticks = axis.get_major_ticks()
            labels = [label for tick in ticks for label in (tick.label1, tick.label2)]
            shown = [one for one in labels if one.get_visible() and one.get_text()]
            # Slanted labels fill boxes that overlap where the letters do not.
            level = [one for one in shown if one.get_rotation() in (0, 90)]
            boxes = [(one.get_text(), one.get_window_extent()) for one in level]
            for (a, box), (b, other) in itertools.pairwise(boxes):
                if box.padded(-1).overlaps(other.padded(-1)):
                    found.append((a, b))
    return found


def test_the_invented_tables_are_such_as_the_pipeline_writes():
    for key, frame in resulttables.make(seeds=2).items():
        storage.validate(frame, resulttables.schema(key), key)


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_legible_and_nothing_is_cut_off(name, sized):
    figure = draw(name, sized)
    with style.looks():
        figure.draw_without_rendering()
    sizes = {text.get_text(): text.get_fontsize() for text in texts(figure)}
    assert min(sizes.values()) >= 7, sizes
    assert figure.get_figwidth() in (style.SINGLE, style.DOUBLE)
    assert not cut(figure)
    assert not overlaps(figure)


@pytest.mark.parametrize("name", FIGURES)
def test_the_same_tables_give_the_same_bytes(name, tmp_path):
    found, least = [], resulttables.make(**SIZES["least"])
    for turn in ("first", "second"):
        pdf, png = tmp_path / f"{turn}.pdf", tmp_path / f"{turn}.png"
        style.save(draw(name, least), pdf, png)
        found.append((pdf.read_bytes(), png.read_bytes()))
    assert found[0] == found[1]
    assert b"CreationDate" not in found[0][0]
    assert b"Software" not in found[0][1]


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_without_rows_says_so(name, plain):
    none = {key: frame.iloc[:0] for key, frame in plain.items()}
    for tables in ({}, none):
        assert "in this run." in words(draw(name, tables))


@pytest.mark.parametrize("name", FIGURES)
def test_missing_values_and_runs_are_drawn_as_notes(name, plain):
    holes = {}
    for table, frame in plain.items():
        frame = frame.copy()
        key = next((n for n in ("model", "base", "signal") if n in frame), None)
        if key:
            first, second = ("psi", "ks") if key == "signal" else ("lstm", "mlp")
            gone = (frame[key] == first) & (frame["domain"] == "energy")
            lost = (frame[key] == second) & (frame["domain"] == "finance")
            numbers = [
                column
                for column in frame.select_dtypes("float")
                if column not in ("threshold", "reference", "test")
            ]
            frame.loc[lost, numbers] = np.nan
            frame = frame[~gone]
        holes[table] = frame
    figure = draw(name, holes)
    figure.draw_without_rendering()
    notes = ("no value", "no run", "no finite loss", "not defined", "not known", "–")
    assert any(note in words(figure) for note in notes)


@pytest.mark.parametrize("name", FIGURES)
def test_drawing_leaves_the_tables_alone(name, plain):
    before = {key: frame.copy() for key, frame in plain.items()}
    draw(name, plain)
    assert all(before[key].equals(frame) for key, frame in plain.items())
