"""Write the self-contained page of the study of soft group masks."""

from pathlib import Path

from seqshift import job, storage
from seqshift.softgroup.findings import page, reading

job.log_to(snakemake.log[0])
inputs, params = snakemake.input, snakemake.params
tables = reading.named({name: inputs[name] for name in (*page.TABLES, "probe")})
pairs = zip(map(Path, inputs.figures), map(Path, inputs.captions), strict=True)
figures = {png.stem: (png, caption.read_text()) for png, caption in pairs}
about = params.about | storage.read_json(inputs.cells)
gates = reading.gates(inputs.gates)
page.write(snakemake.output.report, tables, figures, gates, about)
