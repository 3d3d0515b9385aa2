"""A backbone that has learned to share, on clusters whose groups are known."""

import pytest
import yaml

from seqshift.softgroup import backbones
from seqshift.softgroup.data import cutting, priors
from seqshift.softgroup.pretraining import gate, training
from seqshift.softgroup.runs import scoring
from seqshift.statistics import means

RUN = {"backbone": "tiny", "seed": 0}
SELECTED = {"single": "soft_single_corr-abs_b2", "wrong": "soft_wrong_corr-abs_b1"}


@pytest.fixture(scope="module")
def section(repo):
    return yaml.safe_load((repo / "config/config.yaml").read_text())["softgroup"]


@pytest.fixture(scope="module")
def trained(section, tmp_path_factory):
    """Return the folder of the embedded backbone, trained in full."""
    spec = section["backbones"]["tiny"]
    spec = spec | {"size": section["sizes"][spec["size"]]}
    sizes = (spec[key] for key in ("series", "length", "context", "patch"))
    folder = tmp_path_factory.mktemp("tiny")
    training.train(priors.prior_groups(0, *sizes), spec, 0, folder)
    return folder


@pytest.fixture(scope="module")
def gain(section, trained):
    """Return a function of two arms: the gain of the first over the second in %."""
    return gains(section, trained)


def gains(section, folder):
    """Return the function of `gain` for a trained backbone."""
    clusters = section["datasets"]["clusters"]
    made = [
        cutting.cut("clusters", clusters, split, 96, [], "simulated")
        for split in ("test", "validation")
    ]
    few = {"corr-abs": [1, 2]}
    spec = section["arms"] | {"min_overlap": 16, "probes": 1}
    spec["set"] = {"single": few, "wrong": few, "controls": [2]}
    losses, _, _ = scoring.score(scoring.load(folder), *made, spec, SELECTED, RUN)
    whole = losses["sql"] * losses["n_steps"] / 96
    by_replicate = whole.groupby([losses["arm"], losses["origin"]]).sum().unstack()

    def of(arm, base):
        apart = by_replicate.loc[base] - by_replicate.loc[arm]
        return means.independent(100 * apart / by_replicate.loc[base].mean())

    return of


@pytest.mark.slow
def test_the_embedded_backbone_passes_the_gate(section, trained):
    clusters = section["datasets"]["clusters"]
    found = gate.judge(backbones.load(trained), section["gate"], clusters, trained)
    gate.keep(found, section["gate"], "tiny")


@pytest.mark.slow
def test_right_groups_help_and_a_similarity_finds_part_of_them(gain):
    right = gain("hard_right", "hard_single")
    soft = gain("soft_single_corr-abs_b2", "hard_single")
    assert right.interval()[0] > 0
    assert soft.interval()[0] > 0
    assert gain("oracle", "hard_right").mean == 0
    assert 0.3 < soft.mean / right.mean < 1


@pytest.mark.slow
def test_what_a_similarity_adds_is_lost_with_its_owners_or_at_its_dose(gain):
    for control in ("ctrl_permute_b2", "ctrl_shuffle_b2", "ctrl_dose_b2"):
        assert gain("soft_single_corr-abs_b2", control).interval()[0] > 0


@pytest.mark.slow
def test_wrong_groups_do_not_help_and_a_similarity_mends_part_of_them(gain):
    assert gain("hard_wrong", "hard_right").interval()[1] < 0
    assert gain("soft_wrong_corr-abs_b1", "hard_wrong").interval()[0] > 0
