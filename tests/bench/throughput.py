#!/usr/bin/python3
"""Compares kvsarchivesrc with curl, with a boto3 script, and with a file, unshaped.

Prints MB/s and CPU seconds per GB of the reading process (not the emulator's), the medians of the
runs, and their ratios to those of "curl --parallel" with as many connections.
Arguments: build folder, [runs, default 5], [megabytes, default 2000], [connections, default 5].
"""
import json
import os
import subprocess
import sys
import tempfile

import archive_client
import emulator
import measure

FRAGMENT_BYTES = 4 << 20
FRAME_BYTES = 8 << 10
BATCH = 6  # fragments per request, as many as the element asks for


def curl_command(endpoint, folder, connections):
    """One curl process that reads all bodies."""
    numbers = archive_client.list_numbers(endpoint)
    _, url = archive_client.client_for(endpoint, "GET_MEDIA_FOR_FRAGMENT_LIST")
    lines = []
    for first in range(0, len(numbers), BATCH):
        body = os.path.join(folder, f"body-{first}.json")
        with open(body, "w", encoding="utf-8") as file:
            json.dump({"StreamName": "cam1", "Fragments": numbers[first:first + BATCH]}, file)
        lines += ["next"] if lines else []
        lines += [f'url = "{url}/getMediaForFragmentList"', f'data = "@{body}"', "silent", "fail",
                  'header = "Content-Type: application/json"', 'output = "/dev/null"',
                  f'aws-sigv4 = "aws:amz:{emulator.REGION}:kinesisvideo"',
                  f'user = "{emulator.KEY}:{emulator.SECRET}"']
    path = os.path.join(folder, "curl.config")
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    return ["curl", "--no-progress-meter", "--parallel", "--parallel-max", str(connections), "--config", path]


def main():
    build = os.path.abspath(sys.argv[1])
    runs, megabytes, connections = (int(argument) for argument in
                                    (sys.argv[2:] + ["5", "2000", "5"][len(sys.argv) - 2:]))
    fragments = max(1, megabytes * 1_000_000 // FRAGMENT_BYTES)
    emulator.set_environment(build)
    recording = {"type": "bulk", "fragments": fragments, "fragment-size": FRAGMENT_BYTES,
                 "frame-size": FRAME_BYTES, "start": "2026-03-01T10:00:00Z"}
    with tempfile.TemporaryDirectory() as folder:
        process, endpoint = emulator.start(build, folder, recording)
        try:
            run_all(endpoint, folder, runs, connections)
        finally:
            process.terminate()


def run_all(endpoint, folder, runs, connections):
    source = emulator.source(endpoint, f"max-connections={connections}")
    document = os.path.join(folder, "document.mkv")
    subprocess.run(source + ["!", "filesink", f"location={document}"], check=True)
    gigabytes = os.path.getsize(document) / 1e9
    curl = "curl --parallel"
    demuxed, from_file = "kvsarchivesrc ! matroskademux", "filesrc ! matroskademux"
    demux = ["!", "matroskademux", "!", "fakesink"]
    commands = {
        curl: curl_command(endpoint, folder, connections),
        "kvsarchivesrc": source + ["!", "fakesink"],
        demuxed: source + demux,
        from_file: ["gst-launch-1.0", "--quiet", "filesrc", f"location={document}",
                    "blocksize=1048576"] + demux,
        "boto3": archive_client.command(endpoint),
    }
    results = measure.medians(commands, runs)
    print(f"{gigabytes:.2f} GB, {connections} connections, {runs} runs, medians")
    print("| reader | MB/s | of curl's | CPU s/GB | of curl's |\n|---|---|---|---|---|")
    for name, (seconds, cpu, _) in results.items():
        print(f"| {name} | {gigabytes * 1000 / seconds:.0f} | {results[curl][0] / seconds:.2f} | "
              f"{cpu / gigabytes:.2f} | {cpu / results[curl][1]:.2f} |")
    more = (results[demuxed][1] - results[from_file][1]) / gigabytes
    print(f"{demuxed}: {more:.2f} CPU s/GB more than {from_file}")


if __name__ == "__main__":
    main()
