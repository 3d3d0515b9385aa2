"""Make the training set of a modality.  features, splits -> train.parquet"""


rule synthesize:
    input:
        features=rules.build_features.output.features,
        splits=rules.split.output.splits,
    output:
        train="results/{domain}/{modality}/train.parquet",
    log:
        "results/logs/synthesize/{domain}/{modality}.log",
    conda:
        torch_env()
    resources:
        mem_mb=memory(4000),
        runtime=30,
    params:
        spec=lookup("modalities/{modality}", within=config),
        domain=domain(
            "entities", "features", "own", "led", "raw", "mixing", "target", "window"
        ),
        code=code("synthesize.py", env="torch", modalities="modality"),
    script:
        "../workflow/scripts/synthesize.py"
