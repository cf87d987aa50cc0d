"""MARC 21 in its envelopes: ISO 2709, MARCXML, MARC-in-JSON, Aleph sequential and lists of deleted ids."""
