"""Integrated Gradients of one run, averaged per entity and period."""

from seqshift import attribution, checkpoints, dataset, device, job, meter, storage

job.log_to(snakemake.log[0])
model, meta = checkpoints.restore(snakemake.input.checkpoint)
model.to(device.pick(snakemake.params.device))
spec, drift = snakemake.params.domain, snakemake.params.drift
data = dataset.load(snakemake.input, spec, meta["scaler"])
with meter.measure() as reading:
    values = attribution.attribute(model, meta, data.features, data.roles, spec, drift)
storage.write_array(values, snakemake.output.attributions)
meter.write(snakemake, reading, values.attrs["points"], held=0, passes=1)
