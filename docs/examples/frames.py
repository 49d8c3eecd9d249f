#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Prints wall clock (ns since 1970) and size of each video frame of a range, as it was recorded.

Arguments: stream, start, end. Region and credentials: as for the AWS CLI.
Exit status: 0 all is there, 1 it ended with an error, 2 wrong arguments, 3 something is lost.
"""
import os
import sys

import gi

gi.require_version("Gst", "1.0")
from gi.repository import GLib, Gst

PIPELINE = ("kvsarchivesrc name=source ! matroskademux ! h264parse"
            " ! appsink name=sink emit-signals=true sync=false max-buffers=100")
LOST = ("fragments-missing", "fragments-unreadable", "fragments-truncated",
        "fragments-track-change", "frames-dropped")


def on_frame(sink, unix_time):
    """On the streaming thread, where an exception would be printed, and the next frame would follow."""
    try:
        frame = sink.emit("pull-sample").get_buffer()
        wall_clock = frame.get_reference_timestamp_meta(unix_time)
        os.write(sys.stdout.fileno(), b"%d %d\n" % (wall_clock.timestamp, frame.get_size()))
        return Gst.FlowReturn.OK
    except Exception as error:
        text = GLib.Error.new_literal(Gst.stream_error_quark(), str(error), Gst.StreamError.FAILED)
        sink.post_message(Gst.Message.new_error(sink, text, ""))
        return Gst.FlowReturn.ERROR


def run(pipeline, source):
    """Handles messages until the stream is over. The exit status."""
    bus = pipeline.get_bus()
    while True:
        message = bus.timed_pop_filtered(  # returns now and then, so that Ctrl-C is seen
            100 * Gst.MSECOND,
            Gst.MessageType.ERROR | Gst.MessageType.WARNING | Gst.MessageType.EOS)
        if message is None:
            continue
        if message.type == Gst.MessageType.WARNING:
            print("warning:", message.parse_warning().gerror.message, file=sys.stderr)
        elif message.type == Gst.MessageType.ERROR:
            print("error:", message.parse_error().gerror.message, file=sys.stderr)
            details = message.parse_error_details()
            if details is not None and details.has_field("last-fragment-number"):
                print("complete up to fragment", details.get_string("last-fragment-number"),
                      file=sys.stderr)
            return 1
        else:
            stats = source.get_property("stats")
            lost = {field: stats.get_uint64(field)[1] for field in LOST}
            if any(lost.values()):
                print("lost:", lost, file=sys.stderr)
            return 3 if any(lost.values()) else 0


def main():
    if len(sys.argv) != 4:
        print(f"usage: {sys.argv[0]} STREAM START END", file=sys.stderr)
        return 2
    stream, start, end = sys.argv[1:]
    Gst.init(None)
    pipeline = Gst.parse_launch(PIPELINE)
    source = pipeline.get_by_name("source")
    source.set_property("stream-name", stream)
    source.set_property("start-timestamp", start)
    source.set_property("end-timestamp", end)
    pipeline.get_by_name("sink").connect(
        "new-sample", on_frame, Gst.Caps.from_string("timestamp/x-unix"))
    pipeline.set_state(Gst.State.PLAYING)
    status = run(pipeline, source)
    pipeline.set_state(Gst.State.NULL)
    return status


if __name__ == "__main__":
    sys.exit(main())
