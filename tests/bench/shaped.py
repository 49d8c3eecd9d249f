#!/usr/bin/python3
"""How much of a stream's bandwidth kvsarchivesrc uses: 25 MB/s per connection, 60 ms to the first
byte, the published quotas, against a boto3 script that reads one connection.

Prints MB/s, the part of what the connections could give, and the ratio to the script; medians.
Arguments: build folder, [runs, default 3], [megabytes, default 3000].
"""
import os
import sys
import tempfile

import archive_client
import emulator
import measure

CONNECTIONS = 5
BYTES_PER_SECOND = 25_000_000
FRAGMENT_BYTES = 4 << 20
MIB = 1 << 20


def main():
    build = os.path.abspath(sys.argv[1])
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    fragments = int(sys.argv[3] if len(sys.argv) > 3 else 3000) * 1_000_000 // FRAGMENT_BYTES
    emulator.set_environment(build)
    recording = {"type": "bulk", "fragments": fragments, "fragment-size": FRAGMENT_BYTES,
                 "frame-size": 8192, "start": "2026-03-01T10:00:00Z"}
    slow = {"kind": "latency", "operation": "GetMediaForFragmentList", "ms": 60}
    with tempfile.TemporaryDirectory() as folder:
        process, endpoint = emulator.start(build, folder, recording, faults=[slow],
                                           quotas="published")
        try:
            def source(prefetch):
                return emulator.source(endpoint, f"max-connections={CONNECTIONS}",
                                       f"prefetch-bytes={prefetch}") + ["!", "fakesink"]
            results = measure.medians({
                "prefetch-bytes 64 MiB": source(64 * MIB),
                "prefetch-bytes 256 MiB": source(256 * MIB),
            }, runs)
            results.update(measure.medians({"boto3": archive_client.command(endpoint)}, 1))
        finally:
            process.terminate()
    megabytes = fragments * FRAGMENT_BYTES / 1e6
    possible = CONNECTIONS * BYTES_PER_SECOND / 1e6
    print(f"{megabytes:.0f} MB, {CONNECTIONS} connections, {runs} runs, medians")
    print("| reader | MB/s | of the bandwidth | of boto3's | peak MB |\n|---|---|---|---|---|")
    for name, (seconds, _, peak) in results.items():
        print(f"| {name} | {megabytes / seconds:.1f} | {megabytes / seconds / possible:.3f} | "
              f"{results['boto3'][0] / seconds:.2f} | {peak:.0f} |")


if __name__ == "__main__":
    main()
