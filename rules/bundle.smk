"""What may be passed on.  manifests, tables, features, splits -> bundle.zip"""


rule bundle:
    input:
        manifests=manifests(),
        tables=[f"results/raw/{name}.parquet" for name in grid.used(config)["sources"]],
        features=of_domains("features.parquet"),
        quality=of_domains("quality.parquet"),
        coverage=of_domains("coverage.csv"),
        splits=of_domains("splits.json"),
        universes=grid.universes(grid.used(asked)),
        citation="CITATION.cff",
        template="src/seqshift/templates/datasheet.md.j2",
    output:
        spec="results/bundle/dataset.yaml",
        archive="results/bundle.zip",
    log:
        "results/logs/bundle.log",
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        config=grid.used(config),
        code=code("bundle.py", env="figures"),
    script:
        "../workflow/scripts/bundle.py"
