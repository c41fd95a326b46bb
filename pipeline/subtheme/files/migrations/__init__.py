"""Alembic's revisions of the study's store."""
