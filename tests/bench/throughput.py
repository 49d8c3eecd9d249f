#!/usr/bin/python3
"""Compares kvsarchivesrc with curl and with a boto3 script, reading the same bodies in turn.

Prints MB/s and CPU seconds per GB of the reading process (not the emulator's), the medians of the
runs and their ratios. Arguments: build folder, [runs, default 5], [megabytes, default 1000].
"""
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

import boto3
from botocore.config import Config

import emulator
from emulator import KEY, REGION, SECRET

FRAGMENT_BYTES = 4 << 20
FRAME_BYTES = 8 << 10
# As src/archive/fetch_plan.h: 16 MiB and 100 fragments to a request.
BATCH = 4


def archive_client(endpoint, api):
    def client(service, url):
        return boto3.client(service, endpoint_url=url, region_name=REGION, aws_access_key_id=KEY,
                            aws_secret_access_key=SECRET,
                            config=Config(retries={"max_attempts": 1}))
    url = client("kinesisvideo", endpoint).get_data_endpoint(StreamName="cam1", APIName=api)
    return client("kinesis-video-archived-media", url["DataEndpoint"]), url["DataEndpoint"]


def list_numbers(endpoint):
    client, _ = archive_client(endpoint, "LIST_FRAGMENTS")
    pages = client.get_paginator("list_fragments").paginate(
        StreamName="cam1", PaginationConfig={"PageSize": 1000},
        FragmentSelector={"FragmentSelectorType": "PRODUCER_TIMESTAMP", "TimestampRange": {
            "StartTimestamp": 0, "EndTimestamp": 4102444800}})
    fragments = [fragment for page in pages for fragment in page["Fragments"]]
    return [f["FragmentNumber"] for f in sorted(fragments, key=lambda f: f["ProducerTimestamp"])]


def read_with_boto3(endpoint):
    """What users' scripts do: list all, then read one connection."""
    numbers = list_numbers(endpoint)
    client, _ = archive_client(endpoint, "GET_MEDIA_FOR_FRAGMENT_LIST")
    for first in range(0, len(numbers), 100):
        body = client.get_media_for_fragment_list(
            StreamName="cam1", Fragments=numbers[first:first + 100])["Payload"]
        while body.read(1 << 20):
            pass


def curl_command(endpoint, folder):
    """One curl process that reads all bodies over one connection."""
    numbers = list_numbers(endpoint)
    _, url = archive_client(endpoint, "GET_MEDIA_FOR_FRAGMENT_LIST")
    lines = []
    for first in range(0, len(numbers), BATCH):
        body = os.path.join(folder, f"body-{first}.json")
        with open(body, "w", encoding="utf-8") as file:
            json.dump({"StreamName": "cam1", "Fragments": numbers[first:first + BATCH]}, file)
        lines += ["next"] if lines else []
        lines += [f'url = "{url}/getMediaForFragmentList"', f'data = "@{body}"', "silent", "fail",
                  'header = "Content-Type: application/json"', 'output = "/dev/null"',
                  f'aws-sigv4 = "aws:amz:{REGION}:kinesisvideo"', f'user = "{KEY}:{SECRET}"']
    path = os.path.join(folder, "curl.config")
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    return ["curl", "--config", path]


def measure(command, megabytes):
    """(MB/s, CPU seconds per GB) of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    seconds = time.monotonic() - begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return megabytes / seconds, cpu / megabytes * 1000


def main():
    build = os.path.abspath(sys.argv[1])
    if len(sys.argv) > 2 and sys.argv[2] == "--boto3":
        read_with_boto3(sys.argv[3])
        return
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    fragments = max(1, int(sys.argv[3] if len(sys.argv) > 3 else 1000) * 1_000_000 // FRAGMENT_BYTES)
    emulator.set_environment(build)
    recording = {"type": "bulk", "fragments": fragments, "fragment-size": FRAGMENT_BYTES - 4096,
                 "frame-size": FRAME_BYTES, "start": "2026-03-01T10:00:00Z"}
    with tempfile.TemporaryDirectory() as folder:
        process, endpoint = emulator.start(build, folder, recording)
        try:
            run_all(endpoint, folder, fragments, runs, build)
        finally:
            process.terminate()


def run_all(endpoint, folder, fragments, runs, build):
    source = ["gst-launch-1.0", "--quiet", "kvsarchivesrc", "stream-name=cam1",
              f"endpoint-url={endpoint}", "start-timestamp=0", "end-timestamp=2100-01-01T00:00:00Z"]
    commands = {
        "curl": curl_command(endpoint, folder),
        "kvsarchivesrc ! fakesink": source + ["!", "fakesink"],
        "kvsarchivesrc ! matroskademux ! fakesink":
            source + ["!", "matroskademux", "!", "fakesink"],
        "boto3": [sys.executable, __file__, build, "--boto3", endpoint],
    }
    megabytes = fragments * FRAGMENT_BYTES / 1e6
    figures = {name: [] for name in commands}
    for run in range(runs + 1):
        for name, command in commands.items():
            figure = measure(command, megabytes)
            if run > 0:  # the first warms up
                figures[name].append(figure)
    base = [statistics.median(f[i] for f in figures["curl"]) for i in (0, 1)]
    print(f"{megabytes:.0f} MB, {runs} runs, medians")
    print("| reader | MB/s | of curl's | CPU s/GB | of curl's |\n|---|---|---|---|---|")
    for name, values in figures.items():
        speed, cpu = (statistics.median(v[i] for v in values) for i in (0, 1))
        print(f"| {name} | {speed:.0f} | {speed / base[0]:.2f} | {cpu:.2f} | {cpu / base[1]:.2f} |")


if __name__ == "__main__":
    main()
