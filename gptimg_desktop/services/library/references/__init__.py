"""Reference pictures: kept as they are sent, compared with what they were read from."""
