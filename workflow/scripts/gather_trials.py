"""Join the trials of all studies of an experiment."""

from seqshift import job, storage, tables
from seqshift.schemas.studies import STUDIES

job.log_to(snakemake.log[0])
joined = tables.join_trials(snakemake.input.trials)
storage.write_csv(joined, snakemake.output.trials, STUDIES)
