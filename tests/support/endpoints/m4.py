"""The two files of M4 Hourly in a repository, in a folder each."""


def mount(server, folder) -> dict:
    """Serve the files of `folder`; return what a source needs to ask for them."""
    for part in ("Train", "Test"):
        name = f"Hourly-{part.lower()}.csv"
        server.file(
            f"/m4/{part}/{name}", (folder / name).read_bytes(), etag=f'"{part}"'
        )
    return {"url": f"{server.url}/m4/{{part}}/Hourly-{{file}}.csv"}
