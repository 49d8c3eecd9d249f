#!/usr/bin/python3
"""What a long range costs more than a short one, with 20 ms of latency per request: the time to the
first media of a minute and of a day, and the peak memory of ten minutes and of a day, 2 s a
fragment. The time that gst-launch-1.0 itself takes to start is measured too, and taken off.

Arguments: build folder, [runs, default 3], [bytes of a fragment, default 300000].
"""
import os
import statistics
import subprocess
import sys
import tempfile
import time

import emulator
import measure

START = "2026-03-01T00:00:00Z"
RANGES = {"1 minute": "2026-03-01T00:01:00Z", "10 minutes": "2026-03-01T00:10:00Z",
          "1 day": "2026-03-02T00:00:00Z"}
LATENCY_MS = 20
CLUSTER = bytes.fromhex("1F43B675")  # with which the document's media begin


def first_media(command):
    """Seconds until the first frames come out, or anything where no document is expected."""
    begin = time.monotonic()
    with subprocess.Popen(command + ["!", "fdsink"], stdout=subprocess.PIPE) as process:
        read = b""
        while CLUSTER not in read and "fakesrc" not in command[:3] or not read:
            piece = os.read(process.stdout.fileno(), 1 << 20)
            if not piece:
                raise SystemExit(f"failed: {' '.join(command)}")
            read += piece
        seconds = time.monotonic() - begin
        process.kill()
    return seconds


def main():
    build = os.path.abspath(sys.argv[1])
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    fragment_bytes = int(sys.argv[3]) if len(sys.argv) > 3 else 300_000
    emulator.set_environment(build)
    recording = {"type": "bulk", "duration": 86400, "fragment-duration": 2,
                 "fragment-size": fragment_bytes, "frame-size": min(8192, fragment_bytes // 10),
                 "start": START}
    slow = [{"kind": "latency", "ms": LATENCY_MS, "operation": operation} for operation in
            ("GetDataEndpoint", "ListFragments", "GetMediaForFragmentList")]
    startup = ["gst-launch-1.0", "--quiet", "fakesrc", "num-buffers=1", "sizetype=fixed"]
    with tempfile.TemporaryDirectory() as folder:
        process, endpoint = emulator.start(build, folder, recording, faults=slow)
        try:
            sources = {name: emulator.source(endpoint, start=START, end=end)
                       for name, end in RANGES.items()}
            commands = {"startup": startup, **sources}
            first = {name: statistics.median(first_media(command) for _ in range(2 * runs + 1))
                     for name, command in commands.items()}
            memory = measure.medians({name: source + ["!", "fakesink"]
                                      for name, source in sources.items()}, runs)
        finally:
            process.terminate()
    print(f"{runs} runs, medians; start of gst-launch-1.0: {first['startup'] * 1000:.0f} ms")
    print("| range | first media ms | of 1 minute's | peak MiB | more than 10 minutes' | s |")
    print("|---|---|---|---|---|---|")
    for name, (seconds, _, peak) in memory.items():
        delay = first[name] - first["startup"]
        print(f"| {name} | {delay * 1000:.0f} | {delay / (first['1 minute'] - first['startup']):.2f}"
              f" | {peak:.1f} | {peak - memory['10 minutes'][2]:+.1f} | {seconds:.1f} |")


if __name__ == "__main__":
    main()
