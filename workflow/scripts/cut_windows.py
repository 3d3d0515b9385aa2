"""Cut the windows of one split of a dataset."""

from seqshift import job, storage
from seqshift.softgroup.data import cutting

job.log_to(snakemake.log[0])
wildcards, params = snakemake.wildcards, snakemake.params
made = cutting.cut(
    wildcards.dataset,
    params.spec,
    wildcards.split,
    int(wildcards.horizon),
    list(snakemake.input.get("tables", [])),
    params.world,
)
print(f"windows: {dict(made.sizes)}, {made.attrs['dropped']} targets left out")
storage.write_array(made, snakemake.output.windows)
