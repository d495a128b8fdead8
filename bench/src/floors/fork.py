"""Forks of this interpreter per second, each ended and waited for, one after another."""

import json
import os
import sys
import time
import urllib.request  # noqa: F401  as large as a source that talks HTTP

seconds = float(sys.argv[1])
start = time.monotonic()
done = 0
while time.monotonic() < start + seconds:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    done += 1
print(json.dumps(done / (time.monotonic() - start)))
