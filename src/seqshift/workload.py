"""How much a job of a GPU rule has to do, estimated from the configuration alone.

The estimate knows no data: it takes every entity as present on every day of its eras
and every training as running for all its epochs. What a job has done is therefore
rarely more, and less where entities enter late or a training stops early.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from seqshift import eras, flops

# What the estimate reads of a domain.
READ = "start end entities features target window splits attribution".split()
STEP, INPUTS = 3, 2  # forwards that a gradient costs: of the weights, of the inputs
ROWS = 4096  # windows of one forward of a forecast


@dataclass(frozen=True)
class Shape:
    """Sizes of a model's input and output; `entities` counts the unknown row 0."""

    lags: int
    features: int
    entities: int
    horizons: int
    outputs: int


@dataclass(frozen=True)
class Work:
    """Windows that go through a model in a job of a rule."""

    rule: str
    windows: int  # of one pass: trained or forecast; or points of paths of gradients
    held: int  # validation windows of one pass
    passes: int  # epochs of all trials together


def shape(domain: dict) -> Shape:
    """Return the sizes of a domain's models."""
    return Shape(
        lags=domain["window"]["lags"],
        features=len(domain["features"]),
        entities=len(domain["entities"]["seen"]) + 1,
        horizons=len(domain["target"]["horizons"]),
        outputs=len(domain["target"].get("quantiles", [])) or 1,
    )


def expected(config: dict, rule: str, run: Mapping) -> Work:
    """Return the work of a job of a GPU rule.

    `run` holds domain and model, and the modality where there is a choice.
    """
    spec = config["domains"][run["domain"]]
    days, seen = eras.days_of(spec), len(spec["entities"]["seen"])
    unseen = len(spec["entities"]["unseen"])
    train, val = seen * days.train, seen * days.val
    if rule == "tune":
        tuning = config["tuning"]
        trials = tuning["trials"] if run["model"] in tuning["models"] else 0
        return Work(rule, train, val, trials * tuning["epochs"])
    if rule == "tune_width":
        count = len(config["tuning"]["widths"][run["model"]])
        return Work(rule, train, val, count * config["tuning"]["epochs"])
    if rule == "train":
        share = config["modalities"][run["modality"]].get("fraction", 1)
        return Work(rule, round(share * train), val, config["training"]["epochs"])
    whole = config["models"][run["model"]]["kind"] == "cross-entity"  # dates
    if rule == "forecast":
        home = train + val + seen * (days.held + days.test)
        away = unseen * (days.train + days.held + days.test)
        # The seen entities of such a model are forecast without the unseen too.
        return Work(rule, (1 + whole) * home + away, 0, 1)
    return Work(rule, _points(spec, days, whole), 0, 1)


def _widths(config: dict, work: Work, run: Mapping) -> tuple[int, int] | None:
    """Return operations and batches of a study of widths, equal epochs for each."""
    models, model = config["models"], run["model"]
    widths = config["tuning"]["widths"][model]
    part = replace(work, rule="tune", passes=work.passes // len(widths))
    found = []
    for width in widths:
        spec = {model: models[model] | {"width": width}}
        found.append(operations(config | {"models": models | spec}, part, run))
    if None in found:
        return None
    return sum(done for done, _ in found), sum(batches for _, batches in found)


def forward(config: dict, rule: str, run: Mapping) -> flops.Count | None:
    """Return what one forward of a run's model takes; None where no form is known."""
    domain = config["domains"][run["domain"]]
    company = len(domain["entities"]["seen"])
    if rule == "forecast":
        company += len(domain["entities"]["unseen"])
    return flops.forward(config["models"][run["model"]], shape(domain), company)


def operations(config: dict, work: Work, run: Mapping) -> tuple[int, int] | None:
    """Return operations and batches of some work; None where no form is known.

    A gradient takes, at each point, a forward and as much again for the inputs alone.
    """
    if work.rule == "tune_width":
        return _widths(config, work, run)
    count = forward(config, work.rule, run)
    if count is None:
        return None
    domain = config["domains"][run["domain"]]
    if work.rule == "attribute":
        batches = -(-work.windows // domain["attribution"]["batch_size"])
        forwards, each = INPUTS * work.windows, INPUTS
    elif work.rule == "forecast":
        batches, forwards, each = -(-work.windows // ROWS), work.windows, 1
    else:
        batches = -(-work.windows // config["training"]["batch_size"]) * work.passes
        forwards, each = work.passes * (STEP * work.windows + work.held), STEP
    return forwards * count.window + each * batches * count.batch, batches


def _points(domain: dict, days: eras.Days, whole: bool) -> int:
    """Return the points of all paths; with `whole` dates are explained as a whole.

    The two ends of a path, each a forward, count as one point; expected gradients have
    none (Sundararajan, Taly, Yan 2017, arXiv:1703.01365).
    """
    rule, names = domain["attribution"], domain["entities"]
    seen, unseen = len(names["seen"]), len(names["unseen"])
    company = seen + unseen if whole else seen
    found = company * _explained(domain, days, True)
    found += 0 if whole else unseen * _explained(domain, days, False)
    found *= rule["steps"] + 1
    year = company * min(rule["windows_per_year"], domain["splits"]["year"])
    for name in rule["variants"]:  # of quarters alone
        years = days.years + days.test_years
        if name.startswith("shift-"):
            years = days.years // 2
        random = name == "gradient-shap"
        found += years * year * (rule["steps"] if random else rule["control_steps"] + 1)
    return found


def _explained(domain: dict, days: eras.Days, seen: bool) -> int:
    """Return the windows of an entity that are drawn, at most those there are."""
    rule, split = domain["attribution"], domain["splits"]
    most, year = rule["windows_per_year"], split["year"]
    years = days.years + (days.test_years if seen else 0)
    found = min(most, year) * years
    for part in split["slices"].values():
        tail = min(part["quantile"], 1 - part["quantile"]) if "quantile" in part else 0
        spans = [
            eras.steps_between(*span, year, *split["test"])
            for span in part.get("dates", [])
        ]
        found += min(most, max([round(tail * year), *spans])) * years
    return min(found, days.train + days.held + (days.test if seen else 0))
