"""Measure how alike the series of a dataset are, within and across groups."""

from seqshift import job, storage
from seqshift.schemas.softgroup import SIMILARITY
from seqshift.softgroup.runs import relations, study

job.log_to(snakemake.log[0])
windows, overlap = storage.read_array(snakemake.input.windows), snakemake.params.overlap
season = study.rows_of(windows, overlap).season
on = ["level", "seasonal_diff" if season > 1 else "diff"]
r = relations.correlations(windows, on, overlap)
summary = relations.summary(r, windows)
storage.write_csv(summary, snakemake.output.summary, SIMILARITY)
storage.write_array(relations.matrix(r, windows), snakemake.output.matrix)
