"""What is shipped of others is what the page on licences says it is."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "DATA-LICENSES.md").read_text("utf-8")


def test_files_with_a_hash_are_those_of_the_page() -> None:
    told = re.findall(r"^\| `([\w.]+\.js)` \|.*?SHA-256 `(\w{64})`", PAGE, re.MULTILINE)
    assert told
    static = ROOT / "desk" / "static"
    assert told == [(name, hashlib.sha256((static / name).read_bytes()).hexdigest()) for name, _ in told]
