"""Obtain and parse raw sources.  world | mirror | endpoint -> manifest -> parquet"""


rule obtain:
    output:
        manifest="results/raw/{source}/manifest.json",
    log:
        "results/logs/obtain/{source}.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        spec=source,
        world=world,
        mirror=mirror,
        code=code(
            "obtain.py",
            env="data",
            sources="source",
            simulate="source",
            defects="source",
        ),
    script:
        "../workflow/scripts/obtain.py"


rule fetch:
    input:
        manifests=manifests(),
    log:
        "results/logs/fetch.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        code=code("fetch.py", env="data"),
    script:
        "../workflow/scripts/fetch.py"


rule parse:
    input:
        manifest=rules.obtain.output.manifest,
    output:
        table="results/raw/{source}.parquet",
    log:
        "results/logs/parse/{source}.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        spec=form,
        code=code("parse.py", env="data", sources="source"),
    script:
        "../workflow/scripts/parse.py"
