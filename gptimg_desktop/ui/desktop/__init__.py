"""Where the window meets the desktop around it."""
