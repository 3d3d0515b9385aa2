"""The pipeline a user of Chronos-2 picks up."""

import numpy as np
import pandas as pd
import pytest
import torch

chronos = pytest.importorskip("chronos", reason="run make extras EXTRAS=softgroup")

from seqshift.errors import BadInput  # noqa: E402
from seqshift.softgroup import similarity  # noqa: E402
from seqshift.softgroup.mask import BUILDER  # noqa: E402
from seqshift.softgroup.origins import MixedOriginError  # noqa: E402
from seqshift.softgroup.pipeline import SoftGroupPipeline, forecast  # noqa: E402
from seqshift.softgroup.settings import SoftGroups  # noqa: E402

SHARE = SoftGroups(same_origin=True, min_overlap=16)


@pytest.fixture
def frame(contexts) -> pd.DataFrame:
    """Return five related items of one origin, the first with a short history."""
    hours = pd.date_range("2024-01-01", periods=64, freq="h")
    parts = [
        pd.DataFrame({"item_id": f"p{row}", "timestamp": hours, "target": values})
        for row, values in enumerate(contexts[[1, 2, 4, 6, 7]].double().numpy())
    ]
    parts[0] = parts[0].iloc[24:]
    return pd.concat(parts, ignore_index=True)


def stacked(forecasts: list[torch.Tensor]) -> torch.Tensor:
    return torch.stack(forecasts)


def test_forecast_is_predict_of_the_same_rows(pipeline, contexts):
    S = similarity.of(contexts, "corr", min_overlap=16)
    ours = forecast(pipeline, contexts, 80, torch.arange(10), S, beta=2)
    theirs = pipeline.predict(list(contexts), 80, similarity=SHARE, beta=2)
    assert ours.shape == (10, 9, 80)
    assert torch.equal(ours, torch.cat(theirs))


def test_a_forecast_holds_nine_quantiles_of_whatever_a_model_knows(
    random_model, contexts
):
    levels = [0.01, 0.05, *(round(0.1 * k, 1) for k in range(1, 10)), 0.95]
    pipeline = SoftGroupPipeline(random_model(quantiles=levels))
    ours = forecast(pipeline, contexts, 80, torch.arange(10))
    theirs = chronos.Chronos2Pipeline(pipeline.model).predict(list(contexts), 80)
    assert torch.equal(ours, torch.cat(theirs)[:, 2:11])


def test_predict_quantiles_takes_the_same_arguments(pipeline, contexts):
    settings = dict(similarity="cosine", beta=3.0, same_origin=True)
    quantiles, mean = pipeline.predict_quantiles(
        list(contexts), 32, quantile_levels=[0.2, 0.5], **settings
    )
    expected = stacked(pipeline.predict(list(contexts), 32, **settings))
    assert torch.equal(stacked(quantiles), expected[:, :, [1, 4]].transpose(2, 3))
    assert torch.equal(stacked(mean), expected[:, :, 4])


def test_predict_df_is_predict_quantiles_of_its_items(pipeline, frame):
    settings = dict(similarity=SoftGroups(min_overlap=16), beta=2.0)
    # Time stamps speak for the origins, whatever the settings of the pipeline.
    pipeline.soft = SoftGroups(origins=[0, 1])
    table = pipeline.predict_df(frame, prediction_length=40, **settings)
    pipeline.soft = None
    series = [
        torch.tensor(part["target"].to_numpy()) for _, part in frame.groupby("item_id")
    ]
    quantiles, _ = pipeline.predict_quantiles(series, 40, same_origin=True, **settings)
    for number, level in enumerate(pipeline.quantiles):
        expected = torch.cat(quantiles)[..., number].flatten()
        np.testing.assert_array_equal(table[str(level)], expected)
    hard = pipeline.predict_df(frame, prediction_length=40)
    assert not hard["0.5"].equals(table["0.5"])


@pytest.mark.parametrize("joint", [False, True])
def test_predict_df_without_a_similarity_is_upstream(pipeline, frame, joint):
    options = dict(prediction_length=40, cross_learning=joint)
    theirs = chronos.Chronos2Pipeline(pipeline.model).predict_df(frame, **options)
    pd.testing.assert_frame_equal(pipeline.predict_df(frame, **options), theirs)


def test_arguments_of_a_call_are_forgotten_after_it(pipeline, contexts):
    pipeline.soft = SHARE
    kept = stacked(pipeline.predict(list(contexts), 32))
    once = stacked(pipeline.predict(list(contexts), 32, similarity="dist", beta=9))
    with pytest.raises(BadInput):
        pipeline.predict(list(contexts), 32, beta=-1)
    assert pipeline.soft is SHARE and not torch.equal(once, kept)
    assert torch.equal(stacked(pipeline.predict(list(contexts), 32)), kept)


def test_the_batch_decides_who_can_share(pipeline, contexts):
    small, large = (
        torch.cat(
            pipeline.predict(list(contexts), 32, batch_size=size, similarity=SHARE)
        )
        for size in (2, 256)
    )
    assert (small - large).abs().max() > 1e-3


def test_a_given_similarity_follows_the_rows_through_the_batches(pipeline, contexts):
    S = similarity.of(contexts, "corr", min_overlap=16)
    options = dict(prediction_length=32, batch_size=4)
    given = pipeline.predict(list(contexts), similarity=S, same_origin=True, **options)
    found = pipeline.predict(list(contexts), similarity=SHARE, **options)
    torch.testing.assert_close(stacked(given), stacked(found))


def test_items_of_different_origins_do_not_share(pipeline, contexts):
    stamps = [0, 0, 1, 1, 1, 0, 0, 1, 1, 0]
    origins = torch.tensor(stamps)
    for kind in similarity.KINDS:
        soft = SoftGroups(kind=kind, min_overlap=16)
        options = dict(prediction_length=80, similarity=soft)
        both = pipeline.predict(list(contexts), origins=stamps, **options)
        for origin in (0, 1):
            rows = (origins == origin).nonzero().flatten()
            alone = pipeline.predict(list(contexts[rows]), same_origin=True, **options)
            torch.testing.assert_close(
                stacked(both)[rows], stacked(alone), rtol=1e-4, atol=1e-4
            )


def test_embeddings_stay_those_of_the_hard_mask(pipeline, contexts):
    hard, _ = pipeline.embed(list(contexts))
    pipeline.soft = SHARE
    soft, _ = pipeline.embed(list(contexts))
    assert torch.equal(stacked(soft), stacked(hard))


def with_covariates(contexts) -> list[dict]:
    """Return items with two targets, a past covariate and a future one each."""
    return [
        {
            "target": contexts[[row, row + 3]],
            "past_covariates": {"past": contexts[8], "known": contexts[row + 1]},
            "future_covariates": {"known": torch.linspace(-1, row, 32)},
        }
        for row in (1, 2, 4)
    ]


def changed(pipeline, contexts, key: str, scope: str) -> bool:
    """Tell whether a covariate of the first item reaches the forecast of the last."""
    found = []
    for shift in (0, 5):
        items = with_covariates(contexts)
        name = "known" if key == "future_covariates" else "past"
        ramp = shift * torch.linspace(0, 1, len(items[0][key][name])) ** 3
        items[0][key][name] = items[0][key][name] + ramp
        found.append(pipeline.predict(items, 32, similarity=SHARE, scope=scope)[2])
    return not torch.equal(*found)


@pytest.mark.parametrize("key", ["past_covariates", "future_covariates"])
def test_covariates_answer_other_items_only_if_the_scope_says_so(
    random_model, contexts, key
):
    # One layer: with more, what a target has read from its covariate travels on.
    pipeline = SoftGroupPipeline(random_model(layers=1))
    assert not changed(pipeline, contexts, key, "targets")
    assert changed(pipeline, contexts, key, "all")


def test_over_two_layers_targets_pass_on_what_they_read_from_covariates(
    pipeline, contexts
):
    assert changed(pipeline, contexts, "future_covariates", "targets")


def test_origins_may_be_texts_or_time_stamps(pipeline, contexts):
    ids = [0, 0, 1, 1, 1, 0, 0, 1, 1, 0]
    named = ["noon" if one else "dawn" for one in ids]
    days = pd.DatetimeIndex(["2024-01-01", "2024-01-02"]).tz_localize("UTC")[ids]
    expected, *others = (
        stacked(pipeline.predict(list(contexts), 32, similarity="corr", origins=given))
        for given in (ids, torch.tensor(ids), named, days, pd.Series(days))
    )
    assert all(torch.equal(other, expected) for other in others)


def test_a_similarity_may_be_a_data_frame_of_numbers(pipeline, contexts):
    S = similarity.of(contexts, "corr", min_overlap=16)
    names = [f"p{row}" for row in range(10)]
    frame = pd.DataFrame(S.numpy(), names, names)
    given, array = (
        stacked(pipeline.predict(list(contexts), 32, similarity=one, same_origin=True))
        for one in (frame, S)
    )
    assert torch.equal(given, array)
    with pytest.raises(BadInput, match="S is no matrix of numbers"):
        pipeline.predict(
            list(contexts),
            32,
            similarity=frame.astype(object).replace(1.0, "same"),
            same_origin=True,
        )


def test_given_origins_count_items_and_not_variates(pipeline, contexts):
    items = with_covariates(contexts)
    apart = pipeline.predict(items, 32, similarity=SHARE, origins=[0, 1, 2])
    alone = pipeline.predict(items, 32)
    assert torch.equal(stacked(apart), stacked(alone))


def test_a_trained_pipeline_keeps_its_settings(random_model, contexts, tmp_path):
    pipeline = SoftGroupPipeline(random_model(layers=1), SHARE)
    series = [row.repeat(2).nan_to_num() for row in contexts]
    fitted = pipeline.fit(
        series,
        prediction_length=16,
        num_steps=3,
        batch_size=4,
        learning_rate=1e-3,
        output_dir=tmp_path,
        disable_tqdm=True,
        remove_printer_callback=True,
    )
    assert type(fitted) is SoftGroupPipeline and fitted.soft is SHARE
    before, after = (model.shared.weight for model in (pipeline.model, fitted.model))
    assert not torch.equal(before, after)


def test_saved_weights_come_back(pipeline, contexts, tmp_path):
    pipeline.save_pretrained(tmp_path)
    again = SoftGroupPipeline.from_pretrained(tmp_path)
    assert type(again) is SoftGroupPipeline and again.soft is None
    one, other = (p.predict(list(contexts), 32) for p in (pipeline, again))
    assert torch.equal(stacked(one), stacked(other))


def test_weights_from_s3_come_as_a_soft_pipeline(pipeline, tmp_path, monkeypatch):
    pipeline.save_pretrained(tmp_path)
    import chronos.boto_utils as boto

    monkeypatch.setattr(boto, "cache_model_from_s3", lambda *_, **__: tmp_path)
    again = SoftGroupPipeline.from_pretrained("s3://bucket/model")
    assert type(again) is SoftGroupPipeline


def test_an_error_inside_a_forecast_leaves_no_hook(pipeline, contexts, monkeypatch):
    def fail(**_):
        raise ArithmeticError

    with monkeypatch.context() as patch:
        patch.setattr(pipeline.model.encoder.block[1], "forward", fail)
        with pytest.raises(TypeError):
            pipeline.predict(list(contexts), 32, similarity=SHARE)
    assert BUILDER not in vars(pipeline.model.encoder) and pipeline.soft is None
    assert pipeline._active is None and pipeline._batches is None


REFUSED = [
    ({}, "origins of bare arrays are unknown"),
    ({"similarity": "dtw"}, "unknown similarity 'dtw': choose one of corr"),
    ({"similarity": None, "beta": 2.0}, "beta changes a soft group mask"),
    ({"beta": -0.5}, "beta = -0.5 must be"),
    ({"scope": "rows"}, "unknown scope 'rows': choose one of all, targets"),
    ({"similarity": np.eye(9), "same_origin": True}, r"S has length \(9, 9\)"),
    ({"similarity": np.eye(11), "same_origin": True}, "S has length 11 and the inputs"),
    ({"origins": [0] * 9}, "origins has length 9 and the inputs at least 10 items"),
    ({"origins": [0] * 11}, "origins has length 11 and the inputs 10 items"),
    ({"same_origin": True, "cross_learning": True}, "lets all rows share already"),
]


@pytest.mark.parametrize(("arguments", "words"), REFUSED)
def test_what_no_forecast_can_be_made_with_is_refused(
    pipeline, contexts, arguments, words
):
    with pytest.raises(BadInput, match=words) as error:
        pipeline.predict(list(contexts), 32, **({"similarity": "corr"} | arguments))
    assert "\n" not in str(error.value)


def test_a_series_without_a_value_is_refused(pipeline, contexts):
    x = contexts.clone()
    x[7] = torch.nan
    with pytest.raises(BadInput, match="row 7 .* no observed value"):
        pipeline.predict(list(x), 32, similarity="corr", same_origin=True)
    with pytest.raises(BadInput, match="row 7 .* no observed value"):
        forecast(pipeline, x, 32, torch.arange(10))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"group_ids": torch.arange(9)}, r"\(10, 64\) and group_ids \(9,\)"),
        ({"x": torch.zeros(64)}, r"have shape \(64,\)"),
        ({"x": torch.zeros(10, 65)}, "have 65 steps and the model reads 64"),
        ({"S": torch.eye(9), "beta": 1}, r"S has shape \(9, 9\)"),
        ({"S": torch.eye(10)}, "S needs its beta"),
        ({"origin_ids": torch.arange(9)}, r"origin_ids has shape \(9,\)"),
    ],
)
def test_rows_of_unequal_number_are_refused(pipeline, contexts, change, words):
    arguments = {"x": contexts, "horizon": 32, "group_ids": torch.arange(10)}
    with pytest.raises(BadInput, match=words):
        forecast(pipeline, **(arguments | change))


@pytest.mark.parametrize(
    "options",
    [
        {"similarity": "corr"},
        {"cross_learning": True},
        {"predict_batches_jointly": True},
    ],
)
def test_items_that_end_at_different_times_are_refused(pipeline, frame, options):
    early = frame.drop(frame.index[frame["item_id"] == "p3"][-1])
    with pytest.raises(MixedOriginError, match="item p0 ends at .* and item p3 at"):
        pipeline.predict_df(early, prediction_length=16, **options)
    alone = pipeline.predict_df(early, prediction_length=16)
    assert len(alone) == 5 * 16
