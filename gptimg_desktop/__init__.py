"""A desktop program for designers who make images with the gpt-image-2 API."""

__version__ = "0.1.0"
