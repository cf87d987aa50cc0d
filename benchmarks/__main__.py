"""Every figure of ``docs/benchmarks.md`` that does not need hours: ``python -m benchmarks``."""

from __future__ import annotations

import os
import subprocess
import sys

STANDALONE = ("store", "indexing", "searching")
WITH_REAL_DATA = (
    "parsing",
    "marc",
    "languages",
    "matching",
    "labels",
    "formats",
    "merging",
    "agreement",
    "subject_search",
)


def main() -> None:
    names = [*STANDALONE, *(WITH_REAL_DATA if os.environ.get("LYHDE_TEST_DATA") else ())]
    if len(names) == len(STANDALONE):
        sys.stderr.write("LYHDE_TEST_DATA is not set: the figures on real feeds are left out\n")
    for name in names:
        print(f"\n## {name}\n", flush=True)
        subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False)


if __name__ == "__main__":
    main()
