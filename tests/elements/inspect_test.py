#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Compares what gst-inspect-1.0 tells of elements with docs/inspect/<element>.txt.

Usage: inspect_test.py [--update] PLUGIN GOLDEN...

PLUGIN is the plugin's file, GOLDEN a text; its name is the element's. With --update they are
written anew: `meson compile -C build update-inspect`. Exit status 77: skipped.
"""
import difflib
import os
import pathlib
import re
import subprocess
import sys
import tempfile

# GstBaseSrc, whose properties are listed too, and the layout may differ in other versions.
GSTREAMER = "1.22."
# What differs by machine, build and release.
VARIABLE = re.compile(r" +(Filename|Version|Origin URL) ")


def normalized(text):
    lines = [line.rstrip() for line in text.splitlines() if not VARIABLE.match(line)]
    return "\n".join(lines).strip() + "\n"


def sanitizer_runtimes(plugin):
    """gst-inspect-1.0 is not sanitized: it can load a plugin that is only with the runtime."""
    linked = subprocess.run(["ldd", plugin], capture_output=True, text=True, check=True).stdout
    return re.findall(r"=> (\S+/lib[at]san\.so\S*)", linked)


def inspect(plugin, element):
    with tempfile.TemporaryDirectory() as folder:
        environment = dict(
            os.environ,
            LC_ALL="C.UTF-8",
            GST_INSPECT_NO_COLORS="1",
            GST_PLUGIN_PATH=os.path.dirname(plugin),
            GST_REGISTRY=os.path.join(folder, "registry"),
            GST_REGISTRY_FORK="no",
            # The registry is made anew: only this plugin needs to be in it.
            GST_PLUGIN_SYSTEM_PATH=folder,
            ASAN_OPTIONS="detect_leaks=0",
            LD_PRELOAD=":".join(sanitizer_runtimes(plugin)),
        )
        return subprocess.run(["gst-inspect-1.0", element], env=environment, stdout=subprocess.PIPE,
                              text=True, check=True, timeout=60).stdout


def check(plugin, golden, update):
    """Whether the text is that of the element, which it is made to be with `update`."""
    actual = normalized(inspect(plugin, golden.stem))
    if update:
        golden.write_text(actual, encoding="utf-8")
        return True
    stored = golden.read_text(encoding="utf-8") if golden.exists() else ""
    difference = list(difflib.unified_diff(stored.splitlines(), actual.splitlines(), str(golden),
                                           "gst-inspect-1.0 " + golden.stem, lineterm=""))
    if difference:
        print("The element's interface has changed. If that is meant, correct docs/elements.md and "
              "README.md, and run meson compile -C build update-inspect.")
        print("\n".join(difference))
    return not difference


def main():
    arguments = sys.argv[1:]
    update = arguments[0] == "--update"
    plugin, *goldens = arguments[1:] if update else arguments
    version = subprocess.run(["gst-inspect-1.0", "--version"], capture_output=True, text=True,
                             check=True).stdout
    if f"GStreamer {GSTREAMER}" not in version:
        print(f"The texts are of GStreamer {GSTREAMER}x, this is another:\n{version}")
        return 77
    good = [check(os.path.abspath(plugin), pathlib.Path(golden), update) for golden in goldens]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
