"""Draw one figure of the study of soft group masks, with its data beside it."""

from seqshift import job, registry, storage
from seqshift.plotting import style
from seqshift.schemas.softfigures import FIGURES
from seqshift.softgroup.findings import reading

job.log_to(snakemake.log[0])
name, output = snakemake.params.figure, snakemake.output
figure = registry.load("softgroup.plots", name)
data = figure.table(reading.named(dict(snakemake.input.items())))
storage.write_csv(data, output.csv, FIGURES[name])
style.save(figure.draw(data), output.pdf, output.png)
