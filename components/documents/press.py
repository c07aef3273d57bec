"""Sets type with Typst: a template of `templates/` and its content become a PDF, an SVG or a PNG.

Content travels as JSON and is read by the template as texts and numbers, so that nothing in it, whatever a register
says, is ever markup. Nothing is fetched: fonts are our own files.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

from components.documents import typesetter

Drawn = Literal["pdf", "svg", "png"]
PIXELS: Final = 200
"""Of an inch of a PNG: a slide or a page is filled without steps."""
SECONDS: Final = 300.0


class PressError(RuntimeError):
    """The typesetter failed. Carries none of its words: they may quote a register."""


def typeset(
    template: str, content: Mapping[str, Any], format: Drawn = "pdf", tagged: bool = True, at: datetime | None = None
) -> bytes:
    """The file. `tagged` PDFs can be read aloud (PDF/UA-1) and are fifteen times as large where they are long tables.

    `at` is the time of making that stands in the file's properties. Raises PressError.
    """
    order = {
        "template": template,
        "content": json.dumps(content, ensure_ascii=False),
        "format": format,
        "ppi": PIXELS if format == "png" else None,
        "tagged": tagged and format == "pdf",
        "at": int((at or datetime.now()).timestamp()),
    }
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-I", str(Path(typesetter.__file__))],
        input=json.dumps(order).encode("utf-8", "replace"),
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    if done.returncode or not done.stdout:
        raise PressError(f"{template}: {done.returncode}")
    return done.stdout
