"""What a source is asked for: the keys of its `query`."""

from seqshift.errors import BadInput


def need(spec: dict, *keys: str) -> list:
    """Return the values of some keys of `spec["query"]`.

    Raises
    ------
    BadInput
        Naming the keys that are absent or empty.
    """
    query = spec.get("query") or {}
    absent = [key for key in keys if not query.get(key)]
    if absent:
        raise BadInput(
            f"source {spec.get('kind', '')}: `query` lacks {' and '.join(absent)}; add "
            "it to the entry of this source (config/README.md describes the keys)"
        )
    return [query[key] for key in keys]
