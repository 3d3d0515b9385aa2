"""Make the training windows of one modality."""

from seqshift import dataset, job, registry, trainset

job.log_to(snakemake.log[0])
domain, spec = snakemake.params.domain, snakemake.params.spec
train = dataset.load(snakemake.input, domain).windows("train")
made = registry.load("modalities", spec["kind"]).make(train, domain, spec)
print(f"{len(train)} natural windows, {len(made)} windows written")
trainset.write(made, domain["features"], snakemake.output.train)
