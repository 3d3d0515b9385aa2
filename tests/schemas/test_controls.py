"""Tables of the trial of Cos-Drift."""

import numpy as np
import pandas as pd
import pytest

from seqshift import storage
from seqshift.errors import BadInput
from seqshift.schemas.controls import CONTROLS, EVIDENCE, QUARTERS

RUN = {"domain": "d", "modality": "m", "model": "n"}
NUMBERS = dict.fromkeys(("value", "low", "high", "bound", "p"), np.nan)


def judged(**fields) -> pd.DataFrame:
    row = RUN | NUMBERS | {"control": "id-id", "passed": False, "status": "ok"}
    return pd.DataFrame([row | {"seeds": 2, "units": 8, "detail": ""} | fields])


def test_controls_survive_a_csv_with_nothing_but_missing_numbers(tmp_path):
    table = judged()[list(CONTROLS.columns)]
    storage.write_csv(table, tmp_path / "controls.csv", CONTROLS)
    back = storage.read_csv(tmp_path / "controls.csv", CONTROLS)
    pd.testing.assert_frame_equal(back, CONTROLS.validate(table))
    assert back["passed"].dtype == bool


@pytest.mark.parametrize("fields", [{"control": "luck"}, {"status": "fine"}])
def test_unknown_controls_and_statuses_are_refused(fields, tmp_path):
    with pytest.raises(BadInput):
        storage.write_csv(judged(**fields), tmp_path / "controls.csv", CONTROLS)


def test_a_control_stands_once_per_run(tmp_path):
    twice = pd.concat([judged(), judged()])[list(CONTROLS.columns)]
    with pytest.raises(BadInput):
        storage.write_csv(twice, tmp_path / "controls.csv", CONTROLS)


def test_evidence_of_the_run_as_a_whole_has_no_entity():
    row = RUN | {"seed": 0, "entity": "", "control": "completeness", "value": 1e-6}
    row |= {"amplitude": 0.0, "null_mean": np.nan, "p": np.nan, "least_p": np.nan}
    EVIDENCE.validate(pd.DataFrame([row])[list(EVIDENCE.columns)])


@pytest.mark.parametrize(("period", "fine"), [("2013Q1", True), ("2013/heat", False)])
def test_the_periods_of_quarters_are_quarters(period, fine, tmp_path):
    row = RUN | {"seed": 0, "entity": "E", "period": period, "variant": "ig"}
    row |= {"role": "test", "windows": 4} | dict.fromkeys(
        ("drift", "null_mean", "null_sd", "z"), 0.1
    )
    frame = pd.DataFrame([row])[list(QUARTERS.columns)]
    if fine:
        storage.write_table(frame, tmp_path / "quarters.parquet", QUARTERS)
        return
    with pytest.raises(BadInput):
        storage.write_table(frame, tmp_path / "quarters.parquet", QUARTERS)
