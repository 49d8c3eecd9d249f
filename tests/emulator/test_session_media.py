#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The segments of HLS and DASH sessions, frame by frame against the manifest."""
import fmp4
from sessions import SessionTest, get, span
from tap import main

SMALL = {'fragments': 4, 'fragment-duration': 1, 'fps': 10, 'width': 160, 'height': 120}
AAC = [{'codec': 'aac'}]
GAP = {'gaps': [{'after-fragment': 2, 'seconds': 10}], 'restarts': [{'after-fragment': 3}]}
#: streams, what is in them, sample entries
MEDIA = {'plain': ({'audio': AAC}, ['avc1', 'mp4a']),
         'h264': ({'audio': AAC, 'b-frames': 2, **GAP}, ['avc1', 'mp4a']),
         'h265': ({'video': 'h265', 'audio': AAC, 'b-frames': 2}, ['hvc1', 'mp4a']),
         'mulaw': ({'audio': [{'codec': 'mulaw'}]}, ['avc1', 'ulaw']),
         'alaw': ({'video': 'none', 'audio': [{'codec': 'alaw'}]}, ['alaw']),
         'audio': ({'video': 'none', 'audio': AAC}, ['mp4a'])}
CONFIGURATIONS = {'avc1': 'avcC', 'hvc1': 'hvcC', 'mp4a': 'esds'}


def stream(name, recording, **options):
    return {'name': name, 'recordings': [{**SMALL, **recording}], **options}


class SessionMediaTest(SessionTest):
    CONFIG = {'streams': [
        *[stream(name, recording) for name, (recording, _) in MEDIA.items()],
        stream('resized', {'resolution-changes': [{'at-fragment': 3, 'width': 320,
                                                   'height': 180}]}),
        stream('late-audio', {'audio': AAC, 'first-fragment-audio': 'no-track'}),
        stream('late-blocks', {'audio': AAC, 'first-fragment-audio': 'no-blocks'}),
        stream('groups', {'audio': AAC}, layout={'blocks': 'group', 'timecode-scale': 100000,
                                                 'cluster-size': 'known'}),
        {'name': 'bulk', 'recordings': [{'type': 'bulk', 'fragments': 3, 'unique': True,
                                         'fragment-size': 100000}]}]}

    def tracks_of(self, url, protocol):
        """Of each track: its init segment and all media segments."""
        if protocol == 'DASH':
            lists = [(init, [child for child, _ in segments])
                     for init, segments in self.dash_segments(url)]
        else:
            lists = [(playlist.map_url(child), [segment for segment, _ in playlist.segments])
                     for child, playlist in self.media_playlists(url)]
        for init, segments in lists:
            answer = self.fetch(init)
            head = fmp4.Init(answer.body)
            kind = answer.headers.get_content_type()
            self.assertIn(kind, ('video/mp4', 'audio/mp4'))
            yield kind[:5], head, [fmp4.Segment(self.fetch(segment).body, head.timescale)
                                   for segment in segments]

    def test_fragmented_mp4(self):
        """Every frame, byte by byte, at its time."""
        for name, (_, entries) in MEDIA.items():
            for protocol in ('HLS', 'DASH'):
                if protocol == 'DASH' or not {'ulaw', 'alaw'} & set(entries):
                    with self.subTest(stream=name, protocol=protocol):
                        self.check_fragmented_mp4(name, protocol, entries)
        for name in ('groups', 'bulk'):
            self.check_fragmented_mp4(name, 'HLS', MEDIA['plain'][1][:1 + (name == 'groups')])

    def check_fragmented_mp4(self, name, protocol, entries):
        manifest = self.emulator.manifest(name, 'all')
        fragments = manifest['fragments']
        tracks = list(self.tracks_of(self.open(name, protocol), protocol))
        self.assertEqual(sorted(head.entry for _, head, _ in tracks), sorted(entries))
        for kind, head, segments in tracks:
            self.assertEqual(head.kinds, ['ftyp', 'moov'])
            if head.entry in CONFIGURATIONS:
                self.assertIn(CONFIGURATIONS[head.entry], head.config)
            self.assertEqual(len(segments), len(fragments))
            start = 0
            for i, (segment, fragment) in enumerate(zip(segments, fragments)):
                self.assertEqual(segment.kinds, ['styp', 'moof', 'mdat'])
                self.assertEqual((segment.sequence, segment.track), (i + 1, head.track))
                if protocol == 'HLS':
                    start = (fragment['producerTimestampMs']
                             - fragments[0]['producerTimestampMs']) / 1000
                self.check_segment(segment, start, [
                    frame for frame in manifest['frames']
                    if frame['fragment'] == fragment['number'] and frame['trackType'] == kind])
                start += fragment['lengthMs'] / 1000

    def check_segment(self, segment, start, frames):
        self.assertEqual([sample.sha256 for sample in segment.samples],
                         [frame['sha256'] for frame in frames])
        self.assertEqual([sample.key for sample in segment.samples],
                         [frame['key'] for frame in frames])
        decode = start + min(frame['offsetNs'] for frame in frames) / 1e9
        self.assertAlmostEqual(segment.start, decode, delta=1e-4)
        for sample, frame in zip(segment.samples, frames):
            self.assertAlmostEqual(sample.time, start + frame['offsetNs'] / 1e9, delta=1e-4)
            self.assertAlmostEqual(sample.decode, decode, delta=1e-3)
            decode += sample.duration

    def test_times_by_the_servers_clock(self):
        url = self.open('h264', HLSFragmentSelector=span(kind='SERVER_TIMESTAMP'))
        times = [fragment['serverTimestampMs'] / 1000
                 for fragment in self.emulator.manifest('h264', 'none')['fragments']]
        segments = next(self.tracks_of(url, 'HLS'))[2]
        for segment, moment in zip(segments, times):
            self.assertAlmostEqual(segment.start, moment - times[0], delta=1e-4)

    def test_changes_within_a_session(self):
        """Segments of other codec private data, or of other tracks, are refused."""
        for name, statuses in (('resized', [200, 200, 400, 400]),
                               ('late-audio', [200, 400, 400, 400])):
            for protocol in ('HLS', 'DASH'):
                url = self.open(name, protocol)
                children = ([child for child, _ in self.media_playlist(url).segments]
                            if protocol == 'HLS' else
                            [child for child, _ in self.dash_segments(url)[0][1]])
                answers = [get(child) for child in children]
                self.assertEqual([answer.status for answer in answers], statuses)
                self.assertEqual(answers[3].code, 'InvalidCodecPrivateDataException')
        # later fragments alone are a session of their own
        self.fetch(self.media_playlist(self.open('resized', HLSFragmentSelector=span(2, 9)))
                   .segments[0][0])
        tracks = list(self.tracks_of(self.open('late-blocks'), 'HLS'))
        self.assertEqual(len(tracks[1][2][0].samples), 0)
        self.assertGreater(len(tracks[1][2][1].samples), 10)

    def test_same_bytes_again(self):
        url = self.open('plain', ContainerFormat='MPEG_TS')
        transport = self.media_playlist(url).segments[1][0]
        self.assertEqual(self.fetch(transport).headers.get_content_type(), 'video/mp2t')
        child, playlist = self.media_playlists(self.open('plain'))[0]
        for url in (transport, playlist.map_url(child), playlist.segments[1][0]):
            self.assertEqual(self.fetch(url).body, self.fetch(url).body)


if __name__ == '__main__':
    main()
