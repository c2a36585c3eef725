"""`python -m cogmock` is `cogmock`."""

import sys

from cogmock.cli import main

if __name__ == "__main__":
    sys.exit(main())
