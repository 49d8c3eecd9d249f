#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Clips: their frames against the manifest, which fragments are in them, errors, faults, quotas."""
import json
import os
import tempfile
import time
import unittest
import urllib.error

import mp4
from support import Emulator, EmulatorTest, START_MS, sample
from tap import main

SMALL = {'fragments': 4, 'fragment-duration': 1, 'fps': 10, 'width': 160, 'height': 120}
AAC = [{'codec': 'aac'}]
GAP = [{'after-fragment': 2, 'seconds': 7}]
DAY = 86400
LAYOUTS = ('moov-last', 'moov-first', 'fragmented')


def stream(name, *recordings, **options):
    return {'name': name, 'recordings': [{**SMALL, **recording} for recording in recordings or [{}]],
            **options}


def selector(start=0, end=DAY, kind='PRODUCER_TIMESTAMP'):
    """start, end: seconds behind the start of the recordings."""
    return {'FragmentSelectorType': kind, 'TimestampRange': {
        'StartTimestamp': START_MS / 1000 + start, 'EndTimestamp': START_MS / 1000 + end}}


class ClipTest(EmulatorTest):
    def url(self, name, emulator=None):
        return (emulator or self.emulator).endpoint(name, 'GET_CLIP') + '/getClip'

    def raw(self, name, *selection, emulator=None):
        """To the millisecond, which boto3 can't do."""
        body = {'StreamName': name, 'ClipFragmentSelector': selector(*selection)}
        return (emulator or self.emulator).raw(self.url(name, emulator), body)

    def clip(self, name, *selection, emulator=None):
        answer = self.raw(name, *selection, emulator=emulator)
        self.assertEqual((answer.status, answer.ending), (200, 'complete'), answer.body[:300])
        return answer.body

    def client(self, name):
        return self.emulator.client('kinesis-video-archived-media',
                                    self.emulator.endpoint(name, 'GET_CLIP'))

    def fragments_of_last(self):
        """Places of the fragments that were in the last clip."""
        entry = self.emulator.requests('GetClip')[-1]
        numbers = self.emulator.numbers(entry['stream'])
        return [numbers.index(number) for number in entry['fragments']]

    def expected(self, name, places=None, emulator=None):
        """Frames of fragments by type of their track, as mp4.Track has them, all or by places."""
        manifest = (emulator or self.emulator).manifest(name, 'all')
        times = {fragment['number']: fragment['producerTimestampMs'] * 1000000
                 for place, fragment in enumerate(manifest['fragments'])
                 if places is None or place in places}
        frames = {}
        for frame in manifest['frames']:
            if frame['fragment'] in times:
                frames.setdefault(frame['trackType'], []).append(
                    (times[frame['fragment']] + frame['offsetNs'], frame['key'], frame['sha256']))
        zero = min(frame[0] for track in frames.values() for frame in track)
        return {kind: [(at - zero, key, digest) for at, key, digest in track]
                for kind, track in frames.items()}

    def check_clip(self, data, name, places=None, emulator=None):
        expected = self.expected(name, places, emulator)
        tracks = {pad.split('_')[0]: track for pad, track in mp4.demux(data).items()}
        self.assertEqual(set(tracks), set(expected))
        for kind, track in tracks.items():
            self.assertEqual(track.frames, expected[kind], kind)
        return tracks


class MediaTest(ClipTest):
    CONFIG = {'clips': {'layout': 'moov-first'}, 'streams': [
        *[stream(layout, {'audio': AAC, 'b-frames': 2, 'gaps': GAP}, clips={'layout': layout})
          for layout in LAYOUTS],
        *[stream('h265-' + layout, {'video': 'h265', 'b-frames': 3}, clips={'layout': layout})
          for layout in LAYOUTS],
        *[stream('overlap-' + layout, {'audio': AAC, 'b-frames': 2, 'restarts': [
            {'after-fragment': 2, 'pause': 0, 'clock-step': -0.45}]}, clips={'layout': layout})
          for layout in LAYOUTS],
        stream('fine', {'audio': AAC}, layout={'timecode-scale': 10000, 'blocks': 'group'}),
        stream('pieces', {'audio': AAC}, layout={'timecodes': 'absolute', 'clusters': 3}),
        stream('late-audio', {'audio': AAC, 'first-fragment-audio': 'no-track'}),
        stream('later-audio', {'audio': AAC, 'first-fragment-audio': 'no-blocks'}),
        stream('three-tracks', {'audio': AAC + [{'codec': 'mulaw'}]}),
        *[stream(codec + layout, {'audio': [{'codec': codec}], 'gaps': GAP},
                 clips={'layout': layout}) for codec in ('alaw', 'mulaw')
          for layout in ('moov-last', 'fragmented')],
        {'name': 'bulk', 'recordings': [{'type': 'bulk', 'fragments': 20, 'unique': True,
                                         'fragment-size': 100000, 'frame-size': 1000}]}]}

    def test_layouts(self):
        self.assertEqual(mp4.types(self.clip('moov-last')), ['ftyp', 'free', 'mdat', 'moov'])
        self.assertEqual(mp4.types(self.clip('moov-first')), ['ftyp', 'moov', 'mdat'])
        self.assertEqual(mp4.types(self.clip('fragmented'))[:4], ['ftyp', 'moov', 'moof', 'mdat'])
        self.assertGreater(mp4.types(self.clip('fragmented')).count('moof'), 5)
        self.assertEqual(mp4.types(self.clip('fine')), ['ftyp', 'moov', 'mdat'])  # the whole's

    def test_frames(self):
        """Each with its bytes and its time, gaps, overlaps and frames out of order included."""
        overlaps = ['overlap-' + layout for layout in LAYOUTS]
        for name in (*LAYOUTS, *overlaps, 'fine', 'pieces', 'bulk'):
            with self.subTest(name):
                tracks = self.check_clip(self.clip(name), name)
                self.assertEqual(tracks['video'].caps.get_name(), 'video/x-h264')
        self.assertGreater(self.expected('moov-last')['video'][-1][0], 10 * 10**9)
        self.assertTrue(any(at % 1000000 for at, _, _ in self.expected('fine')['audio']))
        self.assertEqual(self.expected('overlap-moov-last')['video'][20][0], 1550 * 10**6)
        order = [at for at, _, _ in self.expected('moov-last')['video']]
        self.assertNotEqual(order, sorted(order))

    def test_h265(self):
        for layout in LAYOUTS:
            with self.subTest(layout):
                tracks = self.check_clip(self.clip('h265-' + layout), 'h265-' + layout)
                self.assertEqual(tracks['video'].caps.get_name(), 'video/x-h265')

    def test_g711(self):
        """Samples have no times of their own: each frame is found where it belongs, and else
        there is silence."""
        for codec, silence in (('alaw', b'\xd5'), ('mulaw', b'\xff')):
            for layout, kinds in (('moov-last', ['ftyp', 'free', 'mdat', 'moov']),
                                  ('fragmented', ['ftyp', 'moov', 'mdat'])):
                name = codec + layout
                data = self.clip(name)
                self.assertEqual(mp4.types(data), kinds)
                tracks = mp4.demux(data)
                self.assertEqual(tracks['audio_0'].caps.get_name(), 'audio/x-' + codec)
                expected = self.expected(name)
                self.assertEqual(tracks['video_0'].frames, expected['video'])
                self.assertEqual(tracks['audio_0'].frames[0][0], expected['audio'][0][0])
                samples = tracks['audio_0'].data
                self.assertEqual(len(samples), 11 * 8000)
                self.assertEqual(samples[2 * 8000:9 * 8000], silence * 7 * 8000)
                self.assertNotIn(silence * 800, samples[:2 * 8000] + samples[9 * 8000:])
                for at, _, digest in expected['audio']:
                    begin = round(at * 8 / 10**6)
                    self.assertEqual(mp4.sha256(samples[begin:begin + 160]), digest)

    def test_tracks_are_those_of_the_first_fragment(self):
        self.assertEqual(set(mp4.demux(self.clip('late-audio'))), {'video_0'})
        self.assertEqual(set(mp4.demux(self.clip('late-audio', 1))), {'video_0', 'audio_0'})
        self.assertEqual(set(mp4.demux(self.clip('later-audio', 0, 0.5))), {'video_0'})
        self.check_clip(self.clip('later-audio'), 'later-audio')
        tracks = mp4.demux(self.clip('three-tracks'))
        self.assertEqual(set(tracks), {'video_0', 'audio_0'})
        self.assertEqual(tracks['audio_0'].caps.get_name(), 'audio/mpeg')

    def test_boto3(self):
        arn = self.emulator.manifest('moov-last', 'none')['arn']
        for name in ({'StreamName': 'moov-last'}, {'StreamARN': arn}):
            answer = self.client('moov-last').get_clip(**name, ClipFragmentSelector=selector())
            self.assertEqual(answer['ContentType'], 'video/mp4')
            self.assertEqual(answer['Payload'].read(), self.clip('moov-last'))

    def test_files_and_cache(self):
        """Media that comes out of files, or out of the cache, makes the same clip."""
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, 'a.mp4')
            with open(path, 'wb') as file:
                file.write(self.clip('moov-last'))
            config = {'cache-dir': os.path.join(folder, 'cache'), 'streams': [
                stream('moov-last', {'audio': AAC, 'b-frames': 2, 'gaps': GAP}),
                {'name': 'file', 'recordings': [
                    {'type': 'file', 'path': path, 'fragment-duration': 0.5}]}]}
            for _ in range(2):
                other = Emulator(config)
                try:
                    self.assertEqual(self.clip('moov-last', emulator=other),
                                     self.clip('moov-last'))
                    self.check_clip(self.clip('file', emulator=other), 'file', None, other)
                finally:
                    self.assertEqual(other.stop(), 0)


class RealSamplesTest(ClipTest):
    """What real cameras sent."""
    FILES = {'a': 'output_get_media.mkv', 'b': 'output-get-media-non-increasing-timecode.mkv'}

    @classmethod
    def setUpClass(cls):
        cls.CONFIG = {'streams': [{'name': name, 'recordings': [{'type': 'raw',
                                                                 'path': sample(file)}]}
                                  for name, file in cls.FILES.items()]}
        super().setUpClass()

    def test_frames(self):
        for name in self.FILES:
            fragments = self.emulator.manifest(name, 'none')['fragments']
            begin = min(f['producerTimestampMs'] for f in fragments) / 1000 - START_MS / 1000
            data = self.clip(name, begin, begin + DAY)
            self.check_clip(data, name, self.fragments_of_last())


class SelectionTest(ClipTest):
    CONFIG = {'streams': [
        stream('cam', {'fragments': 10, 'server-offset': 100}),
        stream('second', {}, {}),
        stream('overlap', {}, {'start': '2026-03-01T10:00:02Z'}),
        stream('same', {'fragments': 1}, {'fragments': 3}),
        stream('later', {'start': '2026-03-01T10:00:10Z'}, {}),
        stream('step', {'fragments': 6, 'restarts': [{'after-fragment': 3, 'pause': 0,
                                                      'clock-step': -100}]}),
        stream('few', {}, clips={'max-fragments': 3}),
        stream('small', {}, clips={'max-bytes': 1}),
        {'name': 'many', 'recordings': [{'type': 'bulk', 'fragments': 250, 'fragment-size': 1000,
                                         'frame-size': 500, 'fragment-duration': 1}]},
        {'name': 'large', 'recordings': [{'type': 'bulk', 'fragments': 30,
                                          'fragment-size': 4000000, 'fragment-duration': 1}]}]}

    def places(self, name, *selection):
        self.clip(name, *selection)
        return self.fragments_of_last()

    def test_both_ends_are_in_it(self):
        self.assertEqual(self.places('cam', 2, 5), [2, 3, 4, 5])
        self.assertEqual(self.places('cam', 2.001, 5.999), [3, 4, 5])
        self.assertEqual(self.places('cam', 9), [9])
        self.check_clip(self.clip('cam', 2, 5), 'cam', [2, 3, 4, 5])

    def test_server_time(self):
        servers = [(fragment['serverTimestampMs'] - START_MS) / 1000
                   for fragment in self.emulator.manifest('cam', 'none')['fragments']]
        self.assertGreater(servers[0], 99)
        kind = 'SERVER_TIMESTAMP'
        self.assertEqual(self.places('cam', servers[2], servers[4], kind), [2, 3, 4])
        self.assertEqual(self.places('cam', servers[2] + 0.001, servers[4] - 0.001, kind), [3])
        self.check_clip(self.clip('cam', servers[2], servers[4], kind), 'cam', [2, 3, 4])

    def test_only_what_was_ingested_first(self):
        self.assertEqual(self.places('second'), [0, 1, 2, 3])
        self.assertEqual(self.places('overlap'), [0, 1, 2, 3])
        self.assertEqual(self.places('overlap', 4), [6, 7])
        self.assertEqual(self.places('same'), [0, 2, 3])
        self.assertEqual(self.places('later'), [0, 1, 2, 3])
        self.assertEqual(self.places('later', 0, 9), [4, 5, 6, 7])

    def test_a_clock_that_steps_back(self):
        self.assertEqual(self.places('step', -200, 200), [0, 1, 2])
        data = self.clip('step', -200, 200, 'SERVER_TIMESTAMP')
        self.assertEqual(self.fragments_of_last(), [0, 1, 2, 3, 4, 5])
        times = [at for at, _, _ in mp4.demux(data)['video_0'].frames]
        self.assertEqual(times, [i * 10**8 for i in range(60)])

    def test_limits(self):
        self.assertEqual(self.places('few'), [0, 1, 2])
        self.check_clip(self.clip('few'), 'few', [0, 1, 2])
        self.assertEqual(self.places('few', 3), [3])
        self.assertEqual(self.places('small'), [0])
        self.assertEqual(self.places('many'), list(range(200)))
        self.assertEqual(self.places('many', 200), list(range(200, 250)))

    def test_a_hundred_megabytes(self):
        self.client('large').get_clip(StreamName='large', ClipFragmentSelector=selector())
        self.assertEqual(self.fragments_of_last(), list(range(24)))
        begin = time.monotonic()
        data = self.clip('large')  # kept from before
        self.assertLess(time.monotonic() - begin, 5)
        self.assertGreater(len(data), 95000000)


class ErrorsTest(ClipTest):
    CONFIG = {'streams': [
        stream('cam', {'fragments': 2}),
        stream('off', **{'retention-hours': 0}),
        stream('expired', {'fragments': 2}, {'fragments': 2, 'start': 'now-1m'},
               **{'retention-hours': 1}),
        stream('audio', {'video': 'none', 'audio': AAC}),
        stream('resized', {'resolution-changes': [{'at-fragment': 3, 'width': 320,
                                                   'height': 240}]}),
        stream('flaws', {'audio': AAC, 'fragments': 8, 'flaws': [
            {'fragment': 2, 'kind': 'no-codec-private'},
            {'fragment': 3, 'kind': 'no-codec-private', 'track': 2},
            {'fragment': 4, 'kind': 'bad-codec-private'},
            {'fragment': 5, 'kind': 'bad-codec-private', 'track': 2},
            {'fragment': 6, 'kind': 'bad-frame'},
            {'fragment': 7, 'kind': 'bad-frame', 'track': 2}]})]}

    def refused(self, code, status, name, *selection, message=''):
        answer = self.raw(name, *selection)
        self.assertEqual((answer.status, answer.head.get('x-amzn-errortype', '').split(':')[0]),
                         (status, code))
        self.assertIn(message, json.loads(answer.body)['Message'])

    def test_ranges(self):
        wrong = 'InvalidArgumentException'
        for selection, message in (
                ((5, 5), 'End timestamp must be after'), ((6, 5), 'End timestamp must be after'),
                ((0, DAY + 0.001), 'within 24 hours'),
                ((-START_MS / 1000 - 1, 5), 'outside of the stream')):
            for kind in ('PRODUCER_TIMESTAMP', 'SERVER_TIMESTAMP'):
                self.refused(wrong, 400, 'cam', *selection, kind, message=message)
        ahead = time.time() - START_MS / 1000 + 600
        self.refused(wrong, 400, 'cam', ahead - 700, ahead, 'SERVER_TIMESTAMP',
                     message='in the past')
        self.refused('ResourceNotFoundException', 404, 'cam', ahead - 700, ahead,
                     message='No fragments found in the stream for the clip request.')

    def test_retention(self):
        now = int(time.time() - START_MS / 1000)
        self.clip('expired', now - 300, now - 1, 'SERVER_TIMESTAMP')
        self.assertEqual(self.fragments_of_last(), [2, 3])
        for selection in ((0, 60), (now - 7200, now - 1)):
            self.refused('InvalidArgumentException', 400, 'expired', *selection,
                         'SERVER_TIMESTAMP', message='is outside of the stream retention period.')
        self.refused('ResourceNotFoundException', 404, 'expired', 0, 60)
        self.refused('NoDataRetentionException', 400, 'off')

    def test_nothing_there(self):
        self.refused('ResourceNotFoundException', 404, 'cam', 100, 200)
        for kind in ('PRODUCER_TIMESTAMP', 'SERVER_TIMESTAMP'):
            self.refused('ResourceNotFoundException', 404, 'cam', -200, -100, kind)
        self.assert_error('ResourceNotFoundException', 404, self.client('cam').get_clip,
                          StreamName='audio', ClipFragmentSelector=selector())  # not there

    def test_requests(self):
        url = self.url('cam')
        good = selector()
        for change, problem in (
                ({'StreamName': None}, 'must be provided'),
                ({'StreamARN': 'arn:aws:kinesisvideo:us-east-1:1:stream/cam/1'}, 'not both'),
                ({'ClipFragmentSelector': None}, "'clipFragmentSelector' failed"),
                ({'ClipFragmentSelector': {**good, 'FragmentSelectorType': None}},
                 "'fragmentSelectorType' failed"),
                ({'ClipFragmentSelector': {**good, 'FragmentSelectorType': 'CLIENT'}},
                 'enum value set'),
                ({'ClipFragmentSelector': {**good, 'TimestampRange': None}},
                 "'timestampRange' failed"),
                ({'ClipFragmentSelector': {**good, 'TimestampRange': {'StartTimestamp': 1}}},
                 "'endTimestamp' failed"),
                ({'ClipFragmentSelector': selector(START_MS, START_MS + 5)}, 'outside of')):
            status, _, body = self.emulator.post(
                url, {'StreamName': 'cam', 'ClipFragmentSelector': good, **change})
            self.assertEqual(status, 400, problem)
            self.assertIn(problem, json.loads(body)['Message'])

    def test_place(self):
        """Served at its own endpoint alone."""
        body = {'StreamName': 'cam', 'ClipFragmentSelector': selector()}
        other = self.emulator.endpoint('cam', 'LIST_FRAGMENTS') + '/getClip'
        self.assertEqual(self.emulator.post(other, body)[0], 403)
        self.assertEqual(self.emulator.post(self.url('cam'), body, sign=False)[0], 403)
        self.assertEqual(self.emulator.post(self.url('cam'), body)[0], 200)

    def test_media(self):
        self.refused('UnsupportedStreamMediaTypeException', 400, 'audio')
        self.refused('InvalidCodecPrivateDataException', 400, 'resized')
        self.clip('resized', 0, 1)
        self.clip('resized', 2)
        codes = [None, 'MissingCodecPrivateDataException', 'MissingCodecPrivateDataException',
                 'InvalidCodecPrivateDataException', 'InvalidCodecPrivateDataException',
                 'InvalidMediaFrameException', None, None]
        for second, code in enumerate(codes):
            if code:
                self.refused(code, 400, 'flaws', second, second + 0.5)
        self.refused(codes[1], 400, 'flaws', 0, 1)  # the second one in the clip
        self.clip('flaws', 6)  # nobody can see that AAC is damaged


class SameBytesTest(ClipTest):
    CONFIG = {'streams': [
        stream('cam', {'audio': AAC}),
        stream('changing', {'audio': AAC}, clips={'creation-time': 'request'}),
        stream('chunked', {}, clips={'transfer': 'chunked'})]}
    HEADERS = [('moov', 'mvhd'), ('moov', 'trak', 'tkhd'), ('moov', 'trak', 'mdia', 'mdhd')]

    def test_the_same_again(self):
        clips = [self.clip('cam') for _ in range(2)]
        for first in range(4):  # more clips than are kept
            for last in range(first, 4):
                self.clip('cam', first, last + 0.5)
        time.sleep(1 - time.time() % 1)  # into another second
        clips.append(self.clip('cam'))
        other = Emulator(self.CONFIG)
        self.addCleanup(other.stop)
        clips.append(self.clip('cam', emulator=other))
        self.assertEqual(len(set(clips)), 1)
        self.assertEqual([mp4.creation_time(clips[0], *path) for path in self.HEADERS],
                         [START_MS // 1000] * 3)

    def test_never_the_same(self):
        clips = [self.clip('changing') for _ in range(3)]
        times = [mp4.creation_time(clip) for clip in clips]
        self.assertEqual(times, [times[0], times[0] + 1, times[0] + 2])
        self.assertLess(abs(times[0] - time.time()), 60)
        changed = [at for at, (a, b) in enumerate(zip(*clips[:2])) if a != b]
        self.assertEqual(len(clips[0]), len(clips[1]))
        self.assertTrue(changed and all(at >= mp4.box(clips[0], 'moov')[0] for at in changed))
        self.check_clip(clips[2], 'changing')

    def test_transfer(self):
        answer = self.raw('cam')
        self.assertEqual(answer.head['content-length'], str(len(answer.body)))
        answer = self.raw('chunked')
        self.assertEqual(answer.head['transfer-encoding'], 'chunked')
        self.assertNotIn('content-length', answer.head)
        self.check_clip(answer.body, 'chunked')


class FaultsTest(ClipTest):
    CONFIG = {'streams': [stream(layout, {'audio': AAC}, clips={'layout': layout})
                          for layout in LAYOUTS] +
              [stream('chunked', clips={'transfer': 'chunked'})]}

    def setUp(self):
        self.addCleanup(self.emulator.set_faults)

    def spoilt(self, fault, name='moov-last'):
        """The answer that the fault meets, and that to the request after it."""
        self.emulator.set_faults({'operation': 'GetClip', 'request': 1, **fault})
        answers = [self.raw(name), self.raw(name)]
        self.emulator.set_faults()
        self.assertEqual(self.emulator.requests('GetClip')[-2]['faults'], [fault['kind']])
        self.assertEqual(answers[1].body, self.clip(name))
        return answers[0]

    def test_breaks(self):
        for name in ('moov-last', 'chunked'):
            whole = self.clip(name)
            for size in (0, 1, 1000, len(whole) - 1):
                for kind, ending in (('cut', 'closed'), ('reset', 'reset')):
                    answer = self.spoilt({'kind': kind, 'bytes': size}, name)
                    self.assertEqual((answer.ending, answer.body), (ending, whole[:size]))
        answer = self.spoilt({'kind': 'stall', 'bytes': 1000})
        self.assertEqual((answer.ending, answer.body), ('silence', self.clip('moov-last')[:1000]))
        answer = self.spoilt({'kind': 'cut', 'stage': 'before-headers'})
        self.assertEqual((answer.ending, answer.status), ('closed', None))
        answer = self.spoilt({'kind': 'stall', 'stage': 'after-headers'})
        self.assertEqual((answer.ending, answer.status, answer.body), ('silence', 200, b''))
        answer = self.spoilt({'kind': 'stall', 'bytes': 500, 'seconds': 0.2})
        self.assertEqual(answer.body, self.clip('moov-last'))

    def test_places(self):
        for name in LAYOUTS:
            data = self.clip(name)
            boxes = mp4.boxes(data)
            moov = next(box for box in boxes if box[0] == 'moov')
            mdats = [box for box in boxes if box[0] == 'mdat']
            mdat = mdats[len(mdats) // 2]
            edge = moov[1] if name == 'moov-last' else moov[2]
            for at, size in (('first-byte', 1), ('mid-header', (moov[1] + moov[2]) // 2),
                             ('mid-block', (mdat[1] + mdat[2]) // 2), ('block-edge', edge),
                             ('chunk-edge', len(data)), ('end', len(data) - 1)):
                answer = self.spoilt({'kind': 'cut', 'at': at}, name)
                self.assertEqual(answer.body, data[:size], (name, at))

    def test_other_lengths(self):
        whole = self.clip('moov-last')
        answer = self.spoilt({'kind': 'end-early', 'bytes': 700})
        self.assertEqual((answer.ending, answer.body), ('complete', whole[:700]))
        self.assertEqual(answer.head['content-length'], '700')
        answer = self.spoilt({'kind': 'wrong-content-length', 'extra': 50})
        self.assertEqual((answer.ending, answer.body), ('closed', whole))
        self.assertEqual(answer.head['content-length'], str(len(whole) + 50))
        answer = self.spoilt({'kind': 'wrong-content-length', 'extra': -50})
        self.assertEqual((answer.ending, answer.body), ('complete', whole[:-50]))
        answer = self.spoilt({'kind': 'end-early', 'bytes': 700}, 'chunked')
        self.assertEqual((answer.ending, answer.body),
                         ('complete', self.clip('chunked')[:700]))

    def test_other_bytes(self):
        """What was cut comes again as something else."""
        whole = self.clip('moov-last')
        self.emulator.set_faults(
            {'kind': 'cut', 'operation': 'GetClip', 'request': 1, 'bytes': 2000},
            {'kind': 'garbage', 'operation': 'GetClip', 'request': 2, 'bytes': 100, 'length': 7})
        self.assertEqual(self.raw('moov-last').body, whole[:2000])
        changed = self.clip('moov-last')
        self.assertEqual([at for at, (a, b) in enumerate(zip(whole, changed)) if a != b],
                         list(range(100, 107)))
        self.assertEqual(self.clip('moov-last'), whole)

    def test_other_answers(self):
        for fault, status, code in (
                ({'kind': 'status', 'status': 503}, 503, 'ServiceUnavailableException'),
                ({'kind': 'status', 'status': 400, 'code': 'InvalidMediaFrameException'}, 400,
                 'InvalidMediaFrameException'),
                ({'kind': 'throttle'}, 400, 'ClientLimitExceededException'),
                ({'kind': 'expired-credentials'}, 403, 'ExpiredTokenException')):
            answer = self.spoilt(fault)
            self.assertEqual((answer.status, answer.head['x-amzn-errortype'].split(':')[0]),
                             (status, code))
        self.assertEqual(self.spoilt({'kind': 'redirect'}).status, 302)
        answer = self.spoilt({'kind': 'status', 'status': 200, 'body': 'html'})
        self.assertEqual((answer.status, answer.head['content-type']), (200, 'text/html'))
        begin = time.monotonic()
        self.assertEqual(self.spoilt({'kind': 'latency', 'ms': 200}).ending, 'complete')
        self.assertGreater(time.monotonic() - begin, 0.2)

    def test_moved_endpoint(self):
        self.emulator.set_faults({'kind': 'moved-endpoint', 'operation': 'GetClip', 'request': 1})
        old = self.url('moov-last')
        body = {'StreamName': 'moov-last', 'ClipFragmentSelector': selector()}
        statuses = [self.emulator.post(old, body)[0] for _ in range(2)]
        self.assertEqual(statuses, [403, 403])
        self.assertNotEqual(self.url('moov-last'), old)
        self.clip('moov-last')

    def test_faults_of_fragments_are_about_media(self):
        """Even if the fragment is in the clip."""
        self.emulator.set_faults({'kind': 'cut', 'fragment-position': 'first', 'bytes': 3},
                                 {'kind': 'missing'})
        self.clip('moov-last')
        self.assertEqual(self.emulator.requests('GetClip')[-1]['faults'], [])
        with self.assertRaises(urllib.error.HTTPError):
            self.emulator.set_faults({'kind': 'missing', 'operation': 'GetClip'})


class QuotasTest(ClipTest):
    CONFIG = {'streams': [
        {'name': name, 'recordings': [{'type': 'bulk', 'fragments': 60, 'fragment-duration': 1,
                                       'fragment-size': 1000, 'frame-size': 500}]}
        for name in ('cam', 'other')]}

    def outcome(self, seconds, name='cam'):
        """Of a clip of so many fragments: 200 or the error's code."""
        answer = self.raw(name, 0, seconds - 1)
        return (200 if answer.status == 200
                else answer.head['x-amzn-errortype'].split(':')[0])

    def set_quotas(self, quotas):
        self.emulator.control('quotas', {'quotas': quotas})

    def test_points(self):
        """A clip costs its fragments, of both kinds of points."""
        too_many = 'ClientLimitExceededException'
        for limited, other in (('media-points', 'metadata-points'),
                               ('metadata-points', 'media-points')):
            self.set_quotas({limited: 50, other: 1000})
            self.assertEqual([self.outcome(40), self.outcome(40)], [200, too_many])
            self.assertEqual(self.outcome(51), too_many)
            self.assertEqual(self.outcome(50, 'other'), 200)
            self.set_quotas('none')
            self.assertEqual([self.outcome(60), self.outcome(60)], [200, 200])

    def test_points_are_shared(self):
        self.set_quotas({'media-points': 50, 'metadata-points': 100})
        self.assertEqual(self.outcome(40), 200)
        self.assertEqual(self.emulator.raw_media('cam', self.emulator.numbers('cam')[:40]).status,
                         400)
        self.assertEqual(self.emulator.raw_list('cam', MaxResults=90).status, 400)
        self.assertEqual(self.emulator.raw_list('cam', MaxResults=20).status, 200)

    def test_what_is_refused_costs_nothing(self):
        self.set_quotas({'media-points': 10, 'metadata-points': 60})
        self.assertEqual(self.outcome(50), 'ClientLimitExceededException')
        self.assertEqual(self.emulator.raw_list('cam', MaxResults=60).status, 200)
        self.assertEqual(self.outcome(11), 'ClientLimitExceededException')
        self.assertEqual(self.outcome(10, 'other'), 200)


class ConfigurationTest(unittest.TestCase):
    def test_bad_options(self):
        for options, problem in (({'layout': 'moov'}, 'must be one of moov-last, moov-first'),
                                 ({'max-fragments': 0}, 'must be an integer'),
                                 ({'max': 1}, 'is not a known option')):
            for config in ({'clips': options}, {'streams': [stream('cam', clips=options)]}):
                with self.assertRaises(RuntimeError) as caught:
                    Emulator(config)
                self.assertIn(problem, str(caught.exception))


if __name__ == '__main__':
    main()
