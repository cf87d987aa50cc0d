"""Our record → MARC 21 fields; one module per block of tags."""
