"""Trace a gain against the number of windows, at consecutive origins."""

from seqshift import job, storage
from seqshift.schemas.softgroup import CURVE
from seqshift.softgroup.runs import scoring

job.log_to(snakemake.log[0])
paths, params = snakemake.input, snakemake.params
models = (paths.weights, snakemake.wildcards.backbone, params.device)
how = (params.cut | {"tables": list(paths.tables)}, params.curve, params.arms)
(found,) = scoring.each_seed(
    *models, lambda model, run: scoring.trace_curve(model, *how, run)
)
storage.write_table(found, snakemake.output.curve, CURVE)
