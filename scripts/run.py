"""`make run`: starts the server with a ready-made user pool. Takes the options of `cogmock serve`."""

from __future__ import annotations

import sys

from cogmock.cli import main

if __name__ == "__main__":
    sys.exit(main(["serve", "--demo", *sys.argv[1:]]))
