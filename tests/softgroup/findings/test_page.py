"""The page a reader of the study opens."""

import html
import re

import pandas as pd
import pytest

import softgroupstudy
import softgrouptables as made
from seqshift.plotting import style
from seqshift.softgroup.findings import page

GATE = {
    "backbone": "tiny", "seed": 0, "parameters": 47872, "mase": 0.97, "wql": 0.138,
    "seasonal_naive": {"mase": 1.05, "wql": 0.189},
    "right_groups": {"gain_pct": 1.58, "ci_low": 1.3, "ci_high": 1.92},
}  # fmt: skip
PROBE = pd.DataFrame({"leak": [0, 0, 1], "difference": [0.0, 0.0, 5.5]})


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    return written(tmp_path_factory.mktemp("page"), softgroupstudy.make())


def written(folder, study, trained=("tiny",)) -> str:
    tables = {name: study[name] for name in page.TABLES} | {"probe": PROBE}
    png = folder / "f1.png"
    style.save(style.empty("nothing in this run."), folder / "f1.pdf", png)
    about = {
        "title": "A study of masks",
        "planned": study["cells"],
        "absent": [softgroupstudy.WEIGHTS],
        "trained": list(trained),
        "statistics": made.STATISTICS,
        "gate": {"enforced": False, "mase": 1.0, "wql": 0.15},
    }
    figures = {"f1": (png, "What is shown.\n\nHow to read it.")}
    page.write(folder / "report.html", tables, figures, [GATE], about)
    return (folder / "report.html").read_text()


def plain(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def test_it_opens_with_what_was_not_tested_then_claims(text):
    names = "missing claims answers gains leak figures backbones".split()
    places = [text.index(f'id="{name}"') for name in names]
    assert places == sorted(places)
    first = plain(text[: places[1]])
    assert "Not tested on chronos-2" in first and "tiny" in first
    assert "ett-h2" in first and "no file of ETTh2" in first
    assert "Calendar unknown: m4-hourly" in first
    assert "Simulated data: clusters" in first


def test_every_claim_has_a_line_with_verdict_effect_and_reason(text):
    claims = softgroupstudy.make()["claims"]
    table = text.split('aria-label="Table of claims"')[1].split("</table>")[0]
    lines = [plain(line) for line in table.split("<tr>")[2:]]
    assert [line.split()[0] for line in lines] == [f"C{k}" for k in range(1, 10)] + [
        "C1–C9"
    ]
    assert "its weights were not run" in lines[-1]
    assert plain(claims.loc[claims["id"] == "C2", "text"].iloc[0]) in lines[1]


def test_the_leak_has_its_verdict_and_the_weights_that_were_not_run(text):
    part = plain(text.split('id="leak"')[1].split('id="figures"')[0])
    leaks = softgroupstudy.make()["leaks"]
    judged = leaks[leaks["verdict"] != ""].iloc[0]
    assert f"ett-h1 with tiny (real): {judged['verdict']}." in part
    assert "not tested on chronos-2" in part
    assert "(must be 0); inside it: 5.50" in part


def test_numbers_of_published_weights_are_not_called_trained_here(text, tmp_path):
    said = "All numbers below are of backbones trained here (tiny)"
    assert said in plain(text) and "Shown with backbones trained here" in plain(text)
    other = plain(written(tmp_path, softgroupstudy.make(), trained=()))
    assert "trained here" not in other and "Not tested on chronos-2" in other


def test_numbers_of_both_kinds_of_weights_are_told_apart(tmp_path):
    study = softgroupstudy.make()
    hub = made.ETTH1 | {"backbone": "weights"}
    mixed = study | {"cells": [*study["cells"], hub]}
    text = plain(written(tmp_path, mixed))
    assert "Rows of tiny are of backbones trained here" in text
    assert "All numbers" not in text and "Shown with" not in text


def test_captions_name_backbones_seeds_units_and_world(text):
    part = plain(text.split('id="figures"')[1])
    assert "Backbones: tiny (2 seeds)." in part
    assert "ett-h1 H = 96: 117 origins, real" in part
    assert "clusters H = 96: 40 replicates, simulated" in part


def test_it_needs_no_other_file_and_says_what_bounds_a_backbone_had(text):
    assert not re.search(r'(?:src|href)="(?:https?:)?//', text)
    assert "data:image/png;base64" in text and "47,872" in text
    assert "the bounds are not enforced" in text


def test_without_a_leak_it_says_so(tmp_path):
    study = softgroupstudy.make()
    study = study | {"leaks": study["leaks"].iloc[:0]}
    assert "No batch of mixed origins" in plain(written(tmp_path, study))


def test_no_probe_is_no_sentence_about_probes():
    assert page.probed(PROBE.iloc[:0]) == {}
    assert page.probed(PROBE) == {"honest": 0.0, "leak": 5.5, "count": 3}
