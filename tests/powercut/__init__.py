"""Cut off at any moment: a disk that keeps only what was synced, made from what a whole job really wrote."""
