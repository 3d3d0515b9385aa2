"""The repository that holds the csv form of EIA-861M."""

NAME = "sales_revenue.csv"


def mount(server, folder) -> dict:
    """Serve the files of `folder`; return what a source needs to ask for them."""
    server.file(f"/data/{NAME}", (folder / NAME).read_bytes(), etag='"sales"')
    return {"url": f"{server.url}/data/{NAME}"}
