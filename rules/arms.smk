"""All arms of softgroup, judged; selection; what leaks.

windows, weights -> validation.parquet -> selected.json -> losses.parquet
table of a source, weights -> leak.parquet, curve.parquet
"""


rule score_validation:
    input:
        windows="results/softgroup/{dataset}/horizon={horizon}/validation.nc",
        weights=every_seed("model.safetensors"),
        gates=every_seed("gate.json"),
    output:
        losses="results/softgroup/{dataset}/horizon={horizon}/{backbone}/validation.parquet",
        mass="results/softgroup/{dataset}/horizon={horizon}/{backbone}/mass.csv",
    log:
        "results/logs/score_validation/{dataset}/horizon={horizon}/{backbone}.log",
    benchmark:
        "results/benchmarks/score_validation/{dataset}/horizon={horizon}/{backbone}.tsv"
    conda:
        "../envs/softgroup.yaml"
    threads: 1
    resources:
        mem_mb=memory(4000),
        predicted_seconds=forecasting("score_validation"),
        runtime=time_limit("score_validation"),
    params:
        arms=arms("set", "validation", "dose", "rows", "seed"),
        device=forecast_on,
        code=code("score_validation.py", "softgroup.pipeline", env="softgroup"),
    script:
        "../workflow/scripts/score_validation.py"


rule select_arms:
    input:
        windows="results/softgroup/{dataset}/horizon={horizon}/validation.nc",
        losses=rules.score_validation.output.losses,
    output:
        selected="results/softgroup/{dataset}/horizon={horizon}/{backbone}/selected.json",
    log:
        "results/logs/select_arms/{dataset}/horizon={horizon}/{backbone}.log",
    localrule: True
    conda:
        "../envs/softgroup.yaml"
    params:
        arms=arms("set"),
        code=code("select_arms.py", env="softgroup"),
    script:
        "../workflow/scripts/select_arms.py"


rule score_arms:
    input:
        windows="results/softgroup/{dataset}/horizon={horizon}/test.nc",
        validation="results/softgroup/{dataset}/horizon={horizon}/validation.nc",
        weights=every_seed("model.safetensors"),
        selected=rules.select_arms.output.selected,
    output:
        losses="results/softgroup/{dataset}/horizon={horizon}/{backbone}/losses.parquet",
        agreement="results/softgroup/{dataset}/horizon={horizon}/{backbone}/agreement.csv",
        probe="results/softgroup/{dataset}/horizon={horizon}/{backbone}/probe.csv",
    log:
        "results/logs/score_arms/{dataset}/horizon={horizon}/{backbone}.log",
    benchmark:
        "results/benchmarks/score_arms/{dataset}/horizon={horizon}/{backbone}.tsv"
    conda:
        "../envs/softgroup.yaml"
    threads: 1
    resources:
        mem_mb=memory(6000),
        predicted_seconds=forecasting("score_arms"),
        runtime=time_limit("score_arms"),
    params:
        arms=arms("set", "dose", "probes", "rows", "seed"),
        device=forecast_on,
        code=code("score_arms.py", "softgroup.pipeline", env="softgroup"),
    script:
        "../workflow/scripts/score_arms.py"


rule trace_leak:
    input:
        tables=panel_tables,
        weights=every_seed("model.safetensors"),
        gates=every_seed("gate.json"),
    output:
        leak="results/softgroup/{dataset}/horizon={horizon}/{backbone}/leak.parquet",
    log:
        "results/logs/trace_leak/{dataset}/horizon={horizon}/{backbone}.log",
    benchmark:
        "results/benchmarks/trace_leak/{dataset}/horizon={horizon}/{backbone}.tsv"
    conda:
        "../envs/softgroup.yaml"
    threads: 1
    resources:
        mem_mb=memory(6000),
        predicted_seconds=forecasting("trace_leak"),
        runtime=time_limit("trace_leak"),
    params:
        cut=consecutive,
        leak=neighbours,
        device=forecast_on,
        code=code(
            "trace_leak.py",
            "softgroup.pipeline",
            "softgroup.data.datasets.eia930",
            "softgroup.data.datasets.ett",
            env="softgroup",
        ),
    script:
        "../workflow/scripts/trace_leak.py"


rule trace_sample_curve:
    input:
        tables=panel_tables,
        weights=every_seed("model.safetensors"),
        gates=every_seed("gate.json"),
    output:
        curve="results/softgroup/{dataset}/horizon={horizon}/{backbone}/curve.parquet",
    log:
        "results/logs/trace_sample_curve/{dataset}/horizon={horizon}/{backbone}.log",
    benchmark:
        "results/benchmarks/trace_sample_curve/{dataset}/horizon={horizon}/{backbone}.tsv"
    conda:
        "../envs/softgroup.yaml"
    threads: 1
    resources:
        mem_mb=memory(4000),
        predicted_seconds=forecasting("trace_sample_curve"),
        runtime=time_limit("trace_sample_curve"),
    params:
        cut=consecutive,
        curve=part("softgroup", "curve")["curve"],
        arms=arms("rows", "seed"),
        device=forecast_on,
        code=code(
            "trace_sample_curve.py",
            "softgroup.pipeline",
            "softgroup.data.datasets.eia930",
            "softgroup.data.datasets.ett",
            env="softgroup",
        ),
    script:
        "../workflow/scripts/trace_sample_curve.py"


rule measure_similarity:
    input:
        windows="results/softgroup/{dataset}/horizon={horizon}/test.nc",
    output:
        summary="results/softgroup/{dataset}/horizon={horizon}/similarity.csv",
        matrix="results/softgroup/{dataset}/horizon={horizon}/similarity.nc",
    log:
        "results/logs/measure_similarity/{dataset}/horizon={horizon}.log",
    localrule: True
    conda:
        "../envs/softgroup.yaml"
    params:
        overlap=min_overlap,
        code=code("measure_similarity.py", env="softgroup"),
    script:
        "../workflow/scripts/measure_similarity.py"
