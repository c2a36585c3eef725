"""The C library's allocator, told to give the memory of large requests back to the system."""

from __future__ import annotations

import sys

M_MMAP_THRESHOLD = -3
"""The parameter's number in glibc's malloc.h."""
LARGE = 256 * 1024


def settle_allocator() -> None:
    """Keeps blocks from 256 KiB on in mappings of their own, which vanish with them. For a server's own process.

    glibc raises this limit by itself, up to 32 MiB, when a large block is freed. From then on the parts of large
    requests lie in the heaps of threads, and 100,000 requests with some of 10 MB among them leave 200 MiB there.
    Does nothing where the C library is another.
    """
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_MMAP_THRESHOLD, LARGE)
