"""Pinned concepts and codes with their Finnish, Swedish and English names. Loaded on first use, never changed.

The files under ``data/`` are built by ``python -m catalogue.vocabularies.build DIR``; ``data/versions.toml`` says
from what.
"""

from catalogue.vocabularies.classes import class_names
from catalogue.vocabularies.codes import (
    country,
    country_names,
    language,
    language_names,
    marc_country,
    relator,
    relator_names,
    two_letter,
)
from catalogue.vocabularies.concepts import Concept, Concepts, concepts
from catalogue.vocabularies.onix_codes import is_onix_code, onix_code_names, onix_list_names
from catalogue.vocabularies.tables import versions

__all__ = [
    "Concept",
    "Concepts",
    "class_names",
    "concepts",
    "country",
    "country_names",
    "is_onix_code",
    "language",
    "language_names",
    "marc_country",
    "onix_code_names",
    "onix_list_names",
    "relator",
    "relator_names",
    "two_letter",
    "versions",
]
