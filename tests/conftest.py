"""No test touches the store of whoever runs it."""

import os
import tempfile

_home = tempfile.TemporaryDirectory(prefix="padan-tests-")
# Set while pytest starts: some parts open the store when they are imported.
os.environ["PADAN_HOME"] = _home.name
# Matching takes both cores; a test that is about it starts it.
os.environ["PADAN_LINK"] = "manual"
