"""Select soft arms by their losses on validation windows, over all seeds."""

from seqshift import job, storage
from seqshift.schemas.softgroup import LOSSES
from seqshift.softgroup.runs import arms, selection, study

job.log_to(snakemake.log[0])
spec = snakemake.params.arms
rows = study.rows_of(storage.read_array(snakemake.input.windows), spec["min_overlap"])
losses = storage.read_table(snakemake.input.losses, LOSSES)
found = selection.select(losses, arms.candidates(spec["set"], rows))
storage.write_json(found, snakemake.output.selected)
