"""Measure every warning signal of one domain and model over its seeds."""

from seqshift import dataset, grid, job, storage, tables
from seqshift.schemas import controls, results, signals
from seqshift.signals import inputs, measure

job.log_to(snakemake.log[0])
paths, wildcards = snakemake.input, snakemake.wildcards
data = dataset.load(paths, snakemake.params.domain)
cut, frame = data.cut(*inputs.ROLES)
forecasts = tables.join(paths.forecasts, results.FORECASTS)
found = inputs.assemble(cut.x[:, -1], frame, forecasts)
scores = tables.join(paths.scores, results.SCORES)
quarters = tables.join(paths.quarters, controls.QUARTERS)
read = {
    grid.keys(path)["seed"]: storage.read_array(path) for path in paths.attributions
}
run = {name: wildcards[name] for name in ("domain", "model")} | {"modality": "natural"}
table = measure.measure(found, scores, quarters, read, run, snakemake.params.arena)
storage.write_table(table, snakemake.output.signals, signals.SIGNALS)
