"""Score the soft arms of one backbone on validation windows, and their attention."""

from pathlib import Path

from seqshift import job, storage
from seqshift.schemas.softgroup import LOSSES, MASS
from seqshift.softgroup import scoring

job.log_to(snakemake.log[0])
paths, params, wildcards = snakemake.input, snakemake.params, snakemake.wildcards
run = {"backbone": wildcards.backbone, "seed": int(wildcards.seed)}
model = scoring.load(Path(paths.weights).parent, params.device)
windows = storage.read_array(paths.windows)
losses, mass = scoring.validate(model, windows, params.arms, run)
storage.write_table(losses, snakemake.output.losses, LOSSES)
storage.write_csv(mass, snakemake.output.mass, MASS)
