"""What a face shows of a case, a record or a history, as plain data: no markup, no writing."""
