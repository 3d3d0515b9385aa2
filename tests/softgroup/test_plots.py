"""What holds for every figure of the study: legible, complete, never a crash."""

import itertools

import pandas as pd
import pytest
from matplotlib.text import Text

import softgroupstudy
import softgrouptables as made
from seqshift import registry, storage
from seqshift.plotting import style
from seqshift.schemas.softfigures import FIGURES


@pytest.fixture(scope="module")
def tables():
    study = softgroupstudy.make()
    names = ("gains", "mass", "leaks", "leak", "curve", "tests", "recovery")
    return {name: study[name] for name in names} | {"similarity": study["matrices"]}


def module(name):
    return registry.load("softgroup.plots", name)


def words(figure) -> list[Text]:
    return [
        text
        for text in figure.findobj(Text)
        if text.get_visible() and text.get_text().strip()
    ]


def drawn(name, tables):
    figure = module(name).draw(module(name).table(tables))
    with style.looks():
        figure.draw_without_rendering()
    return figure


def overlaps(figure) -> list[tuple[str, str]]:
    """Return neighbouring labels of one axis that cover each other."""
    found = []
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            shown = [one for one in axis.get_ticklabels() if one.get_text()]
            boxes = [(one.get_text(), one.get_window_extent()) for one in shown]
            for (a, box), (b, other) in itertools.pairwise(boxes):
                if box.padded(-1).overlaps(other.padded(-1)):
                    found.append((a, b))
    return found


@pytest.mark.parametrize("name", FIGURES)
def test_the_data_of_a_figure_keep_their_schema(name, tables, tmp_path):
    data = module(name).table(tables)
    assert len(data)
    storage.write_csv(data, tmp_path / "figure.csv", FIGURES[name])


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_legible_and_nothing_is_cut_off(name, tables):
    figure = drawn(name, tables)
    sizes = {text.get_text(): text.get_fontsize() for text in words(figure)}
    assert min(sizes.values()) >= style.SMALL, sizes
    assert figure.get_figwidth() == style.DOUBLE
    assert not overlaps(figure)
    width, height = figure.get_size_inches()
    box = figure.get_tightbbox()
    assert min(box.x0, box.y0, width - box.x1, height - box.y1) > -1 / 72


@pytest.mark.parametrize("name", FIGURES)
def test_panels_name_backbone_and_world(name, tables):
    text = "\n".join(one.get_text() for one in words(drawn(name, tables)))
    if name == "f5":
        assert "tiny" in text
    elif name != "f6":  # no backbone computes similarities
        assert "(tiny, real)" in text


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_without_rows_says_so(name, tables):
    none = {key: one[:0] if isinstance(one, list) else one.iloc[:0]
            for key, one in tables.items()}  # fmt: skip
    figure = module(name).draw(module(name).table(none))
    assert "in this run." in "\n".join(one.get_text() for one in words(figure))


@pytest.mark.parametrize("name", ("f2", "f6"))
def test_the_same_tables_give_the_same_bytes(name, tables, tmp_path):
    found = []
    for turn in ("first", "second"):
        pdf, png = tmp_path / f"{turn}.pdf", tmp_path / f"{turn}.png"
        style.save(module(name).draw(module(name).table(tables)), pdf, png)
        found.append((pdf.read_bytes(), png.read_bytes()))
    assert found[0] == found[1]


def test_the_points_of_the_leak_are_its_blocks_and_average_to_the_bars(tables):
    data = module("f2").table(tables)
    for variant in ("all", "past", "future", "hard_longctx"):
        own = data[data["variant"] == variant]
        bar = own.loc[own["part"] == "bar", "gain"].item()
        points = own.loc[own["part"] == "block", "gain"]
        assert len(points) == 8 and points.mean() == pytest.approx(bar, abs=1e-6)


def test_a_sweep_holds_the_worlds_that_differ_in_it_alone():
    rows = softgroupstudy.make()["recovery"]
    others = [
        rows[rows["dataset"] == "clusters"].assign(dataset=cell["dataset"],
                                                   **cell["sweep"])
        for cell in made.SWEEPS
    ]  # fmt: skip
    joined = pd.concat([rows, *others], ignore_index=True)
    data = module("f5").table({"recovery": joined})
    shown = {name: set(own["dataset"]) for name, own in data.groupby("sweep")}
    assert shown["noise"] == {"clusters", "clusters-clear", "clusters-noisy"}
    assert shown["lag"] == {"clusters", "clusters-lag-8", "clusters-lag-24"}
    assert shown["rows"] == {"clusters", "clusters-96", "clusters-192"}
