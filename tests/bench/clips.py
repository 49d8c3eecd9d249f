#!/usr/bin/python3
"""Compares kvsclipsrc with curl: a clip of 100 MB, with all of it in memory and with a file.

Prints MB/s, CPU seconds per GB and peak resident memory of the reading process (not the emulator's),
as medians of the runs.
Arguments: build folder, [runs, default 5].
"""
import json
import os
import sys
import tempfile

import archive_client
import emulator
import measure

FRAGMENTS, FRAGMENT_BYTES = 190, 520_000
RANGE = {"StartTimestamp": 1772359200, "EndTimestamp": 1772362800}


def curl_command(endpoint, folder):
    _, url = archive_client.client_for(endpoint, "GET_CLIP")
    body = os.path.join(folder, "body.json")
    with open(body, "w", encoding="utf-8") as file:
        json.dump({"StreamName": "cam1", "ClipFragmentSelector": {
            "FragmentSelectorType": "PRODUCER_TIMESTAMP", "TimestampRange": RANGE}}, file)
    return ["curl", "--silent", "--fail", "--output", "/dev/null", "--header",
            "Content-Type: application/json", "--data", f"@{body}", "--aws-sigv4",
            f"aws:amz:{emulator.REGION}:kinesisvideo", "--user",
            f"{emulator.KEY}:{emulator.SECRET}", f"{url}/getClip"]


def clip_command(endpoint, memory, *properties):
    return ["gst-launch-1.0", "--quiet", "kvsclipsrc", "stream-name=cam1",
            f"endpoint-url={endpoint}", f"start-timestamp={RANGE['StartTimestamp']}",
            f"end-timestamp={RANGE['EndTimestamp']}", f"spool-memory={memory}", *properties, "!",
            "fakesink"]


def main():
    build = os.path.abspath(sys.argv[1])
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    emulator.set_environment(build)
    recording = {"type": "bulk", "fragments": FRAGMENTS, "fragment-size": FRAGMENT_BYTES,
                 "fragment-duration": 2, "frame-size": 8 << 10, "start": "2026-03-01T10:00:00Z"}
    with tempfile.TemporaryDirectory() as folder:
        process, endpoint = emulator.start(build, folder, recording)
        try:
            run_all(endpoint, folder, runs)
        finally:
            process.terminate()


def run_all(endpoint, folder, runs):
    curl = curl_command(endpoint, folder)
    size = os.path.join(folder, "clip.mp4")
    measure.once([argument if argument != "/dev/null" else size for argument in curl])
    megabytes = os.path.getsize(size) / 1e6
    commands = {
        "curl": curl,
        "kvsclipsrc, all in memory": clip_command(endpoint, 200 << 20),
        "kvsclipsrc, 32 MiB in memory": clip_command(endpoint, 32 << 20),
        "kvsclipsrc, all in a file": clip_command(endpoint, 0),
        "the same, not checked": clip_command(endpoint, 200 << 20, "check-complete=false"),
    }
    results = measure.medians(commands, runs)
    print(f"{megabytes:.1f} MB, {runs} runs, medians")
    print("| reader | s | MB/s | of curl's | CPU s/GB | peak RSS MB |\n|---|---|---|---|---|---|")
    for name, (seconds, cpu, memory) in results.items():
        print(f"| {name} | {seconds:.3f} | {megabytes / seconds:.0f} | "
              f"{results['curl'][0] / seconds:.2f} | {cpu * 1000 / megabytes:.2f} | {memory:.0f} |")


if __name__ == "__main__":
    main()
