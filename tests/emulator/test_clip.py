#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Clips: their frames against the manifest, which fragments are in them, and errors."""
import unittest

import mp4
from support import EmulatorTest, START_MS, main

SMALL = {'fragments': 4, 'fragment-duration': 1, 'fps': 10, 'width': 160, 'height': 120}
AAC = [{'codec': 'aac'}]


def stream(name, recording, **options):
    return {'name': name, 'recordings': [{**SMALL, **recording}], **options}


class ClipTest(EmulatorTest):
    def clip(self, stream, start=0, end=86400, kind='PRODUCER_TIMESTAMP', by_arn=False):
        """start, end: seconds behind the start of the recordings, both inclusive."""
        base = START_MS / 1000
        url = self.emulator.endpoint(stream, 'GET_CLIP')
        client = self.emulator.client('kinesis-video-archived-media', url)
        name = ({'StreamARN': self.emulator.manifest(stream, 'none')['arn']} if by_arn
                else {'StreamName': stream})
        answer = client.get_clip(**name, ClipFragmentSelector={
            'FragmentSelectorType': kind,
            'TimestampRange': {'StartTimestamp': base + start, 'EndTimestamp': base + end}})
        self.assertEqual(answer['ContentType'], 'video/mp4')
        return answer['Payload'].read()

    def expected(self, stream, first=0, last=None):
        """Frames of fragments by track, as Track.frames has them."""
        manifest = self.emulator.manifest(stream, 'all')
        fragments = {fragment['number']: fragment['producerTimestampMs'] * 1000000
                     for fragment in manifest['fragments'][first:last]}
        frames = [(frame['trackType'], fragments[frame['fragment']] + frame['offsetNs'],
                   frame['key'], frame['sha256'])
                  for frame in manifest['frames'] if frame['fragment'] in fragments]
        zero = min(frame[1] for frame in frames)
        return {kind: [(time - zero, key, digest) for which, time, key, digest in frames
                       if which == kind]
                for kind in {frame[0] for frame in frames}}

    def check_clip(self, data, stream, first=0, last=None):
        expected = self.expected(stream, first, last)
        tracks = mp4.demux(data)
        self.assertEqual({name.split('_')[0] for name in tracks}, set(expected))
        for name, track in tracks.items():
            self.assertEqual(track.frames, expected[name.split('_')[0]], name)
        return tracks


LAYOUTS = {'moov-last': ['ftyp', 'free', 'mdat', 'moov'], 'moov-first': ['ftyp', 'moov', 'mdat']}


class MediaTest(ClipTest):
    CONFIG = {'streams': [
        *[stream(layout, {'audio': AAC, 'b-frames': 2,
                          'gaps': [{'after-fragment': 2, 'seconds': 7}]},
                 clips={'layout': layout})
          for layout in ('moov-last', 'moov-first', 'fragmented')],
        stream('h265', {'video': 'h265', 'b-frames': 2}),
    ]}

    def test_layouts(self):
        for layout in ('moov-last', 'moov-first', 'fragmented'):
            with self.subTest(layout):
                data = self.clip(layout)
                if layout in LAYOUTS:
                    self.assertEqual(mp4.types(data), LAYOUTS[layout])
                else:
                    self.assertEqual(mp4.types(data)[:4], ['ftyp', 'moov', 'moof', 'mdat'])
                self.check_clip(data, layout)

    def test_h265(self):
        tracks = self.check_clip(self.clip('h265'), 'h265')
        self.assertEqual(tracks['video_0'].caps.get_name(), 'video/x-h265')


if __name__ == '__main__':
    main()
