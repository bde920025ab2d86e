"""Server-rendered pages: no script, no build step, the same answers as the API."""
