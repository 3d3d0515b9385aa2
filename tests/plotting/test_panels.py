"""Ticks and grids."""

import itertools
import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from seqshift.plotting import panels, style


@settings(max_examples=30, deadline=None)
@given(
    st.floats(1e-4, 10),
    st.floats(1.05, 1e4),
    st.floats(0.05, 0.3),
)
def test_ticks_of_a_log_axis_lie_inside_and_keep_their_distance(low, ratio, room):
    axes = style.blank(2, 2).add_subplot()
    high = low * ratio
    panels.log_axis(axes.xaxis, low, high, room=room, keep=(1.0, 1.5))
    ticks = axes.get_xticks()
    assert all(low * 0.99 <= tick <= high * 1.01 for tick in ticks)
    steps = [math.log(b / a) for a, b in itertools.pairwise(ticks)]
    assert all(step > room * math.log(ratio) for step in steps)
    if low <= 1 <= high:
        assert 1.0 in ticks


def test_more_models_than_fit_begin_a_new_line():
    models = [f"model-{number}" for number in range(7)]
    figure, grid = panels.grid({("energy", "natural"): 1.0}, models)
    lines = [panel.get_subplotspec().rowspan.start for panel in grid.values()]
    assert lines == [0] * 5 + [1] * 2
    assert figure.get_figwidth() == style.DOUBLE


def test_only_finite_positive_numbers_count():
    values = panels.finite(np.array([1.0, np.nan, -1.0]), np.array([np.inf, 2.0]))
    assert values.tolist() == [1.0, 2.0]
