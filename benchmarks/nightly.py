"""What Prefect costs a night: ``python -m benchmarks.nightly [--records N] [--sources S] [--publish]``.

A catalogue of made-up feeds is built once by ``lyhde run`` and copied. Then both copies live through the same two
nights, one by ``lyhde run``, the other by ``lyhde nightly trigger`` on a served installation: one in which every
record comes again and one in fifty has changed, and one in which the feeds are as they were. Prints Markdown: seconds
by the clock and peak memory of each, the ratio, where the time under Prefect goes, and what Prefect keeps of it.

Without ``--publish`` the records are of a medium that is not published: the search server would weigh the same in
both, and its share would hide the difference.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from catalogue.vocabularies.tables import read_rows
from flows.prefect_api import PrefectApi
from index.server import start, stop

SEED = 7
PRODUCT = """<Product><RecordReference>{source}-{n}</RecordReference><NotificationType>03</NotificationType>
<ProductIdentifier><ProductIDType>01</ProductIDType><IDTypeName>own</IDTypeName><IDValue>{source}-{n}</IDValue>
</ProductIdentifier><DescriptiveDetail><ProductComposition>00</ProductComposition><ProductForm>EA</ProductForm>
<ProductFormDetail>E101</ProductFormDetail><TitleDetail><TitleType>01</TitleType><TitleElement>
<TitleElementLevel>01</TitleElementLevel><TitleText>{title}</TitleText></TitleElement></TitleDetail><Contributor>
<SequenceNumber>1</SequenceNumber><ContributorRole>A01</ContributorRole><PersonNameInverted>{name}</PersonNameInverted>
</Contributor><Language><LanguageRole>01</LanguageRole><LanguageCode>{language}</LanguageCode></Language>
</DescriptiveDetail><PublishingDetail><Publisher><PublishingRole>01</PublishingRole>
<PublisherName>{source}</PublisherName></Publisher></PublishingDetail></Product>
"""
MESSAGE = '<?xml version="1.0" encoding="UTF-8"?><ONIXMessage release="3.0"><Header/>{products}</ONIXMessage>'


CHANGED = 50
PARTS = {"prefect.engine": "flow", "flows.runner": "runner", "flows.server": "server"}
LOOK_EVERY_S = 0.2


@dataclass
class Cost:
    """Seconds by the clock, seconds of processor time, and the peak of memory in bytes by process."""

    clock: float
    cpu: float
    peaks: dict[str, int]


@dataclass
class Night:
    """One night, each way. `spans`: seconds by the clock of the one under Prefect, in their order."""

    name: str
    without: Cost
    under: Cost
    spans: dict[str, float]
    task_runs: int
    grown: int


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--records", type=int, default=5_000)
    options.add_argument("--sources", type=int, default=8)
    options.add_argument("--publish", action="store_true", help="publish the records, too")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="lyhde-nightly-") as folder:
        home = Path(folder)
        make_feeds(home / "feeds", chosen.records, chosen.sources)
        server = start(home / "search")
        try:
            plain = install(home, "plain", server.url, publish=chosen.publish)
            built = cost_of([*_lyhde(plain), "--quiet", "--json", "run"])
            served = home / "served"
            shutil.copytree(plain, served)
            nights = measure(plain, served, lambda: make_feeds(home / "feeds", chosen.records, chosen.sources, night=1))
            report(nights, chosen.records, built)
        finally:
            stop(home / "search")


def make_feeds(folder: Path, records: int, sources: int, night: int = 0) -> None:
    """Sources of equal size; every record a title, a name and a language of its own, as unlike as words can be.

    On a later night one record in `CHANGED` has another title.
    """
    chance = random.Random(SEED)
    words = [row.split("\t")[1].replace("&", "ja").replace("<", "") for row in read_rows("yso")]
    folder.mkdir(exist_ok=True)
    for number in range(sources):
        source = f"kustantaja{number:02}"
        with (folder / f"{source}.xml").open("w", encoding="utf-8") as feed:
            before, after = MESSAGE.split("{products}")
            feed.write(before)
            for n in range(records // sources):
                title = " ".join(chance.choices(words, k=4)).capitalize()
                name = f"{chance.choice(words).capitalize()}, {chance.choice(words).capitalize()}"
                language = chance.choice(("fin", "swe"))
                title += f" {night}" if night and n % CHANGED == 0 else ""
                feed.write(PRODUCT.format(source=source, n=n, title=title, name=name, language=language))
            feed.write(after)


def install(home: Path, name: str, search: str, *, publish: bool) -> Path:
    """A configuration over the feeds. Its copies share one index: neither has to build it."""
    place = home / name
    (place / "sources").mkdir(parents=True)
    media = "" if publish else '[publish]\nmedia = ["emagazine"]\n'
    (place / "lyhde.toml").write_text(f'[elasticsearch]\nurl = "{search}"\nindex_prefix = "nightly"\n{media}')
    for feed in sorted((home / "feeds").iterdir()):
        transport = f'[transport]\nkind = "folder"\npath = {json.dumps(str(feed))}\n'
        (place / "sources" / f"{feed.stem}.toml").write_text(transport)
    return place


def measure(plain: Path, served: Path, change: Callable[[], None]) -> list[Night]:
    """Both nights, each way."""
    with subprocess.Popen([*_lyhde(served), "nightly", "serve"], stdout=subprocess.PIPE, text=True) as serving:
        try:
            assert serving.stdout
            api = PrefectApi(serving.stdout.readline().strip())
            change()
            return [_night(name, plain, served, api) for name in ("one record in fifty changed", "nothing new")]
        finally:
            serving.send_signal(signal.SIGTERM)


def _night(name: str, plain: Path, served: Path, api: PrefectApi) -> Night:
    without = cost_of([*_lyhde(plain), "--quiet", "--json", "run"])
    database = served / "lyhde-data" / "nightly" / "prefect"
    size, tasks, ordered = _bytes(database), _task_runs(api), time.time()
    with Watch(served) as watch:
        under = cost_of([*_lyhde(served), "--quiet", "--json", "nightly", "trigger"])
        ended = time.time()
    under.cpu += watch.cpu
    under.peaks = watch.peaks
    spans = spans_of(api, ordered, ended)
    return Night(name, without, under, spans, _task_runs(api) - tasks, _bytes(database) - size)


def spans_of(api: PrefectApi, ordered: float, ended: float) -> dict[str, float]:
    """Where the time of the newest run went between its order and the end of waiting for it."""
    ended_runs = {"flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}, "sort": "END_TIME_DESC", "limit": 1}
    [run] = api.ask("POST", "/flow_runs/filter", ended_runs)
    tasks: list[dict[str, str]] = []
    while not tasks or not all(task["end_time"] for task in tasks):  # they are written down some seconds later
        time.sleep(1)
        tasks = api.ask("POST", "/task_runs/filter", {"flow_runs": {"id": {"any_": [run["id"]]}}})
    created, begun, done = (_at(run[key]) for key in ("created", "start_time", "end_time"))
    stages = {}
    for name in ("harvest", "resolve", "publish"):
        of = [task for task in tasks if task["name"].startswith(name)]
        stages[name] = max(_at(task["end_time"]) for task in of) - min(_at(task["start_time"]) for task in of)
    return {
        "order": created - ordered,
        "process and imports": begun - created,
        **stages,
        "between the stages, artifacts": done - begun - sum(stages.values()),
        "telling the end": ended - done,
    }


def cost_of(command: list[str]) -> Cost:
    """What a command costs with its children; raises where it fails."""
    begun = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    clock = time.perf_counter() - begun
    return Cost(clock, used.ru_utime + used.ru_stime, {"lyhde run": used.ru_maxrss * 1024})


class Watch(threading.Thread):
    """Looks at Prefect's processes while the block runs: their memory and their processor time."""

    def __init__(self, served: Path) -> None:
        super().__init__(daemon=True)
        self.home = os.fsencode(served)
        self.over = threading.Event()
        self.peaks: dict[str, int] = {}
        self.used: dict[int, list[float]] = {}

    @property
    def cpu(self) -> float:
        """Seconds used since the block began; of a process that was not there yet, all it used."""
        return sum(last - first for first, last in self.used.values())

    def __enter__(self) -> Watch:
        self._look()
        for times in self.used.values():
            times[0] = times[1]
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.join()
        self._look()

    def run(self) -> None:
        while not self.over.wait(LOOK_EVERY_S):
            self._look()

    def _look(self) -> None:
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                command = (folder / "cmdline").read_bytes().decode(errors="replace")
                name = next((name for part, name in PARTS.items() if part in command), None)
                if name and self.home in (folder / "environ").read_bytes():
                    self._note(int(folder.name), name, folder)
            except OSError:
                continue  # it has ended

    def _note(self, pid: int, name: str, folder: Path) -> None:
        fields = (folder / "stat").read_text().rpartition(")")[2].split()
        seconds = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        self.used.setdefault(pid, [0.0, 0.0])[1] = seconds
        peak = next(line for line in (folder / "status").read_text().splitlines() if line.startswith("VmHWM"))
        self.peaks[name] = max(int(peak.split()[1]) * 1024, self.peaks.get(name, 0))


def report(nights: list[Night], records: int, built: Cost) -> None:
    print(f"{records:,} records; building the catalogue: {built.clock:.1f} s, {built.cpu:.1f} s of processor time\n")
    print("| night | | lyhde run | under Prefect | difference | ratio |")
    print("|---|---|---|---|---|---|")
    for night in nights:
        for what, one, other in (
            ("s by the clock", night.without.clock, night.under.clock),
            ("s of processor time", night.without.cpu, night.under.cpu),
        ):
            print(f"| {night.name} | {what} | {one:.1f} | {other:.1f} | {other - one:+.1f} | {other / one:.2f} |")
    print("\n| night | " + " | ".join(nights[0].spans) + " | (s by the clock under Prefect)\n|" + "---|" * 9)
    for night in nights:
        print(f"| {night.name} | " + " | ".join(f"{span:.1f}" for span in night.spans.values()) + " | |")
    print("\n| night | peak memory, MB | task runs | Prefect's database grew, KB |\n|---|---|---|---|")
    for night in nights:
        peaks = ", ".join(
            f"{name} {peak / 1e6:.0f}" for name, peak in {**night.without.peaks, **night.under.peaks}.items()
        )
        print(f"| {night.name} | {peaks} | {night.task_runs} | {night.grown / 1000:,.0f} |")


def _lyhde(place: Path) -> list[str]:
    return [sys.executable, "-m", "cli.main", "--config", str(place / "lyhde.toml")]


def _at(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


def _task_runs(api: PrefectApi) -> int:
    return int(api.ask("POST", "/task_runs/count", {}))


def _bytes(folder: Path) -> int:
    """Database and its log: what is written stands in the log first."""
    return sum(file.stat().st_size for file in folder.glob("prefect.db*"))


if __name__ == "__main__":
    main()
