import numpy as np
import pandas as pd
import pandera.pandas as pa
import pytest

from seqshift.schemas.features import features

DAYS = pd.to_datetime(["2020-01-01", "2020-01-02"]).as_unit("ns")
GOOD = {
    "entity": "AAA",
    "date": DAYS,
    "step": [0, 1],
    "repaired": [0.0, 0.25],
    "target_1": [1.0, np.nan],
    "naive_1": [np.nan, 0.0],
    "load": [1.0, 2.0],
}


def test_a_good_table_passes_with_missing_targets():
    frame = pd.DataFrame(GOOD)
    assert features(["load"], [1]).validate(frame).equals(frame)


@pytest.mark.parametrize(
    "changes",
    [
        {"load": [1.0, np.nan]},
        {"load": [1.0, np.inf]},
        {"load": [1, 2]},
        {"target_1": [1.0, -np.inf]},
        {"date": DAYS[0]},
        {"date": DAYS + pd.Timedelta(hours=1)},
        {"date": DAYS.as_unit("us")},
        {"step": [0.0, 1.0]},
        {"repaired": [0.0, 1.1]},
        {"repaired": [0.0, np.nan]},
        {"entity": ""},
        {"more": 1.0},
    ],
)
def test_a_bad_table_is_refused(changes):
    with pytest.raises((pa.errors.SchemaError, pa.errors.SchemaErrors)):
        features(["load"], [1]).validate(pd.DataFrame(GOOD | changes))


def test_every_horizon_and_feature_is_required():
    for schema in (features(["load"], [1, 2]), features(["load", "vix"], [1])):
        with pytest.raises((pa.errors.SchemaError, pa.errors.SchemaErrors)):
            schema.validate(pd.DataFrame(GOOD))
