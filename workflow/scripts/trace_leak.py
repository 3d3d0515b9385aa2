"""Forecast consecutive origins in one batch: the leak, taken apart."""

from seqshift import job, storage
from seqshift.schemas.softgroup import LEAK
from seqshift.softgroup.runs import scoring

job.log_to(snakemake.log[0])
paths, params = snakemake.input, snakemake.params
models = (paths.weights, snakemake.wildcards.backbone, params.device)
how = (params.cut | {"tables": list(paths.tables)}, params.leak)
(found,) = scoring.each_seed(
    *models, lambda model, run: scoring.trace_leak(model, *how, run)
)
storage.write_table(found, snakemake.output.leak, LEAK)
