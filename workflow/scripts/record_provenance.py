"""Record the merged configuration and what it ran on."""

import yaml

from seqshift import facts, job, storage

job.log_to(snakemake.log[0])
config = snakemake.params.config
storage.write_text(yaml.safe_dump(config, sort_keys=True), snakemake.output.config)
storage.write_json(
    facts.collect(config, snakemake.input.claims), snakemake.output.provenance
)
