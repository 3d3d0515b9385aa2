"""Draw one figure from result tables."""

from seqshift import job, registry, tables
from seqshift.plotting import style

job.log_to(snakemake.log[0])
figure = registry.load("plotting", snakemake.params.figure)
read = tables.read_all(dict(snakemake.input.items()))
slices = snakemake.params.get("slices")
if slices is not None:
    read["slices"] = tables.slices(slices)
style.save(figure.draw(read), snakemake.output.pdf, snakemake.output.png)
