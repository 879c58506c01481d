"""How Alembic runs here: on the connection that `data_access.database.migrate` gives it, within its transaction."""

from alembic import context

from data_access.database.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
)
context.run_migrations()
