"""Foreign image bytes: read, checked, decoded and made ready, always in worker threads."""
