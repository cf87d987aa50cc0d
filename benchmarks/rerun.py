"""A feed harvested again, unchanged: ``python -m benchmarks.rerun [--records N]``.

Three harvests of one ONIX feed into SQLite: fresh; the same bytes again, which are known by their content and not
read; and the same records in a file that differs by a comment, where each record is parsed and known by its hash.
Prints a Markdown table of records per second of CPU and of the clock.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from jobs.harvesting import harvest
from ops.collecting import collect_seldom
from ops.sources import SourceSettings
from store.database import open_store

HEAD = '<ONIXMessage release="3.0" xmlns="http://ns.editeur.org/onix/3.0/reference"><Header/>'
PRODUCT = """<Product><RecordReference>r{n}</RecordReference><NotificationType>03</NotificationType>
<DescriptiveDetail><ProductComposition>00</ProductComposition><ProductForm>ED</ProductForm>
<ProductFormDetail>E101</ProductFormDetail><TitleDetail><TitleType>01</TitleType><TitleElement>
<TitleElementLevel>01</TitleElementLevel><TitleText>Kirja {n}</TitleText></TitleElement></TitleDetail>
<Contributor><SequenceNumber>1</SequenceNumber><ContributorRole>A01</ContributorRole>
<PersonNameInverted>Meri, Aino {n}</PersonNameInverted></Contributor>
<Language><LanguageRole>01</LanguageRole><LanguageCode>fin</LanguageCode></Language></DescriptiveDetail>
<CollateralDetail><TextContent><TextType>03</TextType><ContentAudience>00</ContentAudience>
<Text>{text}</Text></TextContent></CollateralDetail>
<PublishingDetail><Publisher><PublishingRole>01</PublishingRole><PublisherName>Kaarna</PublisherName></Publisher>
</PublishingDetail></Product>
"""
TEXT = "Romaani saaristosta, jossa tuuli kääntyy ja vene jää rantaan. " * 12
NIGHTS = ("2026-01-01T03:00:00Z", "2026-01-02T03:00:00Z", "2026-01-03T03:00:00Z")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--records", type=int, default=20_000)
    count = options.parse_args().records
    collect_seldom()  # as every command of ours does
    products = "".join(PRODUCT.format(n=n, text=TEXT) for n in range(count))
    print("| feed | records/s (CPU) | records/s (clock) |\n|---|---|---|")
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        (folder / "feed").mkdir()
        transport = {"kind": "folder", "path": folder / "feed"}
        source = SourceSettings.model_validate({"id": "kaarna", "transport": transport})
        store = open_store(f"sqlite:///{folder / 'lyhde.sqlite'}", folder)
        feeds = (("fresh", ""), ("the same file", ""), ("the same records, another file", "<!-- 2 -->"))
        for (name, more), night in zip(feeds, NIGHTS, strict=True):
            (folder / "feed" / "feed.xml").write_text(f"{HEAD}{products}{more}</ONIXMessage>", "utf-8")
            cpu, clock = time.process_time(), time.perf_counter()
            harvest(store, source, night)
            spent = time.process_time() - cpu, time.perf_counter() - clock
            print(f"| {name} | {count / spent[0]:,.0f} | {count / spent[1]:,.0f} |", flush=True)
        store.close()


if __name__ == "__main__":
    main()
