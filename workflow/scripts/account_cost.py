"""Set what all jobs have cost beside what they were predicted to."""

from seqshift import job, ledger, storage
from seqshift.schemas import costs
from seqshift.schemas.results import TESTS

job.log_to(snakemake.log[0])
config = snakemake.params.config
joined = ledger.join(snakemake.input.costs, config)
storage.write_csv(joined, snakemake.output.cost, costs.LEDGER)
tests = [storage.read_csv(path, TESTS) for path in snakemake.input.tests]
summary = ledger.summary(joined, tests, config["accounting"]["claimed"])
storage.write_csv(summary, snakemake.output.summary, costs.SUMMARY)
