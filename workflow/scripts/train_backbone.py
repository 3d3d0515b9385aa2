"""Train a small Chronos-2 from scratch; on a CPU the same seed gives the same bytes."""

from pathlib import Path

from seqshift import job, storage
from seqshift.softgroup.data import priors
from seqshift.softgroup.pretraining import training

job.log_to(snakemake.log[0])
output, seed = snakemake.output, int(snakemake.wildcards.seed)
groups = priors.read(snakemake.input.corpus)
folder = Path(output.weights).parent
course = training.train(groups, snakemake.params.spec, seed, folder)
storage.write_json(course, output.course)
