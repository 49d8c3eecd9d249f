# SPDX-License-Identifier: LGPL-2.1-or-later
"""A small Matroska reader, written for the tests alone: it shares nothing with the emulator."""
import hashlib

EBML, SEGMENT, CLUSTER, TAGS, CUES = 0x1A45DFA3, 0x18538067, 0x1F43B675, 0x1254C367, 0x1C53BB6B
INFO, TRACKS, SEEK_HEAD = 0x1549A966, 0x1654AE6B, 0x114D9B74
LEVEL_ONE = {EBML, SEGMENT, CLUSTER, TAGS, CUES, INFO, TRACKS, SEEK_HEAD}


def number(data):
    return int.from_bytes(data, 'big')


def vint(data, at, keep_marker):
    length = 1
    while not data[at] & (0x80 >> (length - 1)):
        length += 1
    value = number(data[at:at + length])
    if keep_marker:
        return value, length
    mask = (1 << (7 * length)) - 1
    return (None if value & mask == mask else value & mask), length


def elements(data, begin=0, end=None):
    """Yields (id, begin of content, end of content); unknown sizes end at the data's end."""
    at = begin
    end = len(data) if end is None else end
    while at < end:
        element, length = vint(data, at, True)
        size, more = vint(data, at + length, False)
        content = at + length + more
        stop = end if size is None else content + size
        assert stop <= end, 'element is cut off'
        yield element, content, stop, size is None
        at = content if size is None and element != SEGMENT else stop


def text(data):
    return data.split(b'\0')[0].decode()


class Chunk:
    """One document: tags, tracks and frames in their order."""

    def __init__(self, data):
        self.data = data
        self.ids = []
        self.tags = []
        self.tracks = {}
        self.frames = []
        self.scale = 1000000
        self.timecodes = []
        self.doc_type = None
        parts = list(elements(data))
        assert [part[0] for part in parts] == [EBML, SEGMENT], 'not one EBML header and Segment'
        for element, begin, end, _ in elements(data, parts[0][1], parts[0][2]):
            if element == 0x4282:
                self.doc_type = data[begin:end]
        self.segment(parts[1][1], parts[1][2])

    def segment(self, begin, end):
        cluster_frames = []
        for element, start, stop, unknown in elements(self.data, begin, end):
            content = self.data[start:stop]
            if element in LEVEL_ONE:
                self.ids.append(element)
            if element == INFO:
                for child, a, b, _ in elements(content):
                    if child == 0x2AD7B1:
                        self.scale = number(content[a:b])
            elif element == TRACKS:
                self.track_list(content)
            elif element == TAGS:
                self.tag_list(content)
            elif element == CLUSTER:
                cluster_frames = []
                self.frames.append(cluster_frames)
                if not unknown:
                    for child, a, b, _ in elements(content):
                        self.in_cluster(child, content[a:b], cluster_frames)
            else:
                self.in_cluster(element, content, cluster_frames)

    def in_cluster(self, element, content, frames):
        if element == 0xE7:
            self.timecodes.append(number(content))
        elif element == 0xA3:
            frames.append(self.frame(content, bool(content[3] & 0x80)))
        elif element == 0xA0:
            children = {child: content[a:b] for child, a, b, _ in elements(content)}
            frames.append(self.frame(children[0xA1], 0xFB not in children))

    @staticmethod
    def frame(block, key):
        offset = int.from_bytes(block[1:3], 'big', signed=True)
        return {'track': block[0] & 0x7F, 'offset': offset, 'key': key, 'data': block[4:]}

    def track_list(self, content):
        for child, a, b, _ in elements(content):
            if child != 0xAE:
                continue
            fields = {field: content[c:d] for field, c, d, _ in elements(content, a, b)}
            self.tracks[number(fields[0xD7])] = {
                'type': {1: 'video', 2: 'audio'}[number(fields[0x83])],
                'codecId': text(fields[0x86]),
                'name': text(fields.get(0x536E, b''))}

    def tag_list(self, content):
        for _, a, b, _ in elements(content):
            for simple, c, d, _ in elements(content, a, b):
                if simple == 0x67C8:
                    fields = {field: content[e:f] for field, e, f, _ in elements(content, c, d)}
                    self.tags.append((text(fields[0x45A3]), text(fields.get(0x4487, b''))))

    def tag(self, name):
        return dict(self.tags).get(name)

    def manifest_frames(self):
        """Frames as the manifest lists them, from the chunk's own words."""
        result = []
        for timecode, frames in zip(self.timecodes, self.frames):
            for frame in frames:
                units = timecode - self.timecodes[0] + frame['offset']
                result.append({'track': frame['track'],
                               'trackType': self.tracks[frame['track']]['type'],
                               'offsetNs': units * self.scale, 'key': frame['key'],
                               'size': len(frame['data']),
                               'sha256': hashlib.sha256(frame['data']).hexdigest()})
        return result


def split_chunks(data):
    """Cuts a body into documents. An EBML header's bytes inside media are taken for one: the test
    recordings have none."""
    magic = bytes.fromhex('1a45dfa3')
    starts = []
    at = data.find(magic)
    while at >= 0:
        starts.append(at)
        at = data.find(magic, at + 4)
    return [data[a:b] for a, b in zip(starts, starts[1:] + [len(data)])]
