"""Market data: from files and streams to columns that compiled code reads."""
