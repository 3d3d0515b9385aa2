"""What the forecasts of the softgroup study are predicted to take.

`snakemake -n softgroup | PYTHONPATH=src python -m seqshift.armcost` prints what a dry
run would cost, by rule and by backbone: hours of one thread, or of a GPU where the
backbone has one.
"""

import math
import sys
from collections.abc import Mapping

from seqshift import armscheck, cost
from seqshift.errors import BadInput

QUANTILES = 9
LARGEST = {"context": 8192, "horizon": 1024, "patch": 16}  # of published weights
REAL = {"ett": 7, "m4": 414, "eia930": 72}  # series of real files


def seconds(config: dict, rule: str, run: Mapping) -> int:
    """Return the predicted seconds of a job on the device of its backbone.

    `run` holds dataset, horizon and backbone; a job forecasts with all seeds. A row
    takes two operations for each parameter and patch, and a time whatever its size.
    """
    section = config["softgroup"]
    spec = section["datasets"][run["dataset"]]
    backbone = LARGEST | section["backbones"][run["backbone"]]
    horizon, start = int(run["horizon"]), section["throughput"]["start_seconds"]
    context = min(spec["context"], backbone["context"])
    rows = _rows(section, series(config, spec), spec, rule, run)
    rows *= len(backbone["seeds"])
    steps = context + min(horizon, backbone["horizon"])
    each = _row(section, run["backbone"], steps / backbone["patch"])
    return math.ceil(start + rows * _passes(horizon, backbone["horizon"]) * each)


def training(config: dict, backbone: str) -> int:
    """Return the predicted seconds of a training: three forwards for a row."""
    section = config["softgroup"]
    spec = section["backbones"][backbone]
    rows = 3 * spec["steps"] * spec["batch_size"]
    each = _row(section, backbone, (spec["context"] + spec["horizon"]) / spec["patch"])
    return math.ceil(section["throughput"]["start_seconds"] + rows * each)


def _row(section: dict, backbone: str, patches: float) -> float:
    """Return the seconds of a row of so many patches, one token more, in one pass."""
    device = section["backbones"][backbone].get("device", "cpu")
    pace = section["throughput"]["cuda" if device == "cuda" else "cpu"]
    operations = 2 * parameters(section, backbone) * (patches + 1)
    return pace["row_ms"] / 1000 + operations / (1e9 * pace["gflops"])


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


def series(config: dict, spec: dict) -> int:
    """Return how many series a dataset has at an origin."""
    if spec["kind"] == "clusters":
        return spec["clusters"] * spec["members"]
    source = config["sources"][spec["source"]]
    count = REAL[spec["kind"]]
    if source["origin"] == "simulate":
        count = len(config["worlds"][source["world"]]["entities"])
    return min(count, spec.get("series", count))


def _rows(section: dict, every: int, spec: dict, rule: str, run: Mapping) -> int:
    """Return how many contexts a job forecasts over all arms, of `every` series."""
    horizon, arms = int(run["horizon"]), section["arms"]
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
    # A probe forecasts three origins twice.
    count = origins(spec, "test", horizon) + 6 * arms["probes"]
    doses = 12 * arms["dose"]["origins"] * (len(own["controls"]) + 1)
    return every * (count * (softs + 5 + controls) + doses)


def _passes(horizon: int, most: int) -> int:
    """Return how often a row goes through a model: later passes for each quantile."""
    return 1 + QUANTILES * (math.ceil(horizon / most) - 1)


def main(text: str):
    """Print what a dry run would cost."""
    jobs = cost.read(text, "predicted_seconds", "backbone")
    for key, head in (("rule", "rule"), ("model", "backbone")):
        print(cost.table(jobs, key, head, "hours"))


if __name__ == "__main__":
    try:
        main(sys.stdin.read())
    except BadInput as problem:
        sys.exit(f"error: {problem}")
