"""A load in a process of its own that waits at every step, so that a test can look, or kill it, just there.

Usage: loader.py URL FACTS_DIR FOLDER [LARGEST_FILE_IN_BYTES]. A file that may not grow is what a full disk looks like.
"""

import resource
import sys
from pathlib import Path

from data_access.load.ingest import load
from data_access.store import Store


def step(words):
    print(words, flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    url, facts_dir, folder, *limit = sys.argv[1:]
    store = Store.open(url, Path(facts_dir))
    if limit:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit[0]), resource.RLIM_INFINITY))
    report = load(store, Path(folder), "another process", step, keep_every=0)
    store.close()
    print(f"done: {report.exit_code} {report.error}", flush=True)
