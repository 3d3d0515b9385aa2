"""Compare widths of a model on validation windows; a killed study goes on."""

from seqshift import job, journal, storage, studies
from seqshift.schemas.studies import WIDTHS

job.log_to(snakemake.log[0])
output = snakemake.output.widths
widths = studies.tune_width(snakemake.input, snakemake.params, output)
storage.write_csv(widths, output, WIDTHS)
journal.drop(journal.path_beside(output))
