"""ONIX for Books 2.1, 3.0 and 3.1, reference and short tags: bytes to products."""
