"""Compare widths of a model on validation windows; a killed study goes on."""

from seqshift import dataset, job, journal, meter, storage, studies, tuning
from seqshift.schemas.studies import WIDTHS

job.log_to(snakemake.log[0])
inputs, params, output = snakemake.input, snakemake.params, snakemake.output.widths
with meter.measure(params.training["precision"]) as reading:
    widths = studies.tune_width(inputs, params, output)
held = len(dataset.load(inputs, params.domain).windows("val"))
sizes = (storage.count_rows(inputs.train), held, int(widths["epochs"].sum()))
meter.write(snakemake, reading, *sizes, modality="natural", seed=tuning.MODEL_SEED)
storage.write_csv(widths, output, WIDTHS)
journal.drop(journal.path_beside(output))
