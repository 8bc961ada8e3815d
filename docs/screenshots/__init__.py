"""The pictures of README and guide, taken of the real window while it works with the practice service.

    .venv/bin/python -m docs.screenshots [--list] [--into FOLDER] [NAME…]

Without a name all of them, into `docs/images`; about two minutes on two cores. Prompts, pictures and dates
are the same at every run. Only what would differ from machine to machine is painted over: the address of the
service on this machine, the place of the key, and the path of the throw-away folder.

It needs the fonts Noto Sans and, for the Chinese pictures, Noto Sans CJK SC.
"""
