"""Features, quality, splits.  raw/*.parquet -> features -> coverage -> splits.json"""


rule build_features:
    input:
        tables=tables_of,
    output:
        features="results/{domain}/features.parquet",
    log:
        "results/logs/build_features/{domain}.log",
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=memory(4000),
        runtime=30,
    params:
        spec=domain(
            "kind",
            "sources",
            "entities",
            "regions",
            "start",
            "end",
            "features",
            "target",
        ),
        code=code("build_features.py", env="data", domains="domain"),
    script:
        "../workflow/scripts/build_features.py"


rule check_quality:
    input:
        tables=tables_of,
    output:
        quality="results/{domain}/quality.parquet",
    log:
        "results/logs/check_quality/{domain}.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        code=code("check_quality.py", env="data"),
    script:
        "../workflow/scripts/check_quality.py"


rule check_coverage:
    input:
        features=rules.build_features.output.features,
    output:
        coverage="results/{domain}/coverage.csv",
    log:
        "results/logs/check_coverage/{domain}.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        spec=domain("features", "target", "max_repaired", "splits"),
        code=code("check_coverage.py", env="data"),
    script:
        "../workflow/scripts/check_coverage.py"


rule split:
    input:
        features=rules.build_features.output.features,
        coverage=rules.check_coverage.output.coverage,
    output:
        splits="results/{domain}/splits.json",
    log:
        "results/logs/split/{domain}.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        spec=domain(
            "entities",
            "features",
            "own",
            "raw",
            "target",
            "min_train_days",
            "window",
            "splits",
        ),
        code=code("split.py", env="data"),
    script:
        "../workflow/scripts/split.py"
