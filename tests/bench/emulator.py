"""Starts the emulator for a measurement."""
import json
import os
import subprocess

KEY, SECRET, REGION = "AKIDEMULATOR", "emulator-secret", "us-east-1"


def start(build, folder, recording, **config):
    """An emulator that serves the recording as stream cam1: its process and its URL."""
    path = os.path.join(folder, "config.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"streams": [{"name": "cam1", "recordings": [recording]}], **config}, file)
    process = subprocess.Popen(
        [os.path.join(build, "tools/emulator/kvs-emulator"), "--config", path, "--request-log",
         os.path.join(folder, "requests.log")],
        stdout=subprocess.PIPE, text=True)
    return process, process.stdout.readline().split()[-1]


def set_environment(build):
    os.environ.update(AWS_ACCESS_KEY_ID=KEY, AWS_SECRET_ACCESS_KEY=SECRET, AWS_REGION=REGION,
                      GST_PLUGIN_PATH=os.path.join(build, "gst"))


def source(endpoint, *properties, start="0", end="2100-01-01T00:00:00Z"):
    """A gst-launch command that begins with the source."""
    return ["gst-launch-1.0", "--quiet", "kvsarchivesrc", "stream-name=cam1",
            f"endpoint-url={endpoint}", f"start-timestamp={start}", f"end-timestamp={end}",
            *properties]
