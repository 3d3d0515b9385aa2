"""Join the tables of all runs of an experiment."""

from seqshift import job, storage, tables
from seqshift.schemas import controls, results

job.log_to(snakemake.log[0])
inputs = snakemake.input
paths = {
    "scores": [*inputs.scores, *inputs.collapse],
    "resamples": [*inputs.resamples, *inputs.collapse_resamples],
    "drift": inputs.drift,
    "ranks": inputs.ranks,
    "quarters": inputs.quarters,
}
for name, files in paths.items():
    schema = getattr(controls if name == "quarters" else results, name.upper())
    joined = tables.join(files, schema)
    storage.write_table(joined, snakemake.output[name], schema)
history = tables.join_histories(inputs.history)
storage.write_table(history, snakemake.output.history, results.HISTORIES)
