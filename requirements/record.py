"""Write what was installed to <venv>/seqshift-install.json; run by the venv's python.

Usage: record.py ROUTE LOCK, as written by torch.sh.
"""

import hashlib
import json
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

route, lock = sys.argv[1:]
content = (Path(__file__).parent / f"{lock}.txt").read_bytes()
facts = {
    "lock": f"requirements/{lock}.txt",
    "lock_sha256": hashlib.sha256(content).hexdigest(),
    "torch": version("torch"),
    "torch_route": route,
    "python": platform.python_version(),
    "date": datetime.now(UTC).isoformat(timespec="seconds"),
}
target = Path(sys.prefix) / "seqshift-install.json"
target.write_text(json.dumps(facts, indent=2) + "\n")
