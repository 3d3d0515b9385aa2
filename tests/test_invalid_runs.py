"""From attributions to the report: a run whose controls fail is marked everywhere."""

import numpy as np
import pandas as pd
import pytest

import resulttables
from attributions import dataset as attributions
from attributions import random_values, sides
from errortable import STATISTICS
from seqshift import report, storage, tables
from seqshift.plotting import control_panel, verdicts
from seqshift.schemas import controls, results
from trialtables import RULES

SPEC = {"permutations": 199, "seed": 0, "min_mass": 0.01, "max_gap": 1e-3}
SIZES = {"entities": 6, "years": 13, "noise": 300}


def made(seed: int, sound: bool):
    """Return attributions of a run under covariate shift; unsound: pooled drifts."""
    base = np.random.default_rng(7).gamma(3, size=(2, 3))
    values = random_values(seed, base=base, **SIZES)
    values[:, 9:, :, 1] *= 2
    calm = random_values(seed + 10, base=base, **SIZES)
    others = {
        "untrained": random_values(seed + 20, base=base[::-1, ::-1], **SIZES),
        "within": values,
        "pooled": calm if sound else values * [1.0, 3.0, 1.0],
    }
    if not sound:
        others["pooled"][:, 9:, 1, 1] *= 3
    for amplitude in (0.5, 1, 2):
        shifted = np.full_like(values, np.nan)
        shifted[:, 1:9:2] = values[:, 1:9:2]
        shifted[..., 1] *= 1 + amplitude
        others[f"shift-{amplitude}"] = shifted
    return attributions(values, [sides(9, 4)] * 6, others=others, seed=seed)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return the tables of two models, of which lstm is unsound."""
    root = tmp_path_factory.mktemp("study")
    with pytest.MonkeyPatch.context() as patch:
        parts = [run(root, patch, *one) for one in
                 [("mlp", 0), ("mlp", 1), ("lstm", 0), ("lstm", 1)]]  # fmt: skip
        for name in ("drift", "ranks"):
            schema = getattr(results, name.upper())
            joined = tables.join([part[name] for part in parts], schema)
            storage.write_table(joined, root / f"{name}.parquet", schema)
        inputs = {"evidence": [part["evidence"] for part in parts]}
        inputs |= {name: str(root / f"{name}.parquet") for name in ("drift", "ranks")}
        out = {"controls": str(root / "controls.csv")}
        resulttables.run("judge_controls.py", patch, inputs, out, {"rules": RULES})
        hypotheses(root, patch)
    return root


def run(root, patch, model: str, seed: int) -> dict[str, str]:
    place = root / "results/market/natural" / model / f"seed={seed}"
    place.mkdir(parents=True)
    data = made(seed, sound=model == "mlp").assign_attrs(model=model)
    storage.write_array(data, place / "attributions.nc")
    names = {"drift": "drift", "ranks": "ranks", "quarters": "quarters"}
    names |= {"evidence": "controls"}
    out = {key: str(place / f"{name}.parquet") for key, name in names.items()}
    inputs = {"attributions": str(place / "attributions.nc")}
    resulttables.run("measure_drift.py", patch, inputs, out, {"drift": SPEC})
    return out


def hypotheses(root, patch):
    """Test a G-Ratio of two that both models have beside a skill."""
    rng = np.random.default_rng(0)
    key = {"domain": "market", "modality": "natural", "axis": "temporal", "slice": ""}
    key |= {"period": "", "count": 500, "status": "ok"}
    rows, draws = [], []
    for model in ("mlp", "lstm"):
        for seed in (0, 1):
            own = key | {"model": model, "seed": seed}
            for column in ("seed", "corr"):
                for entity in range(6):
                    value = np.log(2) + 0.01 * rng.normal()
                    fields = {"metric": "g_ratio", "column": column, "value": value}
                    rows.append(own | fields | {"entity": f"E{entity}"})
            for metric in ("skill_train", "skill_id"):
                fields = {"metric": metric, "column": "info", "value": 0.5}
                rows.append(own | fields | {"entity": "E0"})
        for column in ("seed", "corr"):
            fields = key | {"model": model, "seed": 0, "blocks": 6, "column": column}
            draws += [
                fields | {"metric": "g_ratio", "replicate": n, "value": 0.01 * n}
                for n in range(5)
            ]
    found = {"scores": rows, "resamples": draws}
    for name, frame in found.items():
        schema = getattr(results, name.upper())
        frame = pd.DataFrame(frame)[list(schema.columns)]
        storage.write_table(frame, root / f"{name}.parquet", schema)
    inputs = {name: str(root / f"{name}.parquet") for name in found}
    inputs["controls"] = str(root / "controls.csv")
    params = {"statistics": STATISTICS, "baselines": ["naive"]}
    out = {"tests": str(root / "tests.csv")}
    resulttables.run("test_hypotheses.py", patch, inputs, out, params)


@pytest.fixture(scope="module")
def read(folder):
    paths = {name: str(folder / f"{name}.csv") for name in ("tests", "controls")}
    return tables.read_all(paths)


def test_a_sound_run_passes_all_that_can_be_tested(read):
    own = read["controls"].query("model == 'mlp'").set_index("control")
    assert (own["status"].drop(["within", "untrained"]) == "ok").all()
    assert own["passed"].drop(["within", "untrained"]).all(), own["detail"].to_dict()
    assert own.loc["within", "value"] == pytest.approx(1)


def test_the_tests_of_an_invalid_run_name_the_control_and_keep_their_numbers(read):
    tests = read["tests"].set_index("model")
    assert tests.loc["lstm", "controls"] == "pooled"
    assert tests.loc["mlp", "controls"] == ""
    assert tests.loc["lstm", "estimate"] == pytest.approx(2, rel=0.05)
    assert set(tests["verdict"]) == {"fails"} and set(tests["status"]) == {"ok"}


def test_the_report_opens_with_the_run_and_marks_its_rows(read, tmp_path):
    report.write(tmp_path / "report.html", read, {}, {"alpha": 0.05})
    text = " ".join((tmp_path / "report.html").read_text().split())
    opening = text.split('id="invalid"')[1].split("</div>")[0]
    assert "market, natural, <strong>lstm</strong>: pooled" in opening
    assert "mlp" not in opening
    section = text.split('<h2 id="verdicts">')[1].split("<h2 ")[0]
    assert section.count("<strong>invalid</strong>: pooled") == 1
    assert "nothing is claimed of its drift" in section


def test_the_figures_show_the_invalid_run(read):
    labels = verdicts.draw(read).axes[0].get_yticklabels()
    assert [one.get_text() for one in labels] == ["mlp", "lstm\n(invalid)"]
    panel = control_panel.draw(read).axes[0]
    marks = [line.get_marker() for line in panel.lines if len(line.get_xdata()) == 1]
    assert sorted(marks) == ["X", "o"]


def test_the_tables_satisfy_their_schemas(folder):
    storage.read_csv(folder / "controls.csv", controls.CONTROLS)
    place = folder / "results/market/natural/mlp/seed=0"
    storage.read_table(place / "quarters.parquet", controls.QUARTERS)
    storage.read_table(place / "controls.parquet", controls.EVIDENCE)
