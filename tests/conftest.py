"""No test touches the store of whoever runs it."""

import os
import tempfile

_home = tempfile.TemporaryDirectory(prefix="padan-tests-")
# Set while pytest starts: some parts open the store when they are imported.
os.environ["PADAN_HOME"] = _home.name
