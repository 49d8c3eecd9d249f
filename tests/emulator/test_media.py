#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Chunks as they are served, against the manifest; raw samples; decodable media."""
import os
import subprocess
import tempfile
import unittest

import ebml
from support import Emulator, EmulatorTest, START_MS, sample
from tap import main

SMALL = {'fragments': 3, 'fragment-duration': 1, 'fps': 10, 'width': 160, 'height': 120}
AAC = [{'codec': 'aac', 'name': 'AUDIO_FROM_CUSTOMER'}]
PREFIX = 'AWS_KINESISVIDEO_'


def stream(name, recording, **options):
    return {'name': name, 'recordings': [{**SMALL, **recording}], **options}


LAYOUTS = {
    'plain': {},
    'absolute': {'timecodes': 'absolute', 'cluster-size': 'known'},
    'long': {'tag-names': 'long', 'nul-padding': True, 'void': True, 'crc32': True},
    'groups': {'blocks': 'group', 'seek-head': True, 'timecode-place': 'second'},
    'last': {'timecode-place': 'last', 'timecode-scale': 100000},
    'pieces': {'clusters': 3, 'cluster-size': 'known', 'blocks': 'group'},
    'fine': {'timecode-scale': 10000},
}


class MediaTest(EmulatorTest):
    CONFIG = {'streams': [
        *[stream('layout-' + name, {'audio': AAC, 'b-frames': 2}, layout=layout)
          for name, layout in LAYOUTS.items()],
        stream('h265', {'video': 'h265', 'b-frames': 2, 'audio': [{'codec': 'mulaw'}]}),
        stream('audio', {'video': 'none', 'audio': [*AAC, {'codec': 'alaw', 'name': 'B'}]}),
        stream('no-blocks', {'audio': AAC, 'first-fragment-audio': 'no-blocks'}),
        stream('no-track', {'audio': AAC, 'first-fragment-audio': 'no-track'}),
        stream('events', {
            'fragments': 8, 'gaps': [{'after-fragment': 2, 'seconds': 30}],
            'restarts': [{'after-fragment': 4, 'timecodes': 'equal', 'pause': 5},
                         {'after-fragment': 6, 'timecodes': 'falling', 'clock-step': -100}],
            'resolution-changes': [{'at-fragment': 8, 'width': 320, 'height': 180}],
            'tags': [{'name': 'all', 'value': '1'},
                     {'fragment': 3, 'name': 'third', 'value': 'x', 'position': 'before-info'}]}),
        {'name': 'bulk', 'recordings': [
            {'type': 'bulk', 'fragments': 40000, 'fragment-size': 100000},
            {'type': 'bulk', 'fragments': 3, 'fragment-size': 100000, 'unique': True}]}]}

    def check_stream(self, name):
        """Compares each chunk with listing and manifest; returns the chunks."""
        manifest = self.emulator.manifest(name)
        numbers = [fragment['number'] for fragment in manifest['fragments']]
        bodies = ebml.split_chunks(self.emulator.media(name, numbers))
        self.assertEqual(len(bodies), len(numbers))
        chunks = [ebml.Chunk(body) for body in bodies]
        for chunk, fragment in zip(chunks, manifest['fragments']):
            self.check_chunk(chunk, fragment, manifest)
        return chunks

    def check_chunk(self, chunk, fragment, manifest):
        self.assertEqual(len(chunk.data), fragment['sizeBytes'])
        self.assertEqual(chunk.tag(PREFIX + 'FRAGMENT_NUMBER'), fragment['number'])
        for which in ('PRODUCER', 'SERVER'):
            seconds = (chunk.tag(f'{PREFIX}{which}_TIMESTAMP') or
                       chunk.tag(f'{PREFIX}{which}_SIDE_TIMESTAMP'))
            self.assertRegex(seconds, r'^\d+\.\d{3}$')
            self.assertEqual(int(seconds.replace('.', '')),
                             fragment[which.lower() + 'TimestampMs'])
        self.assertEqual([{'number': number, **track}
                          for number, track in sorted(chunk.tracks.items())], fragment['tracks'])
        # the service's tags stand right before the first Cluster
        cluster = chunk.ids.index(ebml.CLUSTER)
        self.assertEqual(chunk.ids[cluster - 1], ebml.TAGS)
        frames = [frame for frame in manifest['frames'] if frame['fragment'] == fragment['number']]
        seen = chunk.manifest_frames()
        self.assertEqual(len(seen), len(frames))
        for ours, theirs in zip(seen, frames):
            time = ours['offsetNs'] / 1e6
            self.assertAlmostEqual(theirs['timeMs'] - fragment['producerTimestampMs'], time, delta=0.51)
            self.assertEqual(theirs['serverTimeMs'] - fragment['serverTimestampMs'],
                             theirs['timeMs'] - fragment['producerTimestampMs'])
            self.assertEqual(ours, {key: theirs[key] for key in ours})

    def test_layouts(self):
        for name, layout in LAYOUTS.items():
            with self.subTest(name):
                chunks = self.check_stream('layout-' + name)
                absolute = layout.get('timecodes') == 'absolute'
                scale = layout.get('timecode-scale', 1000000)
                first = (START_MS if absolute else 0) * 1000000 // scale
                if name != 'fine':
                    self.assertEqual([chunk.timecodes[0] for chunk in chunks],
                                     [first + i * 1000000000 // scale for i in range(3)])
                self.assertTrue(all(chunk.scale == scale for chunk in chunks))
        pieces = self.check_stream('layout-pieces')
        self.assertEqual([len(chunk.timecodes) for chunk in pieces], [3, 3, 3])
        # 1 s does not fit 16 bits at this scale
        self.assertTrue(all(len(c.timecodes) > 1 for c in self.check_stream('layout-fine')))
        long = self.check_stream('layout-long')[0]
        self.assertEqual(long.doc_type, b'matroska\0')
        self.assertTrue(long.tag(PREFIX + 'SERVER_SIDE_TIMESTAMP'))

    def test_b_frames_are_out_of_order(self):
        frames = self.check_stream('layout-plain')[0].manifest_frames()
        video = [frame['offsetNs'] for frame in frames if frame['track'] == 1]
        self.assertEqual(len(video), 10)
        self.assertNotEqual(video, sorted(video))

    def test_codecs(self):
        tracks = self.check_stream('h265')[0].tracks
        self.assertEqual([track['codecId'] for track in tracks.values()],
                         ['V_MPEGH/ISO/HEVC', 'A_MS/ACM'])
        tracks = self.check_stream('audio')[0].tracks
        self.assertEqual([(track['codecId'], track['name']) for track in tracks.values()],
                         [('A_AAC', 'AUDIO_FROM_CUSTOMER'), ('A_MS/ACM', 'B')])

    def test_first_fragment_without_audio(self):
        chunks = self.check_stream('no-blocks')
        self.assertEqual([len(chunk.tracks) for chunk in chunks], [2, 2, 2])
        self.assertEqual({frame['track'] for frame in chunks[0].manifest_frames()}, {1})
        self.assertEqual({frame['track'] for frame in chunks[1].manifest_frames()}, {1, 2})
        chunks = self.check_stream('no-track')
        self.assertEqual([len(chunk.tracks) for chunk in chunks], [1, 2, 2])

    def test_events(self):
        chunks = self.check_stream('events')
        fragments = self.emulator.manifest('events')['fragments']
        times = [fragment['producerTimestampMs'] - START_MS for fragment in fragments]
        self.assertEqual(times, [0, 1000, 32000, 33000, 39000, 40000, -57500, -56500])
        self.assertEqual([fragment['discont'] for fragment in fragments],
                         [False, False, True, False, True, False, True, False])
        servers = [fragment['serverTimestampMs'] for fragment in fragments]
        self.assertEqual(servers, sorted(servers))
        timecodes = [chunk.timecodes[0] for chunk in chunks]
        self.assertEqual(timecodes, [0, 1000, 32000, 33000, 33000, 34000, 17000, 18000])
        self.assertEqual([fragment['tags'] for fragment in fragments],
                         [{'all': '1'}, {'all': '1'}, {'third': 'x', 'all': '1'}] +
                         [{'all': '1'}] * 5)
        self.assertLess(chunks[2].ids.index(ebml.TAGS), chunks[2].ids.index(ebml.INFO))
        self.assertEqual(chunks[0].ids[-1], ebml.TAGS)

    def test_numbers_rise(self):
        for name in ('events', 'bulk'):
            numbers = self.emulator.numbers(name)
            self.assertEqual(numbers, sorted(numbers))
            self.assertEqual({len(number) for number in numbers}, {47})

    def test_bulk(self):
        self.assertEqual(self.emulator.manifest('bulk')['frames'], [])
        numbers = self.emulator.numbers('bulk')
        self.assertEqual(len(numbers), 40003)
        wanted = [numbers[0], numbers[39999], *numbers[-2:]]
        chunks = [ebml.Chunk(body)
                  for body in ebml.split_chunks(self.emulator.media('bulk', wanted))]
        self.assertEqual([chunk.tag(PREFIX + 'FRAGMENT_NUMBER') for chunk in chunks], wanted)
        hashes = [{frame['sha256'] for frame in chunk.manifest_frames()} for chunk in chunks]
        self.assertEqual([len(each) for each in hashes], [12, 12, 12, 12])
        self.assertEqual(hashes[0], hashes[1])
        self.assertFalse(hashes[2] & hashes[3])

    def test_unknown_fragment_is_reported_in_band(self):
        numbers = self.emulator.numbers('h265')
        unknown = numbers[0][:-1] + ('1' if numbers[0][-1] != '1' else '2')
        chunks = [ebml.Chunk(body) for body in ebml.split_chunks(
            self.emulator.media('h265', [numbers[0], unknown, numbers[1]]))]
        self.assertEqual([chunk.tag(PREFIX + 'FRAGMENT_NUMBER') for chunk in chunks],
                         [numbers[0], unknown, numbers[1]])
        self.assertEqual(chunks[1].tags, [(PREFIX + 'ERROR_CODE', 'FRAGMENT_NOT_FOUND'),
                                          (PREFIX + 'ERROR_ID', '3000'),
                                          (PREFIX + 'FRAGMENT_NUMBER', unknown)])

    def test_error_chunk_is_the_attested_one(self):
        with open(sample('error-chunk.mkv'), 'rb') as file:
            attested = file.read()
        number = ebml.Chunk(attested).tag(PREFIX + 'FRAGMENT_NUMBER')
        self.assertEqual(self.emulator.media('h265', [number]), attested)

    def decode(self, name, index, sink):
        """Number of buffers that come out of a decoder for one fragment's chunk."""
        number = self.emulator.numbers(name)[index]
        with tempfile.NamedTemporaryFile(suffix='.mkv') as file:
            file.write(self.emulator.media(name, [number]))
            file.flush()
            result = subprocess.run(
                ['gst-launch-1.0', '-v', 'filesrc', 'location=' + file.name, '!', 'matroskademux',
                 'name=d', *sink, '!', 'fakesink', 'silent=false', 'sync=false'],
                capture_output=True, text=True, timeout=60)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout.count('chain   *****')

    def test_media_is_real(self):
        video = ['d.video_0', '!', 'queue', '!']
        h264 = [*video, 'h264parse', '!', 'avdec_h264']
        for name in ('layout-plain', 'layout-groups', 'no-track'):
            self.assertEqual(self.decode(name, 1, h264), 10, name)
        self.assertEqual(self.decode('events', 7, h264), 10)
        self.assertEqual(self.decode('h265', 2, [*video, 'h265parse', '!', 'avdec_h265']), 10)
        aac = ['d.audio_0', '!', 'queue', '!', 'aacparse', '!', 'avdec_aac']
        self.assertGreater(self.decode('audio', 1, aac), 40)
        alaw = ['d.audio_1', '!', 'queue', '!', 'alawdec', '!', 'audioconvert']
        self.assertEqual(self.decode('audio', 1, alaw), 50)
        mulaw = ['d.audio_0', '!', 'queue', '!', 'mulawdec', '!', 'audioconvert']
        self.assertEqual(self.decode('h265', 0, mulaw), 50)


class RawTest(unittest.TestCase):
    NAMES = {'a': ('output_get_media.mkv', 5, 300),
             'b': ('output-get-media-non-increasing-timecode.mkv', 11, 330),
             'c': ('test_mixed_tags.mkv', 10, 100)}

    def test_samples_are_served_verbatim(self):
        arguments = []
        for name, (file, _, _) in self.NAMES.items():
            arguments += ['--stream', f'{name}={sample(file)}']
        emulator = Emulator(None, *arguments)
        self.addCleanup(emulator.stop)
        self.assertIn('chunk at byte 1760533 left out: incomplete', emulator.log())
        for name, (file, fragments, frames) in self.NAMES.items():
            manifest = emulator.manifest(name)
            self.assertEqual(len(manifest['frames']), frames)
            numbers = [fragment['number'] for fragment in manifest['fragments']]
            self.assertEqual(len(numbers), fragments)
            self.assertEqual(sum(len(page) for page in emulator.list_all(name)), fragments)
            body = emulator.media(name, numbers)
            with open(sample(file), 'rb') as source:
                self.assertEqual(body, source.read()[:len(body)])
            self.assertEqual(len(body), 1760533 if name == 'b' else os.path.getsize(sample(file)))


class FileTest(unittest.TestCase):
    def make(self, folder, name, *elements):
        path = os.path.join(folder, name)
        subprocess.run(['gst-launch-1.0', '-q', *' '.join(elements).replace('OUT', path).split()],
                       check=True, timeout=60)
        return path

    def test_media_files_and_cache(self):
        video = ('videotestsrc num-buffers=100 ! video/x-raw,width=160,height=120,framerate=25/1 ! '
                 'x264enc speed-preset=ultrafast key-int-max=25 bframes=2 ! h264parse ! ')
        audio = ('audiotestsrc num-buffers=172 ! audio/x-raw,rate=44100,channels=1 ! avenc_aac ! '
                 'aacparse ! m.')
        with tempfile.TemporaryDirectory() as folder:
            mp4 = self.make(folder, 'a.mp4', video, 'mp4mux name=m ! filesink location=OUT', audio)
            mkv = self.make(folder, 'a.mkv', video, 'matroskamux name=m ! filesink location=OUT',
                            audio)
            arguments = ['--stream', 'mp4=' + mp4, '--stream', 'mkv=' + mkv,
                         '--cache-dir', os.path.join(folder, 'cache')]
            manifests = []
            for _ in range(2):
                emulator = Emulator({'streams': [stream('g', {'audio': AAC})]}, *arguments)
                manifests.append([emulator.manifest(name) for name in ('mp4', 'mkv', 'g')])
                for manifest in manifests[-1][:2]:
                    self.check(manifest, emulator)
                emulator.stop()
            self.assertEqual(manifests[0], manifests[1])

    def check(self, manifest, emulator):
        self.assertEqual(len(manifest['fragments']), 2)
        tracks = [frame['track'] for frame in manifest['frames']]
        self.assertEqual(tracks.count(1), 100)
        self.assertGreaterEqual(tracks.count(2), 170)
        firsts = {}
        for frame in manifest['frames']:
            if frame['track'] == 1:
                firsts.setdefault(frame['fragment'], frame)
        self.assertTrue(all(frame['key'] and frame['offsetNs'] == 0 for frame in firsts.values()))
        self.assertEqual(min(frame['timeMs'] for frame in manifest['frames']), START_MS)
        number = manifest['fragments'][1]['number']
        chunk = ebml.Chunk(emulator.media(manifest['stream'], [number]))
        self.assertEqual(chunk.manifest_frames(),
                         [{key: frame[key] for key in chunk.manifest_frames()[0]}
                          for frame in manifest['frames'] if frame['fragment'] == number])


class DemoTest(unittest.TestCase):
    def test_demo(self):
        emulator = Emulator(None, '--demo', 'demo')
        self.addCleanup(emulator.stop)
        fragments = emulator.manifest('demo')['fragments']
        self.assertEqual(len(fragments), 64)
        self.assertEqual([i for i, f in enumerate(fragments) if f['discont']], [20, 40])
        self.assertEqual(fragments[0]['producerTimestampMs'], START_MS)
        self.assertLess(emulator.startup_seconds, 20)


if __name__ == '__main__':
    main()
