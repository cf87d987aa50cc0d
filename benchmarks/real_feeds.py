"""Every real set of LYHDE_TEST_DATA through the whole job: ``python -m benchmarks.real_feeds [--keep DIR]``.

Writes one source file per set, harvests each in a process of its own, resolves and indexes, and prints a Markdown
table: records in, mapped, deleted, superseded, quarantined with reasons, seconds, peak memory.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_suffix(".toml")
HEADINGS = ("set", "in", "mapped", "deleted", "superseded", "quarantined", "reasons", "seconds", "peak MB")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("sets", nargs="*", help="only these sets")
    options.add_argument("--keep", type=Path, help="keep the data here")
    chosen = options.parse_args()
    data = Path(os.environ["LYHDE_TEST_DATA"]).resolve()
    home = chosen.keep or Path(tempfile.mkdtemp(prefix="lyhde-real-"))
    sets = tomllib.loads(TABLE.read_text())
    names = chosen.sets or list(sets)
    write_configuration(home, data, {name: sets[name] for name in names})
    print("| " + " | ".join(HEADINGS) + " |\n|" + "---|" * len(HEADINGS), flush=True)
    for name in names:
        print("| " + " | ".join(harvest(home, data, name, sets[name])) + " |", flush=True)
    for command in (["resolve"], ["index", "update"], ["index", "check"]):
        done, seconds, peak = lyhde(home, *command)
        print(f"\n`lyhde {' '.join(command)}`: {seconds:.1f} s, {peak} MB, exit code {done.returncode}")
        print("```json\n" + done.stdout.strip() + "\n```", flush=True)
    lyhde(home, "index", "server", "stop")


def write_configuration(home: Path, data: Path, sets: dict[str, Any]) -> None:
    """``lyhde.toml`` and one source file per set."""
    sources = home / "sources"
    sources.mkdir(parents=True, exist_ok=True)
    (home / "lyhde.toml").write_text(
        'data_dir = "data"\n[publish]\nmedia = ["ebook", "audiobook", "emagazine", "print", "music", "notated_music", '
        '"video", "map", "image", "game", "software", "mixed", "object", "other"]\n'
    )
    for name, about in sets.items():
        (sources / f"{name}.toml").write_text(
            f'feed = "{about.get("feed", "full")}"\nidentity = "{about.get("identity", "own")}"\n'
            f'[transport]\nkind = "folder"\npath = {json.dumps(str(data / about["path"]))}\n'
            f"pattern = {json.dumps(about.get('pattern', '**/*'))}\n"
            f"[limits]\nmax_quarantine = {about.get('max_quarantine', 0.02)}\n"
        )


def harvest(home: Path, data: Path, name: str, about: dict[str, Any]) -> list[str]:
    """The cells of one row."""
    folder = data / about["path"]
    calls = [["harvest", name]]
    if "deliveries" in about:
        calls = [
            [
                *["harvest", "--source", name, "--file"],
                *[
                    str(f)
                    for p in about["prefixes"]
                    for f in folder.glob(about["deliveries"].format(prefix=p, month=m))
                ],
            ]
            for m in range(1, 13)
        ]
    counts: dict[str, int] = {}
    reasons: dict[str, int] = {}
    seconds, peak = 0.0, 0
    for call in calls:
        done, took, memory = lyhde(home, *call)
        seconds, peak = seconds + took, max(peak, memory)
        if not done.stdout:
            return [
                name,
                *[""] * 5,
                f"exit code {done.returncode}: {done.stderr.strip()[-300:]}",
                f"{seconds:.1f}",
                str(peak),
            ]
        report = json.loads(done.stdout)["sources"][0]
        add(counts, report["counts"])
        add(reasons, report["quarantined_by"])
    mapped = sum(counts[key] for key in ("new", "changed", "unchanged"))
    why = ", ".join(f"{code} {number}" for code, number in sorted(reasons.items()))
    cells = [counts["received"], mapped, counts["deleted"], counts["superseded"], counts["quarantined"]]
    return [name, *[str(cell) for cell in cells], why, f"{seconds:.1f}", str(peak)]


def add(total: dict[str, int], more: dict[str, int]) -> None:
    for key, number in more.items():
        total[key] = total.get(key, 0) + number


def lyhde(home: Path, *words: str) -> tuple[subprocess.CompletedProcess[str], float, int]:
    """Run a command; what it printed, wall seconds and peak memory in MB of that process."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "cli.main", "--config", str(home / "lyhde.toml"), "--json", *words]
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        process = subprocess.Popen(command, stdout=out, stderr=err, stdin=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        done = subprocess.CompletedProcess(command, process.returncode, out.read(), err.read())
    return done, time.perf_counter() - started, _megabytes(usage)


def _megabytes(usage: resource.struct_rusage) -> int:
    return round(usage.ru_maxrss / 1024)


if __name__ == "__main__":
    main()
