"""The program is killed at random again and again while its service misbehaves; then everything is compared.

`python -m tests.torture` runs it: the engine in processes without Qt, the whole program offscreen, and
submits whose outcome nobody can tell, through many restarts. The service's own record is the truth: what it
took and told must be a whole picture on disk, what it took untold must ask the user, and nothing may be taken
twice.
"""
