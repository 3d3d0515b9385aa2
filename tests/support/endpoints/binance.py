"""The folders of Binance, one a symbol, each zip with its checksum beside it."""

import hashlib


def mount(server, folder) -> dict:
    """Serve the files of `folder`; return what a source needs to ask for them."""
    paths = sorted(folder.glob("*.zip"))
    for path in paths:
        body = path.read_bytes()
        address = f"/klines/{symbol(path)}/5m/{path.name}"
        checksum = f"{hashlib.sha256(body).hexdigest()}  {path.name}\n"
        server.file(address, body, etag=f'"{path.stem}"')
        server.file(f"{address}.CHECKSUM", checksum.encode())
    months = sorted(path.stem[-7:] for path in paths)
    names = sorted({symbol(path) for path in paths})
    query = {"names": names, "start": f"{months[0]}-01", "end": f"{months[-1]}-28"}
    form = "{symbol}/5m/{symbol}-5m-{year}-{month}.zip"
    return {"url": f"{server.url}/klines/{form}", "query": query}


def symbol(path) -> str:
    return path.name.partition("-")[0]
