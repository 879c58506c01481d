"""The HTTP API: the same answers as the pages', for other tools, to whoever shows a token."""
