"""Processor time of other processes. Linux alone tells."""

from __future__ import annotations

import os
from pathlib import Path


def processor_s(process: int) -> float:
    """Processor seconds a process has had so far."""
    ticks = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
