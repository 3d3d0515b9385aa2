"""What a source is asked for: the keys of its `query`."""

from seqshift.errors import BadInput


def fill(address: str, **fields) -> str:
    """Return an address with its {fields} filled in.

    Raises
    ------
    BadInput
        If it has a field that is not known, listing those that are.
    """
    try:
        return address.format(**fields)
    except (KeyError, IndexError, ValueError) as error:
        known = ", ".join(f"{{{name}}}" for name in fields)
        raise BadInput(
            f"address {address} has the unknown field {error}; use {known}"
        ) from None


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
