"""Bars of shares: their lengths, words and order."""

import pytest
from matplotlib.patches import Rectangle

import resulttables
from seqshift.plotting import sensitivity, style


@pytest.fixture
def table():
    made = resulttables.make(domains=("energy",), modalities=("natural",), seeds=2,
                             models=("mlp",))  # fmt: skip
    return made["sensitivity"].iloc[:1]


def bars(figure) -> list[Rectangle]:
    """Return the bars of the first panel from left to right."""
    found = [p for p in figure.axes[0].patches if p.get_width() < 0.93]
    return sorted(found, key=lambda one: one.get_x())


def words(figure) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts]


def test_the_bars_are_as_long_as_the_shares(table):
    shares = {"fails": 0.2, "undecided": 0.5, "does_not_fail": 0.3}
    figure = sensitivity.draw({"sensitivity": table.assign(**shares)})
    widths = [bar.get_width() / 0.92 for bar in bars(figure)]
    assert widths == pytest.approx([0.2, 0.5, 0.3])
    colours = [bar.get_facecolor() for bar in bars(figure)]
    assert len(set(colours)) == 3
    assert [bool(bar.get_hatch()) for bar in bars(figure)] == [False, False, True]


@pytest.mark.parametrize(
    ("verdict", "word"),
    [("fails", "fails"), ("does not fail", "not"), ("undecided", "open")],
)
def test_the_configured_verdict_stands_above_with_the_share_that_keeps_it(
    table, verdict, word
):
    frame = table.assign(verdict=verdict, kept=0.637)
    assert words(sensitivity.draw({"sensitivity": frame})) == [f"{word} 64 %"]


def test_drift_does_not_fail_but_drifts(table):
    frame = table.assign(verdict="fails", kept=1.0, metric="cos_drift")
    assert words(sensitivity.draw({"sensitivity": frame})) == ["drifts 100 %"]


def test_settings_moved_alone_are_not_drawn(table):
    alone = table.assign(setting="threshold", level="1.3")
    with style.looks():
        figure = sensitivity.draw({"sensitivity": alone})
    assert "No setting was varied in this run." in words(figure)
