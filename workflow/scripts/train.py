"""Train one run, or several seeds together; a killed training goes on."""

from seqshift import checkpoints, job, run, storage
from seqshift.schemas.results import HISTORY

job.log_to(snakemake.log[0])
inputs, outputs = snakemake.input, snakemake.output
names, histories = job.listed(outputs.checkpoint), job.listed(outputs.history)
fits = run.train(inputs, snakemake.params, names)
for (fit, meta), name, history in zip(fits, names, histories, strict=True):
    storage.write_csv(fit.history, history, HISTORY)
    checkpoints.write(name, fit.state, meta)
checkpoints.drop_resume(checkpoints.resume_path(names[0]))
