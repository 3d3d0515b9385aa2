"""Forecast every evaluated day with one trained model."""

from seqshift import checkpoints, dataset, device, forecasting, job, meter, storage
from seqshift.schemas.results import FORECASTS

job.log_to(snakemake.log[0])
model, meta = checkpoints.restore(snakemake.input.checkpoint)
model.to(device.pick(snakemake.params.device))
spec = snakemake.params.domain
data = dataset.load(snakemake.input, spec, meta["scaler"])
with meter.measure() as reading:
    table = forecasting.forecast(model, meta, data.features, data.roles, spec)
storage.write_table(table, snakemake.output.forecasts, FORECASTS)
windows = forecasting.passed(model, meta, table)
meter.write(snakemake, reading, windows, held=0, passes=1)
