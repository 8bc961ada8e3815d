"""The left side of the window: where an image is asked for."""
