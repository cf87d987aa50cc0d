"""What Prefect costs a night: ``python -m benchmarks.nightly [--records N] [--sources S]``.

The same made-up feeds are run twice into fresh stores: by ``lyhde run``, and by ``lyhde nightly trigger`` on a served
installation; then both again with nothing new. Prints a Markdown table: seconds by the clock of each, the difference,
and what Prefect's database and task runs grew by. Both share one search server and read the same files.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

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


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--records", type=int, default=5_000)
    options.add_argument("--sources", type=int, default=8)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="lyhde-nightly-") as folder:
        home = Path(folder)
        make_feeds(home, chosen.records, chosen.sources)
        server = start(home / "search")
        try:
            plain = install(home, "plain", server.url)
            served = install(home, "served", server.url)
            report(measure(plain, served), chosen.records)
        finally:
            stop(home / "search")


def make_feeds(home: Path, records: int, sources: int) -> None:
    """Sources of equal size; every record a title, a name and a language of its own, as unlike as words can be."""
    chance = random.Random(SEED)
    words = [row.split("\t")[1].replace("&", "ja").replace("<", "") for row in read_rows("yso")]
    (home / "feeds").mkdir()
    for number in range(sources):
        source = f"kustantaja{number:02}"
        products = "".join(
            PRODUCT.format(
                source=source,
                n=n,
                title=" ".join(chance.choices(words, k=4)).capitalize(),
                name=f"{chance.choice(words).capitalize()}, {chance.choice(words).capitalize()}",
                language=chance.choice(("fin", "swe")),
            )
            for n in range(records // sources)
        )
        (home / "feeds" / f"{source}.xml").write_text(MESSAGE.format(products=products), "utf-8")


def install(home: Path, name: str, search: str) -> Path:
    """A configuration of its own over the same feeds."""
    place = home / name
    (place / "sources").mkdir(parents=True)
    (place / "lyhde.toml").write_text(f'[elasticsearch]\nurl = "{search}"\nindex_prefix = "{name}"\n')
    for feed in sorted((home / "feeds").iterdir()):
        transport = f'[transport]\nkind = "folder"\npath = {json.dumps(str(feed))}\n'
        (place / "sources" / f"{feed.stem}.toml").write_text(transport)
    return place


def measure(plain: Path, served: Path) -> list[dict[str, Any]]:
    """A fresh night and one without news, each way."""
    command = [*_lyhde(served), "nightly", "serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as serving:
        try:
            assert serving.stdout
            api = PrefectApi(serving.stdout.readline().strip())
            database = served / "lyhde-data" / "nightly" / "prefect"
            rows = []
            for night in ("fresh", "nothing new"):
                without = _seconds([*_lyhde(plain), "--quiet", "--json", "run"])
                size, tasks = _bytes(database), _task_runs(api)
                with_it = _seconds([*_lyhde(served), "--quiet", "--json", "nightly", "trigger"])
                grown, made = _bytes(database) - size, _task_runs(api) - tasks
                rows.append({"night": night, "without": without, "with": with_it, "bytes": grown, "tasks": made})
        finally:
            serving.send_signal(signal.SIGTERM)
    return rows


def report(rows: list[dict[str, Any]], records: int) -> None:
    print(f"{records:,} records\n")
    print("| night | lyhde run, s | under Prefect, s | difference, s | task runs | database grew, KB |")
    print("|---|---|---|---|---|---|")
    for row in rows:
        more = row["with"] - row["without"]
        cells = f"{row['without']:.1f} | {row['with']:.1f} | {more:+.1f} | {row['tasks']} | {row['bytes'] / 1000:,.0f}"
        print(f"| {row['night']} | {cells} |")


def _lyhde(place: Path) -> list[str]:
    return [sys.executable, "-m", "cli.main", "--config", str(place / "lyhde.toml")]


def _seconds(command: list[str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


def _task_runs(api: PrefectApi) -> int:
    return int(api.ask("POST", "/task_runs/count", {}))


def _bytes(folder: Path) -> int:
    """Database and its log: what is written stands in the log first."""
    return sum(file.stat().st_size for file in folder.glob("prefect.db*"))


if __name__ == "__main__":
    main()
