"""`lyhde lexicon …`: the tables of Finnish and Swedish words that the search index is written with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from catalogue.errors import UsageError
from catalogue.sentence import Sentence
from cli.context import context_of

lexicon = typer.Typer(help="The words that search knows.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.add_typer(lexicon, name="lexicon")


@lexicon.command()
def build(
    context: typer.Context,
    out: Annotated[Path, typer.Option(help="folder for the tables")],
    lang: Annotated[Literal["fi", "sv"] | None, typer.Option(help="of this language alone")] = None,
) -> None:
    """Build the tables from the word lists of the package simplemma: the same bytes every time.

    Needs the extra `lexicon`, some minutes and 4 GB of memory.
    """
    from catalogue.vocabularies.concepts import label_words
    from index.lexicon.building import build_words
    from index.lexicon.hand_lists import LANGUAGES
    from index.lexicon.mistakable import write_mistakable
    from index.lexicon.subject_compounds import write_compounds
    from index.lexicon.writing import write_tables

    ours = context_of(context)
    written: list[dict[str, Any]] = []
    for language in [lang] if lang else LANGUAGES:
        try:
            words = build_words(language)
        except (ModuleNotFoundError, ValueError) as failure:
            raise UsageError(
                Sentence("the word lists are not there: {reason}; install the extra `lexicon`", reason=str(failure))
            ) from failure
        files = [
            write_tables(words, out),
            write_compounds(out, language, label_words(language)),
            write_mistakable(out, language),
        ]
        written += [{"language": language, "path": str(path), "bytes": path.stat().st_size} for path in files]
    if ours.out.as_json:
        ours.out.json(written)
        return
    headings = [ours.text("language"), ours.text("file"), ours.text("size bytes")]
    ours.out.table(headings, [[w["language"], w["path"], str(w["bytes"])] for w in written])


@lexicon.command()
def analyse(
    context: typer.Context,
    words: list[str],
    lang: Annotated[Literal["fi", "sv"], typer.Option(help="language of the words")] = "fi",
) -> None:
    """How words are read: lemmas and parts, and the forms that are indexed for them."""
    from index.lexicon.expanding import expander
    from index.lexicon.lexicon import lexicon as words_of

    ours = context_of(context)
    rows: list[dict[str, Any]] = []
    for word in (w.lower() for w in words):
        readings = {r.lemma: [part.surface for part in r.parts] for r in words_of(lang).analyse(word)}
        rows.append({"word": word, "readings": readings, "forms": list(expander(lang).forms(word))})
    if ours.out.as_json:
        ours.out.json(rows)
        return
    headings = [ours.text("word"), ours.text("readings"), ours.text("forms")]
    shown = [
        [row["word"], ", ".join("|".join(p) for p in row["readings"].values()), " ".join(row["forms"])] for row in rows
    ]
    ours.out.table(headings, shown)
