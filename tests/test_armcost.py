"""The predicted cost of the forecasts of softgroup."""

import copy

import pytest
import yaml

from seqshift import armcost

RUN = {"dataset": "ett-h1", "horizon": "96", "backbone": "tiny"}
TEXT = """rule score_arms:
    wildcards: dataset=clusters, horizon=96, backbone=tiny
    resources: tmpdir=/tmp, predicted_seconds=3600, mem_mb=6000

rule trace_leak:
    wildcards: dataset=ett-h1, horizon=96, backbone=chronos-2
    resources: tmpdir=/tmp, predicted_seconds=1800, mem_mb=6000

This was a dry-run (flag -n).
"""


@pytest.fixture(scope="module")
def config(repo):
    return yaml.safe_load((repo / "config/config.yaml").read_text())


@pytest.mark.parametrize(
    ("size", "count"), [("nano", 13_792), ("tiny", 47_872), ("small", 202_144)]
)
def test_parameters_are_those_of_the_library_to_a_few_percent(config, size, count):
    section = copy.deepcopy(config["softgroup"])
    section["backbones"]["tiny"]["size"] = size
    assert armcost.parameters(section, "tiny") == pytest.approx(count, rel=0.05)
    assert armcost.parameters(section, "chronos-2") == 119_500_000


def test_origins_are_those_of_the_splits(config):
    spec = config["softgroup"]["datasets"]["ett-h1"] | {"bounds": [8640, 11520, 14400]}
    counts = [armcost.origins(spec, "test", h) for h in (96, 192, 336, 720)]
    assert counts == [117, 113, 107, 91]
    clusters = config["softgroup"]["datasets"]["clusters"]
    assert armcost.origins(clusters, "validation", 96) == 40


def test_series_are_those_of_the_files_or_of_the_world(config):
    sets, worlds = config["softgroup"]["datasets"], config["worlds"]
    subregions = len(worlds["subregions"]["entities"])
    assert armcost.series(config, sets["eia930-hourly"]) == subregions
    assert armcost.series(config, sets["clusters"]) == 24
    real = copy.deepcopy(config)
    real["sources"]["m4"]["origin"] = "mirror"
    assert armcost.series(real, sets["m4-hourly"]) == 414
    assert armcost.series(real, sets["m4-seed50"]) == 50


@pytest.mark.parametrize(
    "rule", ["score_validation", "score_arms", "trace_leak", "trace_sample_curve"]
)
def test_larger_backbones_and_longer_horizons_cost_more(config, rule):
    changed = copy.deepcopy(config)
    changed["softgroup"]["datasets"]["ett-h1"]["bounds"] = [8640, 11520, 14400]
    one = armcost.seconds(changed, rule, RUN)
    assert armcost.seconds(changed, rule, RUN | {"backbone": "chronos-2"}) > 10 * one
    assert armcost.seconds(changed, rule, RUN | {"horizon": "336"}) > one
    changed["softgroup"]["throughput"]["start_seconds"] += 100
    assert armcost.seconds(changed, rule, RUN) == one + 100


def test_a_job_costs_what_all_its_seeds_do(config):
    changed = copy.deepcopy(config)
    changed["softgroup"]["throughput"]["start_seconds"] = 0
    five = armcost.seconds(changed, "score_arms", RUN)
    changed["softgroup"]["backbones"]["tiny"]["seeds"] = [0]
    assert five == pytest.approx(5 * armcost.seconds(changed, "score_arms", RUN), abs=5)


def test_a_training_costs_what_its_steps_do(config):
    one = armcost.training(config, "tiny")
    assert 120 < one < 300  # seconds on one thread, measured at 145
    changed = copy.deepcopy(config)
    changed["softgroup"]["backbones"]["tiny"]["steps"] *= 2
    start = config["softgroup"]["throughput"]["start_seconds"]
    assert armcost.training(changed, "tiny") == pytest.approx(2 * one - start, abs=1)


def test_a_dry_run_is_summed_by_rule_and_backbone(capsys):
    armcost.main(TEXT)
    lines = capsys.readouterr().out.splitlines()
    assert "| score_arms |    1 | 1.000 |           1.000 |" in lines
    assert "| chronos-2 |    1 | 0.500 |           0.500 |" in lines
    assert sum("1.500" in line for line in lines) == 2
