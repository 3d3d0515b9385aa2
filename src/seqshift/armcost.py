"""What the forecasts of the softgroup study are predicted to take.

`snakemake -n softgroup | PYTHONPATH=src python -m seqshift.armcost` prints what a dry
run would cost, by rule and by backbone.
"""

import math
import sys
from collections.abc import Mapping

from seqshift import armscheck, cost
from seqshift.errors import BadInput

QUANTILES = 9
SUBREGIONS = 72  # series of a panel whose number the configuration does not say
SERIES = {"ett": 7, "eia930": SUBREGIONS}


def seconds(section: dict, rule: str, run: Mapping) -> int:
    """Return the predicted seconds of a job on one thread of the stated throughput.

    `section` is softgroup; `run` holds dataset, horizon and backbone. A forecast of a
    row takes two operations for each parameter and patch, and a time whatever its size.
    """
    spec = section["datasets"][run["dataset"]]
    backbone = section["backbones"][run["backbone"]]
    horizon, speed = int(run["horizon"]), section["throughput"]
    context = min(spec["context"], backbone.get("context", spec["context"]))
    weights = parameters(section, run["backbone"])
    rows = _rows(section, spec, rule, run)
    passes = _passes(horizon, backbone.get("horizon", 1024))
    patch = backbone.get("patch", 16)
    tokens = context / patch + 1 + min(horizon, backbone.get("horizon", 1024)) / patch
    each = speed["row_ms"] / 1000 + 2 * weights * tokens / (1e9 * speed["gflops"])
    return math.ceil(speed["start_seconds"] + rows * passes * each)


def parameters(section: dict, backbone: str) -> int:
    """Return how many parameters a backbone has, to a few percent."""
    spec = section["backbones"][backbone]
    if spec["origin"] != "train":
        known = section["throughput"]["parameters"]
        return known.get(backbone, max(known.values()))
    size, patch = section["sizes"][spec["size"]], spec["patch"]
    width, inner = size["d_model"], size["d_ff"]
    heads = size["num_heads"] * size["d_kv"]
    layer = 2 * 4 * width * heads + 2 * width * inner
    ends = (3 * patch + width) * inner + 3 * patch * width
    ends += (width + QUANTILES * patch) * inner + width * QUANTILES * patch
    return size["num_layers"] * layer + ends


def origins(spec: dict, split: str, horizon: int) -> int:
    """Return how many origins a split of a dataset has."""
    if spec["kind"] == "clusters":
        return spec["replicates"]
    if spec["kind"] == "m4":
        return spec["partitions"]
    first, end = spec["bounds"][:2] if split == "validation" else spec["bounds"][1:]
    return (end - first - horizon) // spec["stride"] + 1


def series(spec: dict) -> int:
    """Return how many series a dataset has at an origin."""
    if spec["kind"] == "clusters":
        return spec["clusters"] * spec["members"]
    return spec["series"] if spec["kind"] == "m4" else SERIES[spec["kind"]]


def _rows(section: dict, spec: dict, rule: str, run: Mapping) -> int:
    """Return how many contexts a job forecasts, over all arms."""
    horizon, every, arms = int(run["horizon"]), series(spec), section["arms"]
    if rule == "trace_leak":
        leak = section["leak"]
        steps = spec["bounds"][2] - spec["bounds"][1] - horizon + 1
        blocks = (steps - leak["block"]) // (leak["block"] + horizon) + 1
        variants = 2 * (5 + len(leak["leads"]))  # the shorter batches cost as much
        batches = every * max(0, min(blocks, leak["blocks"]))
        replica = 2 * every * leak["replica"]
        return batches * leak["block"] * variants + replica
    if rule == "trace_sample_curve":
        return 3 * every * section["curve"]["origins"]
    own = armscheck.chosen(arms, run["dataset"], horizon)
    softs = sum(
        len(betas) for part in ("single", "wrong") for betas in own[part].values()
    )
    if rule == "score_validation":
        count = min(arms["validation"], origins(spec, "validation", horizon))
        return every * (count + arms["dose"]["origins"]) * (softs + 4)
    controls = 5 * (len(own["controls"]) + 1)
    count = origins(spec, "test", horizon) + 8 * arms["probes"]
    doses = 12 * arms["dose"]["origins"] * (len(own["controls"]) + 1)
    return every * (count * (softs + 5 + controls) + doses)


def _passes(horizon: int, most: int) -> int:
    """Return how often a row goes through a model: later passes for each quantile."""
    return 1 + QUANTILES * (math.ceil(horizon / most) - 1)


def main(text: str):
    """Print what a dry run would cost."""
    jobs = cost.read(text, "cpu_seconds", "backbone")
    for key, head in (("rule", "rule"), ("model", "backbone")):
        print(cost.table(jobs, key, head, "CPU-hours"))


if __name__ == "__main__":
    try:
        main(sys.stdin.read())
    except BadInput as problem:
        sys.exit(f"error: {problem}")
