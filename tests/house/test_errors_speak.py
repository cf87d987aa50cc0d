"""Whatever an error tells a person can be told in their language: each is raised with a `Sentence`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalogue import errors
from catalogue.sentence import Sentence

ROOT = Path(__file__).parent.parent.parent
ROOMS = ("api", "cli", "desk", "flows", "harvest", "index", "jobs", "ops", "store")
WORDS = {"FeedRefused": 1, "SourceFailed": 1, "NotFound": 2, "FeedHeld": 2, "ApiRefused": 1}
"""Which argument holds the words, where it is not the first."""
KINDS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)}
BY_NAME = {"VetoStands", "StaleAnswer", "DownloadFailed"}
"""They make their own sentence; what they are given are names."""
INNER = {"Transient", "AddressRefused", "HostUnknown", "ApiRefused"}
"""Exceptions that become one of ours and are told on inside it."""
FOREIGN = {
    ("flows/prefect_api.py", "ApiRefused"): "the answer of Prefect's server, for the log of who asked it",
    ("flows/triggering.py", "ServiceUnreachable"): "read back from the outcome of a run elsewhere, plain by then",
}


def raised(tree: ast.AST) -> Iterator[tuple[str, int, ast.expr]]:
    """(class, line, words) of every error that is made."""
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        place = WORDS.get(name, 0)
        if name in (KINDS | INNER) - BY_NAME and len(call.args) > place:
            found = call.args[place]
            for words in found.elts if isinstance(found, ast.List) else [found]:
                yield name, call.lineno, words


def is_glued(words: ast.expr) -> bool:
    """English without a template: a literal, one put together, or an error's text with its template lost."""
    if isinstance(words, ast.IfExp):
        return is_glued(words.body) or is_glued(words.orelse)
    glued = isinstance(words, ast.JoinedStr | ast.BinOp | ast.Constant | ast.Subscript)
    return glued or (isinstance(words, ast.Call) and ast.unparse(words.func) in ("str", "format", "repr"))


@pytest.mark.parametrize("room", ROOMS)
def test_an_error_is_raised_with_words_that_can_be_translated(room: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {ast.unparse(words)}"
        for path in sorted((ROOT / room).rglob("*.py"))
        for name, line, words in raised(ast.parse(path.read_text("utf-8")))
        if is_glued(words) and (str(path.relative_to(ROOT)), name) not in FOREIGN
    ]
    assert found == []


@pytest.mark.parametrize("words", ['f"{x} is gone"', '"gone"', '"gone " + x', "str(error)", '"a" if x else "b"'])
def test_english_without_a_template_is_seen(words: str) -> None:
    assert [is_glued(found) for _, _, found in raised(ast.parse(f"raise UsageError({words})"))] == [True]


def test_a_sentence_passes() -> None:
    tree = ast.parse('raise ConfigurationError([Sentence("{x}", x=1)])')
    assert [is_glued(found) for _, _, found in raised(tree)] == [False]
    assert isinstance(errors.NotFound("case", "x").message, Sentence)
