"""The engine: takes requests, sends each once, watches its task, brings the picture home."""
