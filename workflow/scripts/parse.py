"""Check the raw files of one source and parse them into a tidy table."""

from seqshift import job, raw, registry, storage
from seqshift.schemas.raw import TABLES

job.log_to(snakemake.log[0])
kind = snakemake.params.spec["kind"]
table = raw.read(kind, snakemake.input.manifest)
schema = TABLES[registry.load("sources", kind).TABLE]
storage.write_table(table, snakemake.output.table, schema)
