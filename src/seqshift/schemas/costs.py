"""Tables of what jobs cost: one job, all jobs of a study, and their sums."""

import pandera.pandas as pa

GPU_RULES = ("tune", "tune_width", "train", "forecast", "attribute")
DEVICES = ("cpu", "cuda")


def _names(*names: str) -> dict[str, pa.Column]:
    return {name: pa.Column(str, pa.Check.ne(""), coerce=True) for name in names}


def _counts(*names: str) -> dict[str, pa.Column]:
    return {name: pa.Column("int64", pa.Check.ge(0)) for name in names}


def _amounts(*names: str) -> dict[str, pa.Column]:
    # Coerced because a csv gives a column of whole numbers back as integers.
    check = pa.Check.ge(0)
    column = {"checks": check, "nullable": True, "coerce": True}
    return {name: pa.Column("float64", **column) for name in names}


KEY = ["rule", "domain", "modality", "model", "seed"]

# windows and held: trained (explained, forecast) and validated in one of the passes;
# memory in bytes at its highest, of the process and of torch on the GPU; joules of the
# GPU, missing where its driver is not asked; facts: digest of versions and machine.
_JOB = {
    "rule": pa.Column(str, pa.Check.isin(GPU_RULES)),
    **_names("domain", "modality", "model"),
    **_counts("seed"),
    "device": pa.Column(str, pa.Check.isin(DEVICES)),
    **_names("device_name", "precision"),
    **_counts("threads", "windows", "held", "passes"),
    **_amounts("seconds", "cpu_seconds", "memory_bytes"),
    **_amounts("cuda_allocated_bytes", "cuda_reserved_bytes", "joules"),
    **_names("code", "facts"),
}
JOB = pa.DataFrameSchema(_JOB, strict=True, unique=KEY)

# predicted: from the configuration alone; predicted_seconds on the device that ran,
# gpu_hours what was done at the throughput of the device of `accounting`.
LEDGER = pa.DataFrameSchema(
    {
        **_JOB,
        **_amounts("params", "flops_per_window", "flops", "predicted_flops"),
        **_amounts("predicted_seconds", "gpu_hours", "predicted_gpu_hours"),
    },
    strict=True,
    unique=KEY,
)

# Sums over jobs, of rule "all" over the rules too; params and memory_bytes: largest;
# *_per_epoch, *_per_run: mean of the trainings; claimed: as the original plan has it.
SUMMARY = pa.DataFrameSchema(
    {
        "rule": pa.Column(str, pa.Check.isin((*GPU_RULES, "all"))),
        **_names("domain", "model"),
        **_counts("jobs"),
        **_amounts("params", "flops", "predicted_flops", "gpu_hours"),
        **_amounts("predicted_gpu_hours", "seconds", "predicted_seconds"),
        **_amounts("cpu_seconds", "joules", "memory_bytes"),
        **_amounts("flops_per_epoch", "flops_per_epoch_claimed"),
        **_amounts("gpu_hours_per_run", "gpu_hours_per_run_claimed"),
        **_amounts("verdicts", "gpu_hours_per_verdict"),
    },
    strict=True,
    unique=["rule", "domain", "model"],
)
