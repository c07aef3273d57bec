"""The process that sets type: reads an order from standard input, writes the file to standard output.

It is run by its path (see `components.documents.press`) and imports nothing of ours. Typst keeps what it has laid out
for the next time, 500 MB for a sheet of 4,000 persons; here that ends with the process, and the server stays small.
"""

import json
import sys
from pathlib import Path
from typing import Final

import typst

HERE: Final = Path(__file__).parent


def main() -> None:
    order = json.load(sys.stdin)
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[HERE / "fonts"])
    made = typst.compile(
        HERE / "templates" / order["template"],
        root=HERE / "templates",
        font_paths=fonts,
        # No package is ever fetched: the folders that are searched before the network are these, and the look-up ends.
        package_path=HERE / "templates",
        package_cache_path=HERE / "templates",
        sys_inputs={"content": order["content"]},
        format=order["format"],
        ppi=order["ppi"],
        timestamp=order["at"],
        pdf_tags=order["tagged"],
        pdf_standards=["ua-1"] if order["tagged"] else [],
    )
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main()
