"""The SQL store: connections, the schema and its migrations, areas, members, and what viewers write."""
