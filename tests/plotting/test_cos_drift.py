"""The Cos-Drift figure."""

import numpy as np

import resulttables
from seqshift.plotting import cos_drift


def drift(**columns):
    tables = resulttables.make(
        domains=("energy",), modalities=("natural",), models=("mlp",), seeds=2
    )
    own = tables["drift"]
    return {"drift": own[own["variant"] == "ig"].assign(**columns)}


def marks(figure) -> dict[float, int]:
    lines = figure.axes[0].lines
    dots = [line for line in lines if line.get_marker() == "o"]
    return {line.get_markersize(): len(line.get_xdata()) for line in dots}


def test_the_size_of_a_dot_tells_the_share_of_seeds_with_a_small_p():
    tables = drift(p=0.01)
    cells = len(tables["drift"]) // 2
    large, middle, _ = (size for _, size, _ in cos_drift.DOTS)
    assert marks(cos_drift.draw(tables))[large] == cells
    half = np.where(tables["drift"]["seed"] == 0, 0.01, 0.9)
    assert marks(cos_drift.draw(drift(p=half)))[middle] == cells
    assert not any(marks(cos_drift.draw(drift(p=0.9))).values())
    assert not any(marks(cos_drift.draw(drift(p=np.nan))).values())


def test_a_drift_of_zero_is_a_value_and_a_missing_one_is_not():
    def shown(value):
        (mesh,) = cos_drift.draw(drift(drift=value)).axes[0].collections
        return int(np.ma.count(mesh.get_array()))

    cells = len(drift()["drift"]) // 2
    assert shown(0.0) == shown(0.02) == cells
    assert shown(np.nan) == 0
