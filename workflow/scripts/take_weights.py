"""Take the weights of a Chronos-2 from a hub, a folder or a bucket."""

from pathlib import Path

from seqshift import job, storage
from seqshift.softgroup.pretraining import weights

job.log_to(snakemake.log[0])
output = snakemake.output
taken = weights.take(snakemake.params.spec, Path(output.weights).parent)
storage.write_json(taken, output.course)
