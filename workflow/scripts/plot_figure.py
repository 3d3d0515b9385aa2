"""Draw one figure from result tables."""

from seqshift import job, registry, tables
from seqshift.plotting import style

job.log_to(snakemake.log[0])
figure = registry.load("plotting", snakemake.params.figure)
drawn = figure.draw(tables.read_all(dict(snakemake.input.items())))
style.save(drawn, snakemake.output.pdf, snakemake.output.png)
