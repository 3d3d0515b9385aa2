import pandas as pd
import pytest
import yaml

from seqshift import revisions, sidecar
from seqshift.errors import BadInput

HEADER = "DATE,OPEN,HIGH,LOW,CLOSE\n"
OLD = HEADER + "2020-01-02,1,2,1,2\n2020-01-03,1,3,1,2\n"
NEW = HEADER + "2020-01-03,1,3,1,3\n2020-01-06,1,2,1,2\n2020-01-07,1,2,1,2\n"
SPEC = {
    "kind": "vix",
    "origin": "download",
    "licence": "own work",
    "redistributable": True,
}


@pytest.fixture
def folder(tmp_path):
    """Return a folder with the old file and the new one staged."""
    staging = tmp_path / "vix" / ".staging"
    staging.mkdir(parents=True)
    for place, text in ((staging.parent, OLD), (staging, NEW)):
        (place / "v.csv").write_text(text)
        sidecar.write(place / "v.csv", SPEC, "new")
    return staging.parent


def check(folder, **spec):
    revisions.check(SPEC | spec, folder / ".staging", folder, ["v.csv"])
    return sidecar.read(folder / ".staging" / "v.csv")["status"]


def test_a_file_equal_to_its_pin_is_pinned(folder):
    pin = sidecar.sha256(folder / ".staging" / "v.csv")
    assert check(folder, pins={"v.csv": pin}) == "pinned"


def test_a_revision_is_refused_with_both_hashes_and_the_rows_that_differ(folder):
    pin = sidecar.sha256(folder / "v.csv")
    new = sidecar.sha256(folder / ".staging" / "v.csv")
    with pytest.raises(BadInput) as error:
        check(folder, pins={"v.csv": pin})
    words = str(error.value)
    assert pin in words and new in words
    assert "2 rows added, 1 rows removed, 1 rows changed" in words
    staged = folder / ".staging" / "v.csv"
    assert not staged.exists(), "the refused file would be taken for complete"


def test_under_the_policy_record_a_revision_is_accepted_and_named(folder):
    pins = {"v.csv": "0" * 64}
    assert check(folder, pins=pins, pin_policy="record") == "changed upstream"


def test_the_new_hashes_can_be_used_as_configuration(folder):
    check(folder)
    overlay = yaml.safe_load((folder / "pins.yaml").read_text())
    pins = overlay["sources"]["vix"]["pins"]
    assert check(folder, pins=pins) == "pinned"


def test_simulated_files_are_not_compared_with_pins(folder):
    assert check(folder, origin="simulate", pins={"v.csv": "0" * 64}) == "new"


def test_compare_takes_two_missing_values_for_equal():
    frame = pd.DataFrame({"k": [1, 2], "v": [1.0, None]})
    counts = {"added": 0, "removed": 0, "changed": 0}
    assert revisions.compare(frame, frame, ["k"]) == counts
    assert revisions.compare(frame, frame.fillna(3.0), ["k"])["changed"] == 1
