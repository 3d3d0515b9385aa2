"""The panel of controls."""

import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

import resulttables
from seqshift.plotting import control_panel


@pytest.fixture
def controls():
    tables = resulttables.make(
        domains=("energy",), modalities=("natural",), models=("mlp", "lstm"), seeds=2
    )
    return tables["controls"]


def panels(controls) -> dict:
    axes = control_panel.draw({"controls": controls}).axes
    return dict(zip(control_panel.PANELS, axes, strict=True))


def marks(panel) -> list[str]:
    return [line.get_marker() for line in panel.lines if len(line.get_xdata()) == 1]


def bands(panel) -> list[tuple[float, float]]:
    return [
        (patch.get_x(), patch.get_x() + patch.get_width())
        for patch in panel.patches
        if isinstance(patch, Rectangle)
    ]


def test_a_failed_control_has_a_mark_and_colour_of_its_own(controls):
    assert marks(panels(controls)["pooled"]) == ["o", "o"]
    wrong = (controls["model"] == "lstm") & (controls["control"] == "pooled")
    failed = controls.assign(passed=controls["passed"] & ~wrong)
    panel = panels(failed)["pooled"]
    assert marks(panel) == ["o", "X"]
    colours = {line.get_marker(): to_hex(line.get_color()) for line in panel.lines}
    assert colours["o"] != colours["X"]


def test_the_band_lies_where_the_control_must(controls):
    found = panels(controls)
    low, high = bands(found["pooled"])[0]
    assert low == found["pooled"].get_xlim()[0] and high == pytest.approx(0.005)
    low, high = bands(found["graded"])[0]
    assert low == pytest.approx(0.8) and high == found["graded"].get_xlim()[1]
    assert not bands(found["within"]) and not bands(found["untrained"])


def test_the_literal_shuffle_has_its_expectation_at_one(controls):
    lines = [line.get_xdata() for line in panels(controls)["within"].lines]
    assert any(list(line) == [1, 1] for line in lines)


def test_what_cannot_be_tested_says_so_and_has_no_mark(controls):
    lost = controls.assign(status="not_testable", passed=False)
    panel = panels(lost)["id-id"]
    assert [text.get_text() for text in panel.texts] == ["not testable"] * 2
    assert marks(panel) == []


def test_a_value_below_zero_is_shown(controls):
    low = controls.assign(value=-0.001, low=-0.004, high=0.002)
    panel = panels(low)["pooled"]
    assert panel.get_xlim()[0] < -0.004
    assert marks(panel) == ["o", "o"]
