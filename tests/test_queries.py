import pytest

from seqshift import queries
from seqshift.errors import BadInput


def test_the_wanted_keys_are_returned_in_order():
    spec = {"kind": "ett", "query": {"names": ["a"], "start": "2020-01-01"}}
    assert queries.need(spec, "start", "names") == ["2020-01-01", ["a"]]


@pytest.mark.parametrize("query", [None, {}, {"names": []}])
def test_absent_and_empty_keys_are_named(query):
    spec = {"kind": "ett", "query": query}
    with pytest.raises(BadInput, match="ett: `query` lacks names and end; add"):
        queries.need(spec, "names", "end")
