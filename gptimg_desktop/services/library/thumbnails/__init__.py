"""Small pictures, made once and remembered."""
