"""The library: jobs, images, references and thumbnails on disk. The database is the truth, pictures are plain
files beside it; this is the only place that knows sqlite3 and reads foreign image bytes."""
