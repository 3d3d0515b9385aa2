"""Error against the operations of a training."""

import numpy as np
import pandas as pd

import resulttables
from seqshift.plotting import cost

RUN = {"domain": "energy", "modality": "natural", "model": "mlp", "seed": 0}


def scores(entity: str, **values) -> pd.DataFrame:
    frame = pd.DataFrame({"metric": [*values], "value": [*values.values()]})
    return frame.assign(**RUN, entity=entity, period="", slice="")


def test_a_point_is_the_geometric_mean_over_entities_of_error_over_naive():
    frame = pd.concat(
        [
            scores("A", rmse_id=2.0, rmse_naive_id=1.0, rmse_test=3.0),
            scores("B", rmse_id=1.0, rmse_naive_id=2.0, rmse_naive_test=5.0),
        ]
    )
    spent = pd.DataFrame([RUN | {"rule": "train", "flops": 7.0}])
    tuned = pd.DataFrame([RUN | {"rule": "tune", "flops": 9.0}])
    (point,) = cost.points(pd.concat([tuned, spent]), frame).to_dict("records")
    assert point["flops"] == 7.0 and point["id"] == 1.0
    assert np.isnan(point["test"])  # no entity has both errors


def test_seeds_become_one_point_with_its_spread():
    tables = resulttables.make(
        domains=("energy",), modalities=("natural",), models=("mlp",), seeds=3
    )
    found = cost.points(tables["cost"], tables["scores"])
    assert len(found) == 3
    panel = cost.draw(tables).axes[1]
    _, upright, level, middle = panel.lines
    assert list(upright.get_ydata()) == [found["test"].min(), found["test"].max()]
    assert list(level.get_xdata()) == [found["flops"].min(), found["flops"].max()]
    assert np.isclose(middle.get_ydata()[0], np.exp(np.log(found["test"]).mean()))


def test_a_model_without_value_is_named():
    tables = resulttables.make(
        domains=("energy",), modalities=("natural",), models=("mlp", "lstm"), seeds=1
    )
    lost = tables["cost"]["model"] == "lstm"
    tables["cost"].loc[lost, "flops"] = np.nan
    words = [text.get_text() for axes in cost.draw(tables).axes for text in axes.texts]
    assert words == ["no value: lstm"] * 2
