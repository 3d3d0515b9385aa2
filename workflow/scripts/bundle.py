"""Publish what may be passed on of the data, as a folder and as a zip."""

from pathlib import Path

from seqshift import facts, job, quality, tables
from seqshift.bundle import publish
from seqshift.schemas.results import QUALITY

job.log_to(snakemake.log[0])
inputs, config = snakemake.input, snakemake.params.config
counts = quality.summary(tables.join_domains(inputs.quality, QUALITY))
target = Path(snakemake.output.spec).parent
publish.write(inputs, config, counts, facts.version(), target)
