"""MARC 21 → catalogue record."""
