"""Draw the groups of series that a backbone is trained on."""

from seqshift import job
from seqshift.softgroup.data import priors

job.log_to(snakemake.log[0])
spec, seed = snakemake.params.spec, int(snakemake.wildcards.seed)
sizes = (spec["series"], spec["length"], spec["context"], spec["patch"])
groups = priors.prior_groups(seed, *sizes)
print(f"{spec['series']} series in {len(groups)} groups")
priors.write(groups, snakemake.output.corpus)
