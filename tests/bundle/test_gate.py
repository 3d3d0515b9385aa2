"""The licence gate."""

from hypothesis import given
from hypothesis import strategies as st

from seqshift.bundle import gate

NAMES = ["load", "solar", "vix", "prices", "weather"]
TERMS = st.fixed_dictionaries(
    {
        "licence": st.sampled_from(["CC-BY-4.0", "", None]),
        "redistributable": st.sampled_from([True, False, None, "yes", 1]),
    }
)
ROLES = st.dictionaries(
    st.sampled_from(["first", "second"]),
    st.lists(st.sampled_from(NAMES), unique=True),
    min_size=1,
)


@given(
    manifests=st.fixed_dictionaries(dict.fromkeys(NAMES, TERMS)),
    domains=st.dictionaries(st.sampled_from(["energy", "finance"]), ROLES),
)
def test_a_table_enters_only_if_all_its_sources_may_be_passed_on(manifests, domains):
    config = {"domains": {name: {"sources": roles} for name, roles in domains.items()}}
    paths = [f"results/raw/{name}.parquet" for name in NAMES]
    paths += [f"results/{name}/{file}" for name in domains for file in gate.TABLES]
    kept, left_out = gate.sieve(paths, config, manifests)
    assert sorted([*kept, *left_out]) == sorted(paths)
    open_sources = {
        name
        for name, terms in manifests.items()
        if terms["redistributable"] is True and terms["licence"]
    }
    for path in paths:
        made_of = set(gate.sources_of(path, config))
        assert (path in kept) == (made_of <= open_sources)
        if path in left_out:
            assert all(name in left_out[path] for name in made_of - open_sources)


def test_a_closed_source_is_named_with_its_licence():
    manifests = {
        "bench": {"licence": "CC-BY-ND-4.0", "redistributable": False},
        "load": {"licence": "CC-BY-4.0", "redistributable": True},
    }
    config = {"domains": {"energy": {"sources": {"load": ["load", "bench"]}}}}
    _, left_out = gate.sieve(["results/energy/features.parquet"], config, manifests)
    assert list(left_out.values()) == ["bench may not be passed on (CC-BY-ND-4.0)"]


def test_only_parsed_sources_and_tables_of_domains_are_tables():
    config = {"sources": {"load": {}}, "domains": {"energy": {}}}
    good = ["results/raw/load.parquet", "results/energy/features.parquet"]
    bad = [
        "results/raw/load/EAST.csv.gz",
        "results/raw/other.parquet",
        "results/energy/train.parquet",
        "results/water/features.parquet",
        "other/energy/features.parquet",
    ]
    assert all(gate.is_table(path, config) for path in good)
    assert not any(gate.is_table(path, config) for path in bad)
