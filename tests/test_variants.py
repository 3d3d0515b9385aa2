"""What is explained beside the run itself."""

import numpy as np
import pytest
import torch

from nets import KINDS, Linear, build
from panel import describe, small_panel
from seqshift import attribution, sampling, variants
from seqshift.errors import BadInput

EVERY = [*variants.VARIANTS]


@pytest.fixture(scope="module")
def panel():
    return small_panel()


def attribute(panel, model, meta=None, names=EVERY[1:], **rule):
    rule = panel.spec["attribution"] | {"variants": list(names)} | rule
    spec = panel.spec | {"attribution": rule}
    meta = meta or describe()
    return attribution.attribute(
        model, meta, panel.features, panel.roles, spec, panel.drift
    )


@pytest.fixture(scope="module")
def found(panel):
    return attribute(panel, build("mlp"))


@pytest.fixture(scope="module")
def linear(panel):
    return attribute(panel, Linear())


def run_of(panel, net, seed=0, **meta):
    cut, frame = panel.cut(*sampling.SIDE)
    rule = panel.spec["attribution"]
    return variants.Run(net, describe() | meta, cut, frame, panel.spec, rule, seed)


def explained(found, name):
    """Return which periods (entity, period) a variant explains."""
    return found["magnitude"].sel(variant=name).notnull().all(["lag", "feature"])


def test_the_primary_variant_explains_every_period_and_comes_first(found):
    assert found["variant"].values.tolist() == EVERY
    assert (explained(found, "ig") == (found["windows"] > 0)).all()


def test_the_others_explain_the_quarters_of_seen_entities(found):
    plain = (found["windows"] > 0) & (found["slice"] == "")
    plain &= found["entity"] != "SOUTH"
    assert plain.any()
    for name in ("gradient-shap", "untrained", "pooled", "within"):
        assert (explained(found, name) == plain).all(), name


def test_shifts_explain_every_second_reference_year(found):
    for name in ("shift-0.5", "shift-1", "shift-2"):
        there = explained(found, name)
        assert set(there["year"].values[there.any("entity")]) == {2002}  # of 2001, 2002
        assert set(found["role"].values[there]) == {"reference"}
        assert not there.sel(entity="SOUTH").any()


def test_the_even_years_are_counted_for_each_entity(panel, found):
    cut, frame = panel.cut(*sampling.SIDE)
    eligible = sampling.eligible(frame, panel.spec, panel.drift)
    late = eligible[(eligible["entity"] != "WEST") | (eligible["year"] != 2001)]
    late = late[late["slice"] == ""].reset_index(drop=True)
    kept = late[variants.chosen("shift-1", late, ["EAST", "WEST"])]
    assert kept.groupby("entity")["year"].unique().map(list).to_dict() == {
        "EAST": [2002]  # WEST has one reference year and so no second one
    }


def test_a_linear_model_shows_what_each_variant_changed(panel, linear):
    weight = np.abs(Linear().weight.detach().numpy())
    value = {name: linear["magnitude"].sel(variant=name) for name in EVERY}
    there = explained(linear, "shift-2")
    for name in ("pooled", "within", "shift-2"):
        own = value[name].sel(feature="load"), value["ig"].sel(feature="load")
        same = explained(linear, name).values
        np.testing.assert_allclose(own[0].values[same], own[1].values[same], atol=1e-5)
    signed = linear["signed"] / Linear().weight.detach().numpy()
    change = signed.sel(variant="shift-2") - signed.sel(variant="ig")
    np.testing.assert_allclose(change.sel(feature="temp").values[there], 2, atol=1e-4)
    moved = value["pooled"].sel(feature="temp") - value["ig"].sel(feature="temp")
    assert (np.abs(moved) > 0.01 * weight.min()).mean() > 0.2


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_explained_in_every_variant(panel, kind):
    spec = KINDS[kind] | {"entity_dropout": 0.0}
    meta = describe() | {"model": kind, "kind": kind, "spec": spec}
    fine = {"steps": 50, "control_steps": 50, "windows_per_year": 4}
    found = attribute(panel, build(kind), meta, **fine)
    assert all(explained(found, name).any() for name in EVERY)
    gaps = found["gap"].sel(variant=[name for name in EVERY if name != "gradient-shap"])
    assert (gaps < 1e-3).all()
    assert found["gap"].sel(variant="gradient-shap").isnull()


def test_an_untrained_network_has_the_same_shape_and_other_weights(panel, monkeypatch):
    used = []
    untouched = variants.integrate

    def integrate(model, *rest):
        used.append({k: v.clone() for k, v in model.state_dict().items()})
        return untouched(model, *rest)

    monkeypatch.setattr(variants, "integrate", integrate)
    model = build("mlp")
    before = torch.random.get_rng_state()
    for meta in ({}, {}, {"seed": 4}, {"model": "lstm", "kind": "mlp"}):
        meta = {"spec": KINDS["mlp"], **meta}
        variants.untrained(run_of(panel, model, **meta), np.arange(3))
    assert torch.equal(torch.random.get_rng_state(), before)
    one, again, other, _ = used
    shapes = {k: v.shape for k, v in model.state_dict().items()}
    assert {k: v.shape for k, v in one.items()} == shapes
    key = next(k for k, v in shapes.items() if len(v) == 2)
    assert torch.equal(one[key], again[key])
    torch.manual_seed(3)  # with which the training of seed 3 begins
    start = type(model)(panel.shape, KINDS["mlp"] | {"entity_dropout": 0}).state_dict()
    for different in (model.state_dict(), other, start):
        assert not torch.equal(one[key], different[key])


def shuffled(panel, monkeypatch, variant, **keys):
    """Return the windows that a variant explains, of all rows."""
    taken = {}

    def integrate(model, cut, *rest):
        taken["cut"] = cut
        return np.zeros(cut.x.shape), np.zeros(1)

    monkeypatch.setattr(variants, "integrate", integrate)
    run = run_of(panel, Linear(), **keys)
    variant(run, np.arange(len(run.cut)))
    return run, taken["cut"]


@pytest.mark.parametrize("name", ["pooled", "within"])
def test_shuffles_permute_whole_paths_of_an_entity(panel, monkeypatch, name):
    run, cut = shuffled(panel, monkeypatch, variants.VARIANTS[name])
    assert np.array_equal(cut.x[..., 0], run.cut.x[..., 0])
    entity = run.frame["entity"].to_numpy()
    test = (run.frame["role"] == "temporal_test").to_numpy()
    crossed = 0
    for one in ("EAST", "WEST"):
        parts = [entity == one]
        if name == "within":
            parts = [(entity == one) & test, (entity == one) & ~test]
        for rows in parts:
            before, after = (
                np.sort(c.x[rows][..., 1:].reshape(rows.sum(), -1).round(5), axis=0)
                for c in (run.cut, cut)
            )
            assert np.array_equal(before, after)
        rows = (entity == one) & test
        bank = {path.tobytes() for path in run.cut.x[rows][..., 1:]}
        crossed += sum(path.tobytes() not in bank for path in cut.x[rows][..., 1:])
    assert (crossed > 100) == (name == "pooled")


def test_draws_are_those_of_the_domain_not_of_the_run(panel, monkeypatch):
    every = [
        shuffled(panel, monkeypatch, variants.pooled, **keys)[1].x
        for keys in ({}, {"model": "lstm"}, {"domain": "finance"})
    ]
    assert np.array_equal(every[0], every[1])
    assert not np.array_equal(every[0], every[2])
    other = shuffled(panel, monkeypatch, variants.pooled, seed=1)[1].x
    assert not np.array_equal(every[0], other)


def test_points_count_both_ends_of_a_path_as_one(panel):
    model, rule = Linear(), panel.spec["attribution"]
    plain = attribute(panel, model, names=[])
    assert plain.attrs["points"] == plain.attrs["explained"] * (rule["steps"] + 1)
    quarters = plain["windows"].where(plain["slice"] == "", 0).drop_sel(entity="SOUTH")
    for name, steps in (("gradient-shap", rule["steps"]), ("pooled", 6 + 1)):
        more = attribute(panel, model, names=[name])
        points = more.attrs["points"] - plain.attrs["points"]
        assert points == int(quarters.sum()) * steps


def test_an_unknown_variant_is_one_sentence_with_the_choices(panel):
    with pytest.raises(BadInput, match="'poled': choose one of .*pooled") as caught:
        attribute(panel, Linear(), names=["poled"])
    assert "\n" not in str(caught.value)
