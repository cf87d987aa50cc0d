"""The review desk: HTML for cataloguers, operators and administrators."""
