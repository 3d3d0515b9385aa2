"""Count the rows of every raw table by source, entity, year and data rule."""

from seqshift import job, quality, storage
from seqshift.schemas.results import QUALITY

job.log_to(snakemake.log[0])
counts = quality.count(snakemake.input.tables)
storage.write_table(counts, snakemake.output.quality, QUALITY)
