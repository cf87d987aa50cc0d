"""`lyhde convert` and the MARC of `lyhde export`."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pymarc
import pytest

Command = Callable[..., Any]

PRODUCT = """<ONIXMessage release="3.0"><Header><Sender><SenderName>Testi</SenderName></Sender>
<SentDateTime>20260101</SentDateTime></Header><Product><RecordReference>a.1</RecordReference>
<NotificationType>03</NotificationType><ProductIdentifier><ProductIDType>15</ProductIDType>
<IDValue>9789515174703</IDValue></ProductIdentifier><DescriptiveDetail><ProductComposition>00</ProductComposition>
<ProductForm>ED</ProductForm><ProductFormDetail>E101</ProductFormDetail><ProductFormFeature>
<ProductFormFeatureType>09</ProductFormFeatureType><ProductFormFeatureValue>14</ProductFormFeatureValue>
</ProductFormFeature><TitleDetail><TitleType>01</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel>
<TitleText>Sinuhe</TitleText></TitleElement></TitleDetail><Language><LanguageRole>01</LanguageRole>
<LanguageCode>fin</LanguageCode></Language></DescriptiveDetail>{text}</Product></ONIXMessage>"""
LONG = """<CollateralDetail><TextContent><TextType>03</TextType><ContentAudience>00</ContentAudience>
<Text>{}</Text></TextContent></CollateralDetail>""".format("sana " * 3_000)
TIME = ("--as-of", "2026-11-22T10:00:00Z")


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    path = tmp_path / "feed.xml"
    path.write_text(PRODUCT.format(text=""), "utf-8")
    return path


@pytest.fixture
def long_feed(tmp_path: Path) -> Path:
    path = tmp_path / "long.xml"
    path.write_text(PRODUCT.format(text=LONG), "utf-8")
    return path


def test_convert_writes_iso_2709(lyhde: Command, feed: Path, tmp_path: Path) -> None:
    answer = lyhde("convert", str(feed), "--to", "mrc", "--out", str(tmp_path / "o.mrc"), *TIME)
    assert answer.code == 0
    with (tmp_path / "o.mrc").open("rb") as stream:
        (record,) = pymarc.MARCReader(stream)
    assert record is not None
    assert record["001"].data == "a.1"
    assert record["884"]["k"] == "file:a.1"


def test_convert_writes_marcxml_on_stdout(lyhde: Command, feed: Path) -> None:
    answer = lyhde("convert", str(feed), "--to", "marcxml", *TIME)
    assert answer.out.startswith("<?xml")
    assert '<subfield code="a">Sinuhe.</subfield>' in answer.out


@pytest.mark.parametrize("form", ["marcjson", "json", "jsonld"])
def test_the_json_forms_are_lines_of_one_shape(lyhde: Command, feed: Path, form: str) -> None:
    (row,) = lyhde("convert", str(feed), "--to", form, *TIME).lines
    assert row.keys() == {"file", "index", "source_id", "record"}
    assert (row["file"], row["index"], row["source_id"]) == (str(feed), 1, "a.1")
    expected = {"marcjson": {"leader", "fields"}, "json": {"medium", "titles"}, "jsonld": {"@type", "accessMode"}}
    assert expected[form] <= row["record"].keys()


def test_what_is_too_long_goes_beside_as_marcxml_with_a_notice(
    lyhde: Command, feed: Path, long_feed: Path, tmp_path: Path
) -> None:
    answer = lyhde("convert", str(feed), str(long_feed), "--to", "mrc", "--out", str(tmp_path / "o.mrc"), *TIME)
    assert answer.code == 0
    assert "o.too-long.xml" in answer.error.replace("\n", "")
    (record,) = pymarc.parse_xml_to_array(str(tmp_path / "o.too-long.xml"))
    assert len(record["520"]["a"]) == 15_000


def test_without_a_file_beside_nothing_is_cut(lyhde: Command, long_feed: Path) -> None:
    answer = lyhde("convert", str(long_feed), "--to", "mrc")
    assert answer.code == 5
    assert "ISO 2709" in answer.error


def test_a_file_that_is_none_of_ours_is_told(lyhde: Command, tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("ei mitään")
    answer = lyhde("convert", str(tmp_path / "x.txt"), "--to", "json")
    assert answer.code == 5
    assert answer.out == ""
    assert "source check" in answer.error


@pytest.mark.parametrize("form", ["marcxml", "mrc", "json"])
def test_where_nothing_could_be_read_no_file_is_replaced(lyhde: Command, tmp_path: Path, form: str) -> None:
    (tmp_path / "x.html").write_text("<html><body>maintenance</body></html>")
    (tmp_path / "out").write_text("yesterday's")
    assert lyhde("convert", str(tmp_path / "x.html"), "--to", form, "--out", str(tmp_path / "out")).code == 5
    assert (tmp_path / "out").read_text() == "yesterday's"


def test_what_could_be_read_is_converted_and_the_rest_told(lyhde: Command, feed: Path, tmp_path: Path) -> None:
    (tmp_path / "x.html").write_text("<html><body>maintenance</body></html>")
    answer = lyhde("convert", str(tmp_path / "x.html"), str(feed), "--to", "json")
    assert answer.code == 0
    assert [row["source_id"] for row in answer.lines] == ["a.1"]
    assert "1" in answer.error
    assert "source check" in answer.error


def test_members_of_archives_are_named_by_their_archive(lyhde: Command, feed: Path, tmp_path: Path) -> None:
    archive = tmp_path / "feed.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.write(feed, "autumn/feed.xml")
        made.writestr("feed.xml", feed.read_text("utf-8").replace("a.1", "a.2"))
    rows = lyhde("convert", str(archive), "--to", "json").lines
    assert [(row["file"], row["index"], row["source_id"]) for row in rows] == [
        (f"{archive}/autumn/feed.xml", 1, "a.1"),
        (f"{archive}/feed.xml", 1, "a.2"),
    ]


def test_only_descriptions_are_exported_as_marc(lyhde: Command) -> None:
    assert lyhde("export", "cases", "--format", "mrc").code == 2


def test_match_names_the_records_it_could_not_read(lyhde: Command, tmp_path: Path) -> None:
    good = "<Product><RecordReference>{}</RecordReference><NotificationType>03</NotificationType>{}</Product>"
    title = (
        "<DescriptiveDetail><ProductForm>ED</ProductForm><TitleDetail><TitleType>01</TitleType><TitleElement>"
        "<TitleElementLevel>01</TitleElementLevel><TitleText>Nimi</TitleText></TitleElement></TitleDetail>"
        "</DescriptiveDetail>"
    )
    feed = tmp_path / "feed.xml"
    feed.write_text(f"<ONIXMessage release='3.0'>{good.format('a', title)}{good.format('b', '')}</ONIXMessage>")
    labels = tmp_path / "labels.csv"
    labels.write_text("left,right,same\na,a,1\n")
    truth = tmp_path / "truth.csv"
    truth.write_text("source_id,cluster\na,1\n")
    for words in (["cluster", feed], ["evaluate", feed, labels], ["cluster-evaluate", feed, truth]):
        answer = lyhde("match", *map(str, words))
        assert answer.code == 0
        assert "1 record could not be read" in answer.error
        assert "feed.xml, record 2, DescriptiveDetail/TitleDetail: The record has no title." in " ".join(
            answer.error.split()
        )


def test_match_of_nothing_that_can_be_read_ends_with_code_5(lyhde: Command, tmp_path: Path) -> None:
    (tmp_path / "page.xml").write_text("<html></html>")
    answer = lyhde("match", "cluster", str(tmp_path / "page.xml"))
    assert (answer.code, answer.lines) == (5, [])
    assert "not one of its 1 records could be read" in answer.error
