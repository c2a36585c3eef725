"""A new process: import, start, first client, first pool. CPU time of the main thread, and memory."""

from __future__ import annotations

import json
import resource
import sys
import time


def main() -> None:
    import boto3

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.thread_time()
    from scripts.bench.floor import floor
    from scripts.bench.suite import mock

    with floor(small=True) if sys.argv[1] == "floor" else mock(sys.argv[1]):
        boto3.client("cognito-idp", region_name="us-east-1").create_user_pool(PoolName="p")
    spent = (time.thread_time() - began) * 1000
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"milliseconds": spent, "mebibytes": (after - before) / 1024}))


if __name__ == "__main__":
    main()
