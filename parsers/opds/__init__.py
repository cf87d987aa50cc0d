"""OPDS 2.0 catalogues and ODL 2 feeds: JSON, publication by publication."""
