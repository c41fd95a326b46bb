"""Run by Alembic: migrates over the connection that the store hands in."""

from alembic import context

from subtheme.files.schema import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
context.run_migrations()
