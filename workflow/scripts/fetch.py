"""Show the user the raw files of all sources."""

from seqshift import inventory, job, raw

job.log_to(snakemake.log[0])
table = inventory.table(snakemake.input.manifests)
print(table)
print(table, file=job.console())
for manifest in snakemake.input.manifests:
    raw.check(manifest)
