"""Judge which signal warns of which failure, and the claim made of Cos-Drift."""

from seqshift import job, storage, tables
from seqshift.arena import claim, judge, transfer
from seqshift.schemas.signals import ARENA, ROC, SIGNALS, TRANSFER, WARNING

job.log_to(snakemake.log[0])
spec, output = snakemake.params.arena, snakemake.output
signals = tables.join_signals(snakemake.input.signals, SIGNALS)
scores = tables.read_all({"scores": snakemake.input.scores})["scores"]
cells = judge.cells(judge.domains(signals, scores), spec)
storage.write_csv(judge.table(cells, spec), output.arena, ARENA)
storage.write_csv(judge.curves(cells), output.roc, ROC)
moved = transfer.transfer(cells, spec)
storage.write_csv(moved, output.transfer, TRANSFER)
storage.write_csv(claim.claim(cells, moved, spec), output.claim, WARNING)
