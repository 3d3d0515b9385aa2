"""Write down what will be run and tested, before any loss is read."""

from seqshift import job, storage
from seqshift.schemas.findings import FAMILY
from seqshift.softgroup.findings import cells, family

job.log_to(snakemake.log[0])
plan, output = cells.plan(**snakemake.params.plan), snakemake.output
storage.write_json(plan, output.cells)
storage.write_csv(family.declare(plan["planned"]), output.family, FAMILY)
