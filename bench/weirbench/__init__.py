"""Benchmark of Weir beside DuckDB, ClickHouse and PostgreSQL, on one set of generated executions."""
