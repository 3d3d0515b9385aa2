"""Count the rows of every raw table by source, series, year and repair flag."""

from seqshift import job, storage, tables
from seqshift.schemas.results import QUALITY

job.log_to(snakemake.log[0])
quality = tables.count_flags(snakemake.input.tables)
storage.write_csv(quality, snakemake.output.quality, QUALITY)
