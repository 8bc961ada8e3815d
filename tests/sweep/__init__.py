"""Killed at every call: one whole job under strace, ended at each of its writes, syncs, names and words with
the service, started again, and compared with what the service knows."""
