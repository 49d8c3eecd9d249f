#!/usr/bin/python3
"""Prints the peak memory of kvsarchivesrc ! fakesink for ranges of a minute, an hour and a day, and
the seconds until the first frame, and their ratios to the minute's.

Arguments: build folder, [runs, default 3].
"""
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

import emulator

RECORDING = {"type": "bulk", "duration": 86400, "fragment-duration": 2, "fragment-size": 20000,
             "frame-size": 2000, "start": "2026-03-01T00:00:00Z"}
RANGES = {"1 minute": "2026-03-01T00:01:00Z", "1 hour": "2026-03-01T01:00:00Z",
          "1 day": "2026-03-02T00:00:00Z"}


def measure(endpoint, end):
    """(peak resident KB, seconds to the first buffer, fragments) of one run."""
    command = ["gst-launch-1.0", "--verbose", "kvsarchivesrc", "stream-name=cam1",
               f"endpoint-url={endpoint}", "start-timestamp=2026-03-01T00:00:00Z",
               f"end-timestamp={end}", "name=src", "!", "identity", "silent=false", "!", "fakesink"]
    begin = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    first = None
    for line in process.stdout:
        if first is None and re.search(r"last-message = chain", line):
            first = time.monotonic() - begin
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit("gst-launch-1.0 failed")
    return usage.ru_maxrss, first


def main():
    build = os.path.abspath(sys.argv[1])
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    emulator.set_environment(build)
    with tempfile.TemporaryDirectory() as folder:
        process, endpoint = emulator.start(build, folder, RECORDING)
        try:
            figures = {name: [measure(endpoint, end) for _ in range(runs)]
                       for name, end in RANGES.items()}
        finally:
            process.terminate()
    medians = {name: [statistics.median(f[i] for f in values) for i in (0, 1)]
               for name, values in figures.items()}
    base = medians["1 minute"]
    print(f"{runs} runs, medians")
    print("| range | peak memory MB | of 1 minute's | first frame s | of 1 minute's |")
    print("|---|---|---|---|---|")
    for name, (memory, first) in medians.items():
        print(f"| {name} | {memory / 1000:.1f} | {memory / base[0]:.2f} | {first:.2f} | "
              f"{first / base[1]:.2f} |")


if __name__ == "__main__":
    main()
