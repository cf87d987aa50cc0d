"""Identifiers as terms: any notation, and none that a title could be mistaken for."""

from __future__ import annotations

from collections.abc import Callable

from catalogue.record import AuthorityId, Contributor, Description, Identifier
from index.numbers import identifier_terms


def test_isbn_twin_issn_and_ids_with_and_without_their_scheme(describe: Callable[..., Description]) -> None:
    about = describe(
        identifiers=(
            Identifier(scheme="isbn", value="9789510396230"),
            Identifier(scheme="isbn", value="9789510396247", role="other_format"),
            Identifier(scheme="isbn", value="9789510000000", role="related"),
            Identifier(scheme="issn", value="1234-567X"),
            Identifier(scheme="proprietary:Otava", value="AB-123456"),
        ),
        contributors=(Contributor(name="A", ids=(AuthorityId(scheme="isni", value="0000 0001 2103 2683"),)),),
    )
    terms = identifier_terms(["w11", "e11"], [about], ["melinda:004567890", "small:1984", "b:(FIN11)000043470"])
    assert terms == sorted([
        "w11", "e11", "9789510396230", "9510396230", "9789510396247", "9510396249", "1234567X",
        "AB123456", "Otava:AB123456", "(Otava)AB123456",
        "0000000121032683", "isni:0000000121032683", "(isni)0000000121032683",
        "004567890", "melinda:004567890", "(melinda)004567890", "small:1984", "(small)1984",
        "000043470", "FIN11:000043470", "(FIN11)000043470", "b:(FIN11)000043470",
    ])  # fmt: skip
