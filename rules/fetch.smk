"""Obtain and parse raw sources.  world | mirror | endpoint -> manifest -> parquet"""


rule fetch:
    output:
        manifest="results/{domain}/raw/{source}/manifest.json",
    log:
        "results/logs/fetch/{domain}/{source}.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        spec=lookup("sources/{source}", within=config),
        world=world,
        mirror=mirror,
        code=code("fetch.py", env="data", sources="source", simulate="source"),
    script:
        "../workflow/scripts/fetch.py"


rule parse:
    input:
        manifest=rules.fetch.output.manifest,
    output:
        table="results/{domain}/raw/{source}.parquet",
    log:
        "results/logs/parse/{domain}/{source}.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        spec=lookup("sources/{source}", within=config),
        code=code("parse.py", env="data", sources="source"),
    script:
        "../workflow/scripts/parse.py"
