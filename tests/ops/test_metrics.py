"""The measures' names and labels, which alerts and dashboards are built on."""

from __future__ import annotations

from catalogue.errors import ServiceUnreachable
from ops.metrics import Figures, Metrics

FIGURES = Figures(
    last_success={"otava": 1_769_831_200.0},
    records={("otava", "new"): 7},
    live_records={"otava": 7},
    held_runs={"otava": 1},
    defects={("otava", "isbn.checksum"): 2},
    pairs={"same": 3},
    cases_open={"match": 4},
    case_ages=((3_600.0, 3), (40 * 86_400.0, 1)),
    decisions={("match", "same", "desk"): 5},
    reopened=1,
    merged={"work": 6},
    index_lag_s=12.0,
    outbox=2,
    index_documents={"works": 6},
)
LINES = """
lyhde_store_up 1.0
lyhde_source_last_success_timestamp_seconds{source="otava"} 1.7698312e+09
lyhde_records_total{outcome="new",source="otava"} 7.0
lyhde_live_records{source="otava"} 7.0
lyhde_held_runs{source="otava"} 1.0
lyhde_defects_total{code="isbn.checksum",source="otava"} 2.0
lyhde_pairs_total{outcome="same"} 3.0
lyhde_cases_open{kind="match"} 4.0
lyhde_case_age_seconds_bucket{le="86400"} 3.0
lyhde_case_age_seconds_bucket{le="7776000"} 4.0
lyhde_case_age_seconds_bucket{le="+Inf"} 4.0
lyhde_case_age_seconds_count 4.0
lyhde_decisions_total{answer="same",kind="match",via="desk"} 5.0
lyhde_reopened_total 1.0
lyhde_merged_records{level="work"} 6.0
lyhde_index_lag_seconds 12.0
lyhde_outbox_works 2.0
lyhde_index_documents{alias="works"} 6.0
""".strip().splitlines()


def test_every_figure_has_its_name_and_labels() -> None:
    page = Metrics(lambda: FIGURES).page().decode().splitlines()
    assert [line for line in LINES if line not in page] == []


def test_without_the_store_the_other_measures_stay() -> None:
    def read() -> Figures:
        raise ServiceUnreachable("the database is gone")

    page = Metrics(read).page().decode()
    assert "lyhde_store_up 0.0" in page
    assert "process_resident_memory_bytes" in page
    assert "lyhde_cases_open" not in page
