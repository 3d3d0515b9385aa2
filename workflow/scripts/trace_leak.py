"""Forecast consecutive origins in one batch: the leak, taken apart."""

from pathlib import Path

from seqshift import job, storage
from seqshift.schemas.softgroup import LEAK
from seqshift.softgroup import scoring

job.log_to(snakemake.log[0])
paths, params, wildcards = snakemake.input, snakemake.params, snakemake.wildcards
run = {"backbone": wildcards.backbone, "seed": int(wildcards.seed)}
model = scoring.load(Path(paths.weights).parent, params.device)
cut = params.cut | {"tables": list(paths.tables)}
found = scoring.trace_leak(model, cut, params.leak, run)
storage.write_table(found, snakemake.output.leak, LEAK)
