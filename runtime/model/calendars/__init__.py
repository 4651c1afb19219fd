"""Dated calendar tables, made by `tests/make_session_tables.py`; read by `runtime.model.calendar_table`."""
