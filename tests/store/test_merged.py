from __future__ import annotations

from catalogue.merged import MergedRecord
from catalogue.record import Description, Title
from store import facts, merged
from store.database import Store
from store.merged import Change, Merged

AT, LATER = "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"


def work(title: str, name: str = "w11", level: str = "work") -> Merged:
    description = Description(titles=(Title(text=title, language="fin"),))
    content = MergedRecord(level=level, description=description, members=("otava:1",), provenance=(), rules_version="1")
    return Merged(name, "w11", content)


def test_a_merged_record_is_logged_once_and_its_history_kept(store: Store) -> None:
    with store.write() as connection:
        assert merged.save(connection, [work("Sinuhe")], AT) == ["w11"]
        assert merged.save(connection, [work("Sinuhe")], LATER) == []
        assert merged.save(connection, [work("Sinuhe egyptiläinen")], LATER) == ["w11"]
        assert [change.op for change in merged.changes(connection)] == ["upsert", "upsert"]
        ((revision, replaced_at, before),) = merged.history(connection, "w11")
        now = merged.find(connection, "w11")
    assert now is not None
    assert (revision, replaced_at, before) == (1, LATER, work("Sinuhe").merged)
    assert (now.revision, now.merged) == (2, work("Sinuhe egyptiläinen").merged)


def test_revisions_only_grow_even_when_the_log_was_emptied_of_its_last_row(store: Store) -> None:
    with store.write() as connection:
        revs = [merged.log(connection, "upsert", "w11", at=AT) for _ in range(3)]
        connection.exec_driver_sql("DELETE FROM change_log WHERE rev = 3")
        assert merged.log(connection, "upsert", "w11", at=AT) > revs[-1]


def test_a_retired_record_leaves_a_redirect_or_a_delete(store: Store) -> None:
    with store.write() as connection:
        merged.save(connection, [work("Yksi"), work("Kaksi", "w22")], AT)
        merged.retire(connection, {"w22": "w11"}, LATER)
        merged.retire(connection, {"w11": None}, LATER)
        assert list(merged.changes(connection, since=2)) == [
            Change(3, "redirect", "w22", "w11"),
            Change(4, "delete", "w11", None),
        ]
        assert merged.find(connection, "w11") is None
        assert [replaced for _, replaced, _ in merged.history(connection, "w22")] == [LATER]


def test_the_outbox_keeps_what_changed_again_meanwhile(store: Store) -> None:
    with store.write() as connection:
        merged.save(connection, [work("Yksi")], AT)
        merged.queue_works(connection, ["w11"])
        taken = merged.take_outbox(connection)
        merged.save(connection, [work("Kaksi")], LATER)
        merged.queue_works(connection, ["w11"])
        merged.outbox_done(connection, taken)
        assert (taken, merged.take_outbox(connection)) == ([("w11", 1)], [("w11", 2)])
        merged.outbox_done(connection, merged.take_outbox(connection))
        assert merged.outbox_size(connection) == 0


def test_a_work_is_read_with_its_editions(store: Store) -> None:
    with store.write() as connection:
        items = [work("e-kirja", "e22", "edition"), work("Työ"), work("äänikirja", "e11", "edition")]
        merged.save(connection, items, AT)
        assert [found.id for found in merged.of_works(connection, ["w11"])["w11"]] == ["w11", "e11", "e22"]
        assert [found.id for found in merged.every(connection, "edition")] == ["e11", "e22"]
        assert merged.count(connection) == {"edition": 2, "work": 1}


def test_a_fact_is_a_new_version_only_when_it_flips(store: Store) -> None:
    with store.write() as connection:
        assert facts.get_fact(connection, "languages") is None
        assert facts.set_new_fact(connection, "languages", {"otava": "fin"}, AT)
        assert not facts.set_new_fact(connection, "languages", {"otava": "fin"}, LATER)
        assert facts.set_new_fact(connection, "languages", {}, LATER)
        assert facts.get_fact(connection, "languages") == {}
