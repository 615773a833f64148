"""The published site: a Datasette plugin, its templates and its static files."""
