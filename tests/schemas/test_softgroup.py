"""Tables of the study of soft group masks."""

import math

import numpy as np
import pandas as pd
import pytest

from seqshift import storage
from seqshift.errors import BadInput
from seqshift.schemas.softgroup import AGREEMENT, LOSSES, PROBE

RUN = {"backbone": "tiny", "seed": 0, "dataset": "waves", "H": 96}
LOST = {"mase": 1.0, "sql": 0.5, "wql_num": 2.0, "wql_den": 9.0, "width80": 1.0}
LOST |= {"mae_z": np.nan, "mse_z": np.nan, "cover80": 0.8}
ROW = RUN | {"arm": "seed", "leak": 0, "split": "test", "origin": 7}
ROW |= {"origin_time": pd.NaT, "series": "S0", "group": "0", "step_band": "1-24"}
ROW |= {"n_steps": 24, **LOST}
PARTS = {"batches": 3, "units": 4, "rows": 96, "row_order": "3adcf0448bf0"}
FACT = RUN | {"arm": "soft_single_corr-abs_b0", "groups": "single", "kind": "corr"}
FACT |= {"how": "abs", "on": "level", "control": "", "of": "", "beta": 0.0}
FACT |= {"temperature": math.inf, "agreement": 0.9, "pearson": 0.99, **PARTS}
FACT |= dict.fromkeys(("mass", "level", "weight"), np.nan)


def losses(**fields) -> pd.DataFrame:
    return pd.DataFrame([ROW | fields])[list(LOSSES.columns)]


def test_losses_without_time_and_deviation_survive_a_file(tmp_path):
    path = tmp_path / "losses.parquet"
    storage.write_table(losses(), path, LOSSES)
    back = storage.read_table(path, LOSSES)
    assert back["origin_time"].isna().all() and back["mae_z"].isna().all()
    assert back["sql"].tolist() == [0.5]


@pytest.mark.parametrize(
    "fields",
    [
        {"sql": -0.1},
        {"mase": np.nan},
        {"wql_num": math.inf},
        {"cover80": 1.2},
        {"split": "train"},
        {"leak": 2},
        {"n_steps": 0},
    ],
)
def test_what_is_no_loss_is_refused(fields, tmp_path):
    with pytest.raises(BadInput):
        storage.write_table(losses(**fields), tmp_path / "losses.parquet", LOSSES)


def test_a_window_and_band_stands_once_per_arm(tmp_path):
    both = pd.concat([losses(), losses(sql=0.6)])
    with pytest.raises(BadInput):
        storage.write_table(both, tmp_path / "losses.parquet", LOSSES)
    other = pd.concat([losses(), losses(step_band="25-48")])
    storage.write_table(other, tmp_path / "losses.parquet", LOSSES)


def test_an_infinite_temperature_and_empty_names_survive_a_csv(tmp_path):
    path = tmp_path / "agreement.csv"
    hard = FACT | {"arm": "hard_single", "kind": "hard", "how": "", "on": ""}
    hard |= {"beta": np.nan, "temperature": np.nan}
    table = pd.DataFrame([FACT, hard])[list(AGREEMENT.columns)]
    storage.write_csv(table, path, AGREEMENT)
    back = storage.read_csv(path, AGREEMENT)
    pd.testing.assert_frame_equal(back, AGREEMENT.validate(table))
    assert back["temperature"][0] == math.inf and back["how"][1] == ""


def test_a_probe_has_one_row_per_arm_and_origin(tmp_path):
    row = RUN | {"arm": "seed", "leak": 0, "origin": 7, "difference": 0.0}
    twice = pd.DataFrame([row, row])
    with pytest.raises(BadInput):
        storage.write_csv(twice, tmp_path / "probe.csv", PROBE)
