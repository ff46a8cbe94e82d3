"""Benchmark of Weir, DuckDB, ClickHouse and PostgreSQL on the same generated executions."""
