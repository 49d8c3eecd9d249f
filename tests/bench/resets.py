#!/usr/bin/python3
"""What is received twice when every fifth body is reset at some place.

Compares the document with that of a run without resets, and prints how many fragments' worth of
bytes were received in vain per reset. Arguments: build folder, [megabytes, default 1000].
"""
import hashlib
import json
import os
import subprocess
import sys
import tempfile

import emulator

FRAGMENT_BYTES = 1 << 20
EVERY = 5


def run(endpoint, document):
    subprocess.run(emulator.source(endpoint, "max-connections=5", "prefetch-bytes=16777216",
                                   "retry-backoff-factor=0.05")
                   + ["!", "filesink", f"location={document}"], check=True)
    with open(document, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def received(log):
    with open(log, encoding="utf-8") as file:
        requests = [json.loads(line) for line in file]
    media = [r for r in requests if r["operation"] == "GetMediaForFragmentList"]
    return sum(r["bytes"] for r in media), sum(1 for r in media if r["faults"])


def main():
    build = os.path.abspath(sys.argv[1])
    fragments = int(sys.argv[2] if len(sys.argv) > 2 else 1000) * 1_000_000 // FRAGMENT_BYTES
    emulator.set_environment(build)
    recording = {"type": "bulk", "fragments": fragments, "fragment-size": FRAGMENT_BYTES,
                 "frame-size": 8192, "unique": True, "start": "2026-03-01T10:00:00Z"}
    resets = [{"kind": "reset", "operation": "GetMediaForFragmentList", "request": EVERY * (i + 1),
               "bytes": (i * 700_001) % (4 * FRAGMENT_BYTES)} for i in range(200)]
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, faults in (("without", []), ("with", resets)):
            process, endpoint = emulator.start(build, folder, recording, faults=faults)
            try:
                digest = run(endpoint, os.path.join(folder, "document.mkv"))
            finally:
                process.terminate()
                process.wait()
            log = os.path.join(folder, "requests.log")
            results[name] = (digest, *received(log))
            os.remove(log)
    _, base, _ = results["without"]
    _, total, count = results["with"]
    same = results["without"][0] == results["with"][0]
    print(f"{fragments} fragments, {count} resets: the document is {'' if same else 'NOT '}the same; "
          f"{(total - base) / count / FRAGMENT_BYTES:.2f} fragments received twice per reset")


if __name__ == "__main__":
    main()
