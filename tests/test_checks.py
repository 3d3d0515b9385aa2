import copy

import pytest
import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from seqshift import checks
from seqshift.errors import BadInput


@pytest.fixture(scope="module")
def demo(repo):
    files = [repo / "config" / name for name in ("sources.yaml", "config.yaml")]
    known, config = (yaml.safe_load(path.read_text()) for path in files)
    return known | config


@pytest.fixture(scope="module")
def schema(repo):
    return yaml.safe_load((repo / "config/schema.yaml").read_text())


def altered(demo, path, value):
    config = copy.deepcopy(demo)
    *parents, last = path
    place = config
    for part in parents:
        place = place[part]
    place[last] = value
    return config


def test_the_demo_is_accepted(demo, schema):
    assert best_match(Draft202012Validator(schema).iter_errors(demo)) is None
    checks.check(demo)


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (["experiments", "main", "models"], ["gru"], "unknown name.*'gru'.*mlp"),
        (["experiments", "main", "domains"], ["water"], "'water'.*energy, finance"),
        (["domains", "finance", "sources", "index"], ["vxx"], "'vxx'.*vix"),
        (["sources", "vix", "world"], "moon", "'moon'.*grid, .*market"),
        (["sources", "vix", "origin"], "mirror", "key mirror is empty"),
        (["domains", "energy", "entities", "unseen"], ["NORTH"], "NORTH is listed as"),
        (
            ["domains", "energy", "splits", "test"],
            ["2010-06-01", "2016-12-31"],
            "train .*and test .*overlap",
        ),
        (
            ["domains", "energy", "splits", "val"],
            ["2012-01-01", "2011-01-01"],
            "val ends .* before it starts",
        ),
        (["domains", "energy", "splits", "embargo"], 3, "embargo 3 is shorter"),
        (
            ["domains", "energy", "target", "horizons"],
            [1, 14],
            "embargo 14 is shorter than .* = 27",
        ),
        (["domains", "energy", "led"], ["ccd"], "'ccd'.*choose one of cdd"),
        (["domains", "finance", "led"], ["log_return"], "log_return is listed under"),
        (["models", "mlp", "kind"], "perceptron", "kind of models.mlp.*'perceptron'"),
        (["domains", "energy", "kind"], "water", "'water'.*energy, finance"),
        (["sources", "prices", "origin"], "download", "download needs the key url"),
        (["accounting", "device"], "tpu", "accounting.device.*'tpu'.*a100, cpu"),
        (["catalogue"], {"yahoo": {}}, "kind of sources.vix, which .*'vix'.*yahoo"),
        (
            ["domains", "energy", "baselines"],
            ["naive", "ridg"],
            "name in domains.energy.baselines.*'ridg'.*har, last-value.*ridge",
        ),
        (
            ["domains", "energy", "baselines"],
            ["har"],
            "domains.energy.baselines: har forecasts log_volatility.*is load; take",
        ),
        (
            ["domains", "finance-volatility", "features"],
            ["log_return", "volatility"],
            "domains.finance-volatility.baselines: har needs the feature vix; take",
        ),
        (
            ["domains", "finance", "own"],
            ["log_return", "volatility", "vix"],
            "finance.attribution: every feature .* pooled, within, .*would change no",
        ),
        (
            ["domains", "energy", "season"],
            15,
            "seasonal-naive looks 15 steps back, further than the window of 14 lags",
        ),
        (["baselines", "ridge", "kind"], "lasso", "kind of baselines.ridge.*'lasso'"),
        (["baselines", "mlp"], {"kind": "naive"}, "mlp is an entry of models and of"),
    ],
)
def test_a_contradiction_is_one_clear_sentence(demo, path, value, words):
    with pytest.raises(BadInput, match=words) as caught:
        checks.check(altered(demo, path, value))
    assert "\n" not in str(caught.value)


def test_an_address_in_the_catalogue_is_enough_for_a_download(demo):
    checks.check(altered(demo, ["sources", "load", "origin"], "download"))


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (["training", "epoch"], 3, "'epoch'.*choose one of .*epochs"),
        (["training", "device"], "tpu", "'tpu'.*auto"),
        (
            ["domains", "energy", "attribution", "windows_per_year"],
            6,
            "energy.attribution.windows_per_year: 6 is not a multiple of 4",
        ),
        (
            ["domains", "energy", "attribution", "variants"],
            ["poled"],
            "energy.attribution.variants.0.*'poled'.*choose one of .*pooled",
        ),
        (["models", "mlp"], {"kind": "mlp", "embedding": 1, "dropout": 0}, "widths"),
        (["experiments", "main", "models"], [], "experiments.main.models"),
        (["training", "epochs"], "many", "training.epochs: 'many' is not of type"),
        (["sources", "vix", "origin"], "ftp", "'ftp'.*download, mirror, simulate"),
        (["domains"], {"raw": {}}, "config at domains: 'raw' should not be"),
        (["domains", "energy", "start"], "2020-13-01", "'2020-13-01' is not a 'date'"),
        (["budget"], {"gpu_hours": "many"}, "budget.gpu_hours: 'many' is not of type"),
        (["budget"], {"gpu_hours": -1}, "budget.gpu_hours: -1 is less than"),
        (["budget"], {"hours": 1}, "'hours'.*choose one of gpu_hours"),
        (["domains", "energy", "max_repaired"], 5, "max_repaired: 5 is greater than"),
        (["baselines", "ridge"], {"kind": "ridge"}, "baselines.ridge: 'penalties'"),
        (["baselines", "ridge", "penalties"], [0.0], "penalties.0: 0.0 is less than"),
    ],
)
def test_the_schema_speaks_in_one_sentence(demo, schema, path, value, words):
    config = altered(demo, path, value)
    dates = Draft202012Validator.FORMAT_CHECKER
    validator = Draft202012Validator(schema, format_checker=dates)
    error = best_match(validator.iter_errors(config))
    with pytest.raises(BadInput, match=words) as caught:
        raise checks.explain(error)
    assert "\n" not in str(caught.value)
