"""Check the raw files of one source and parse them into a tidy table."""

from seqshift import job, raw, registry, storage
from seqshift.schemas.raw import TABLES

job.log_to(snakemake.log[0])
spec = snakemake.params.spec
table = raw.read(spec, snakemake.input.manifest)
schema = TABLES[registry.load("sources", spec["kind"]).TABLE]
storage.write_table(table, snakemake.output.table, schema)
