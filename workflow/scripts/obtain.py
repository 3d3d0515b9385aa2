"""Obtain the raw files of one source and list them in a manifest."""

from pathlib import Path

from seqshift import job, raw

job.log_to(snakemake.log[0])
raw.obtain(
    snakemake.params.spec,
    snakemake.params.world,
    snakemake.params.mirror,
    Path(snakemake.output.manifest).parent,
    job.console(),
)
