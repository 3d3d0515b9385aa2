"""Join the tables of all runs of an experiment."""

from seqshift import job, storage, tables
from seqshift.schemas import results

job.log_to(snakemake.log[0])
for name in ("scores", "resamples", "drift", "ranks"):
    schema = getattr(results, name.upper())
    joined = tables.join(snakemake.input[name], schema)
    storage.write_table(joined, snakemake.output[name], schema)
history = tables.join_histories(snakemake.input.history)
storage.write_table(history, snakemake.output.history, results.HISTORIES)
