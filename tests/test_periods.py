"""Years made of quarters."""

import numpy as np
import pytest
import xarray as xr

from seqshift import periods

LABELS = ["2001Q1", "2001Q2", "2001/heat", "2002Q1", "2002Q2"]


@pytest.fixture
def data():
    values = np.arange(2 * 5 * 1 * 3, dtype=np.float32).reshape(2, 5, 1, 3)
    count = np.array([[1, 3, 5, 2, 0], [0, 0, 4, 2, 2]])
    values[count == 0] = np.nan
    role = np.where([[True] * 3 + [False] * 2] * 2, "reference", "test")
    role = np.where(count > 0, role, "")
    coords = {
        "entity": ["A", "B"],
        "period": LABELS,
        "lag": [1],
        "feature": ["x", "y", "z"],
        "year": ("period", [2001, 2001, 2001, 2002, 2002]),
        "slice": ("period", ["", "", "heat", "", ""]),
        "role": (("entity", "period"), role),
        "sample_role": ("sample", ["reference", "test"]),
    }
    variables = {
        "magnitude": (("entity", "period", "lag", "feature"), values),
        "windows": (("entity", "period"), count),
        "explained": (("sample", "feature"), np.ones((2, 3))),
    }
    return xr.Dataset(variables, coords, {"seed": 3})


def test_a_year_is_the_mean_over_the_windows_of_its_quarters(data):
    found = periods.yearly(data)
    assert found["slice"].values.tolist() == ["", "heat", ""]
    values = data["magnitude"].to_numpy().astype(float)
    year = (values[0, 0] * 1 + values[0, 1] * 3) / 4
    np.testing.assert_allclose(found["magnitude"][0, 0], year, rtol=1e-12)
    np.testing.assert_allclose(found["magnitude"][0, 2], values[0, 3], rtol=1e-12)
    np.testing.assert_allclose(found["magnitude"][:, 1], values[:, 2], rtol=1e-12)
    assert found["windows"].values.tolist() == [[4, 5, 2], [0, 4, 4]]
    assert found.attrs == {"seed": 3}


def test_a_year_has_the_role_of_its_quarters_and_none_without_windows(data):
    found = periods.yearly(data)
    assert found["role"].values.tolist() == [
        ["reference", "reference", "test"],
        ["", "reference", "test"],
    ]
    assert np.isnan(found["magnitude"][1, 0]).all()
