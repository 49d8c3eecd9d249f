# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reads the fragmented MP4 of sessions, independently of what writes it."""
import hashlib
import struct


def boxes(data, start=0, end=None):
    """Type, offset of the content and end of each box."""
    end = len(data) if end is None else end
    while start < end:
        size, kind = struct.unpack_from('>I4s', data, start)
        assert 8 <= size <= end - start, f'box {kind} of {size} bytes at {start}'
        yield kind.decode(), start + 8, start + size
        start += size


def find(data, *path):
    """Content and end of the box at a path; skips nothing but boxes."""
    start, end = 0, len(data)
    for name in path:
        start, end = next((begin, stop) for kind, begin, stop in boxes(data, start, end)
                          if kind == name)
    return start, end


class Init:
    """What an initialisation segment says."""

    def __init__(self, data):
        self.kinds = [kind for kind, _, _ in boxes(data)]
        media = ('moov', 'trak', 'mdia')
        self.timescale, = struct.unpack_from('>I', data, find(data, *media, 'mdhd')[0] + 12)
        self.track, = struct.unpack_from('>I', data, find(data, 'moov', 'trak', 'tkhd')[0] + 12)
        start, end = find(data, *media, 'minf', 'stbl', 'stsd')
        self.entry, begin, stop = next(boxes(data, start + 8, end))
        skip = 78 if self.entry in ('avc1', 'hvc1') else 28
        self.config = {kind: data[a:b] for kind, a, b in boxes(data, begin + skip, stop)}


class Sample:
    def __init__(self, decode, offset, duration, key, data):
        self.decode, self.time, self.duration, self.key = decode, decode + offset, duration, key
        self.size = len(data)
        self.sha256 = hashlib.sha256(data).hexdigest()


class Segment:
    """A media segment: its sequence number and samples, times in seconds."""

    def __init__(self, data, timescale):
        self.kinds = [kind for kind, _, _ in boxes(data)]
        self.sequence, = struct.unpack_from('>I', data, find(data, 'moof', 'mfhd')[0] + 4)
        self.track, = struct.unpack_from('>I', data, find(data, 'moof', 'traf', 'tfhd')[0] + 4)
        time, = struct.unpack_from('>Q', data, find(data, 'moof', 'traf', 'tfdt')[0] + 4)
        self.start = time / timescale
        begin, end = find(data, 'moof', 'traf', 'trun')
        count, offset = struct.unpack_from('>II', data, begin + 4)
        assert end - begin == 12 + 16 * count
        place = find(data, 'moof')[0] - 8 + offset
        assert place == find(data, 'mdat')[0]
        self.samples = []
        for i in range(count):
            duration, size, flags, shift = struct.unpack_from('>IIIi', data, begin + 12 + 16 * i)
            self.samples.append(Sample(time / timescale, shift / timescale, duration / timescale,
                                       flags == 0x02000000, data[place:place + size]))
            place += size
            time += duration
        assert place == len(data)
