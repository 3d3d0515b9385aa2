"""Score the soft arms of one backbone on validation windows, and their attention."""

from seqshift import job, storage
from seqshift.schemas.softgroup import LOSSES, MASS
from seqshift.softgroup.runs import scoring

job.log_to(snakemake.log[0])
paths, params = snakemake.input, snakemake.params
models = (paths.weights, snakemake.wildcards.backbone, params.device)
windows = storage.read_array(paths.windows)
losses, mass = scoring.each_seed(
    *models, lambda model, run: scoring.validate(model, windows, params.arms, run)
)
storage.write_table(losses, snakemake.output.losses, LOSSES)
storage.write_csv(mass, snakemake.output.mass, MASS)
