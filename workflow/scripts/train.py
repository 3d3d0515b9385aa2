"""Train one run, or several seeds together; a killed training goes on."""

from seqshift import checkpoints, grid, job, meter, run, storage
from seqshift.schemas.results import HISTORY

job.log_to(snakemake.log[0])
outputs, params = snakemake.output, snakemake.params
names = job.listed(outputs.checkpoint)
with meter.measure(params.training["precision"]) as reading:
    found = run.train(snakemake.input, params, names)
paths = (names, job.listed(outputs.history), job.listed(outputs.cost))
for one, name, history, cost in zip(found, *paths, strict=True):
    own = reading.share(len(found), one.fit.seconds)
    sizes = (one.windows, one.held, len(one.fit.history))
    storage.write_csv(one.fit.history, history, HISTORY)
    meter.write(snakemake, own, *sizes, cost, **{"rule": "train"} | grid.keys(name))
    checkpoints.write(name, one.fit.state, one.meta)
checkpoints.drop_resume(checkpoints.resume_path(names[0]))
