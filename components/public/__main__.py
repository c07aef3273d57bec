"""Serves one published folder: `python -m components.public FOLDER [--host 127.0.0.1] [--port 8600]`.

Nothing but that folder is read: it may stand alone on a machine in a lobby.
"""

import argparse
import sys
from pathlib import Path

import uvicorn

from components.public import STORE, Published
from data.home import home


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m components.public", description=__doc__.partition("\n")[0])
    parser.add_argument(
        "folder", nargs="?", type=Path, default=home() / STORE, help="an edition, or a store of editions"
    )
    parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 shows the screen to the whole network")
    parser.add_argument("--port", type=int, default=8600)
    options = parser.parse_args()
    if not options.folder.is_dir():
        print(f"There is no folder {options.folder}; publish first: python -m data publish", file=sys.stderr)
        return 2
    print(f"Layar publik: http://{options.host}:{options.port}   (Ctrl+C: berhenti / stop)", flush=True)
    served = Published(lambda: options.folder)
    uvicorn.run(
        served, host=options.host, port=options.port, access_log=False, log_level="warning", lifespan="off",
        server_header=False, limit_concurrency=2000, timeout_keep_alive=15,
    )  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
