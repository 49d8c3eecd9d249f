# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reads MP4 files: their boxes, and their frames as qtdemux tells them."""
import hashlib
import struct
import tempfile

from tap import skip_all

try:
    import gi
    gi.require_version('Gst', '1.0')
    from gi.repository import Gst
except (ImportError, ValueError):
    skip_all("GStreamer's bindings for Python are not installed")

Gst.init(None)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def boxes(data, begin=0, end=None):
    """(type, begin, end) of the boxes in a part of a file."""
    end = len(data) if end is None else end
    found = []
    while begin < end:
        size, kind = struct.unpack_from('>I4s', data, begin)
        if size == 1:
            size = struct.unpack_from('>Q', data, begin + 8)[0]
        assert size >= 8 and begin + size <= end, (kind, size)
        found.append((kind.decode(), begin, begin + size))
        begin += size
    return found


def types(data):
    return [kind for kind, _, _ in boxes(data)]


def box(data, *path):
    """Begin and end of the first box of a path such as 'moov', 'mvhd'."""
    begin, end = 0, len(data)
    for kind in path:
        begin, end = next(found[1:] for found in boxes(data, begin, end) if found[0] == kind)
        begin += 8
    return begin - 8, end


def creation_time(data, *path):
    """Of mvhd, or of another header; seconds since 1970."""
    at = box(data, *(path or ('moov', 'mvhd')))[0]
    created, changed = struct.unpack_from('>QQ' if data[at + 8] == 1 else '>II', data, at + 12)
    assert created == changed
    return created - 2082844800


class Track:
    """Frames in the order of the file, as (time in ns, is a key frame, sha256)."""

    def __init__(self, caps):
        self.caps = caps
        self.frames = []
        self.data = b''

    def add(self, sample):
        segment, buffer = sample.get_segment(), sample.get_buffer()
        sign, time = segment.to_running_time_full(Gst.Format.TIME, buffer.pts)
        payload = buffer.extract_dup(0, buffer.get_size())
        self.frames.append((sign * time, not buffer.has_flags(Gst.BufferFlags.DELTA_UNIT),
                            sha256(payload)))
        self.data += payload


def demux(data):
    """Tracks by the names of qtdemux's pads, e.g. video_0."""
    with tempfile.NamedTemporaryFile(suffix='.mp4') as file:
        file.write(data)
        file.flush()
        pipeline = Gst.parse_launch(f'filesrc location={file.name} ! qtdemux name=demux')
        sinks = {}

        def on_pad(_, pad):
            sink = Gst.ElementFactory.make('appsink')
            for option in ('sync', 'async', 'wait-on-eos'):
                sink.set_property(option, False)
            pipeline.add(sink)
            sink.set_state(Gst.State.PLAYING)  # the pipeline may be on its way there
            pad.link(sink.get_static_pad('sink'))
            sinks[pad.get_name()] = sink

        pipeline.get_by_name('demux').connect('pad-added', on_pad)
        try:
            pipeline.set_state(Gst.State.PLAYING)
            message = pipeline.get_bus().timed_pop_filtered(
                20 * Gst.SECOND, Gst.MessageType.ERROR | Gst.MessageType.EOS)
            assert message, 'qtdemux does not end'
            assert message.type == Gst.MessageType.EOS, message.parse_error()
            tracks = {}
            for name, sink in sinks.items():
                while sample := sink.emit('try-pull-sample', 0):
                    structure = sample.get_caps().get_structure(0)
                    tracks.setdefault(name, Track(structure)).add(sample)
            return tracks
        finally:
            pipeline.set_state(Gst.State.NULL)
