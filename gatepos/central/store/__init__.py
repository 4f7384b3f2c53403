"""Central's SQL, on an embedded SQLite file or on PostgreSQL."""
