#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""HLS and DASH sessions as players play them, frame by frame against the manifest."""
import concurrent.futures
import hashlib
import os
import shutil
import subprocess
import tempfile
import unittest

from sessions import SessionTest
from tap import main

SMALL = {'fragments': 4, 'fragment-duration': 1, 'fps': 10, 'width': 160, 'height': 120}
AAC = [{'codec': 'aac'}]
GAP = {'gaps': [{'after-fragment': 2, 'seconds': 10}], 'restarts': [{'after-fragment': 3}]}
FRAMES = 40
NEEDS_FFMPEG = unittest.skipUnless(shutil.which('ffmpeg'), 'ffmpeg is not there')


def stream(name, recording):
    return {'name': name, 'recordings': [{**SMALL, **recording}]}


def run(command, **environment):
    result = subprocess.run(command, capture_output=True, text=True, timeout=60,
                            env={**os.environ, **environment})
    return result.returncode, result.stdout, result.stderr


class SessionPlayersTest(SessionTest):
    CONFIG = {'streams': [
        stream('plain', {'audio': AAC}),
        stream('h264', {'audio': AAC, 'b-frames': 2, **GAP}),
        stream('h265', {'video': 'h265', 'audio': AAC, 'b-frames': 2}),
        stream('mulaw', {'audio': [{'codec': 'mulaw'}]}),
        stream('live', {'fragments': 240, 'fragment-duration': 0.5, 'fps': 4, 'start': 'now-2s',
                        'live': True})]}

    def hashes(self, name, kind):
        return [frame['sha256'] for frame in self.frames(name, kind)]

    def play(self, url, demuxer, branches, seconds=0, **environment):
        """What comes out of each branch behind a demuxer, frame by frame, as checksums. It is
        stopped after so many seconds, else it has to come to an end."""
        with tempfile.TemporaryDirectory() as folder:
            command = ['gst-launch-1.0', '-q', *demuxer.replace('URL', url).split(), 'name=d']
            for i, branch in enumerate(branches):
                command += ['d.', '!', *branch.split(), '!', 'queue', '!', 'multifilesink',
                            f'location={folder}/{i}-%05d']
            if seconds:
                command = ['timeout', str(seconds), *command]
            status, _, log = run(command, **environment)
            self.assertEqual((status, log), (124 if seconds else 0, ''))
            played = [[] for _ in branches]
            for file in sorted(os.listdir(folder)):
                with open(os.path.join(folder, file), 'rb') as data:
                    played[int(file[0])].append(hashlib.sha256(data.read()).hexdigest())
            return played

    def play_both(self, name, protocol, demuxer, **options):
        played = self.play(self.open(name, protocol, **options),
                           f'souphttpsrc location=URL ! {demuxer}', ['qtdemux'] * 2)
        # which branch gets which track is left to the demuxer
        self.assertCountEqual([tuple(track) for track in played],
                              [tuple(self.hashes(name, kind)) for kind in ('video', 'audio')])

    def test_hlsdemux(self):
        for name in ('plain', 'h264', 'h265'):
            for mode in ('NEVER', 'ALWAYS', 'ON_DISCONTINUITY'):
                with self.subTest(stream=name, mode=mode):
                    self.play_both(name, 'HLS', 'hlsdemux', DiscontinuityMode=mode)

    def test_dashdemux(self):
        for name in ('plain', 'h264', 'h265', 'mulaw'):
            with self.subTest(stream=name):
                self.play_both(name, 'DASH', 'dashdemux')

    def test_streams_aware_demuxers(self):
        """hlsdemux2 and dashdemux2, which only work in uridecodebin3: frames are counted."""
        for name, protocol, options in (
                ('h265', 'HLS', {}), ('h264', 'DASH', {}),
                ('h264', 'HLS', {'DiscontinuityMode': 'ON_DISCONTINUITY'}),
                ('plain', 'HLS', {'ContainerFormat': 'MPEG_TS'})):
            with self.subTest(stream=name, protocol=protocol, **options):
                video, audio = self.play(self.open(name, protocol, **options),
                                         'uridecodebin3 uri=URL',
                                         ['videoconvert', 'audioconvert ! audio/x-raw'],
                                         GST_PLUGIN_FEATURE_RANK='hlsdemux2:MAX,dashdemux2:MAX')
                self.assertEqual(len(set(video)), FRAMES)
                if not options.get('DiscontinuityMode'):  # behind gaps it may lose the sound
                    self.assertGreater(len(audio), len(self.hashes(name, 'audio')) - 4)

    def play_live(self, protocol, **options):
        frames = self.hashes('live', 'video')
        url = self.open('live', protocol, PlaybackMode='LIVE', **options)
        played, = self.play(url, f'souphttpsrc location=URL ! {protocol.lower()}demux',
                            ['qtdemux'], seconds=3)
        self.assertGreater(len(played), 6, protocol)  # more than a player begins with
        begin = frames.index(played[0])
        # the last file may have been cut off
        self.assertEqual(played[:-1], frames[begin:begin + len(played) - 1], protocol)

    def test_live_and_replay(self):
        """Frames without a gap while they come in, wherever the player begins; at once, since it
        takes its time."""
        with concurrent.futures.ThreadPoolExecutor() as pool:
            for played in (
                    pool.submit(self.play_live, 'HLS'),
                    pool.submit(self.play_live, 'DASH', MaxManifestFragmentResults=1000),
                    pool.submit(self.play_both, 'plain', 'HLS', 'hlsdemux',
                                PlaybackMode='LIVE_REPLAY'),
                    pool.submit(self.play_both, 'plain', 'DASH', 'dashdemux',
                                PlaybackMode='LIVE_REPLAY')):
                played.result()

    def test_transport_streams(self):
        for name, parser in (('plain', 'h264parse'), ('h264', 'h264parse'), ('h265', 'h265parse')):
            url = self.open(name, ContainerFormat='MPEG_TS', DiscontinuityMode='ON_DISCONTINUITY')
            video, audio = self.play(url, 'souphttpsrc location=URL ! hlsdemux ! tsdemux', [
                parser, 'aacparse ! audio/mpeg,stream-format=raw'])
            self.assertEqual(len(video), FRAMES)
            self.assertEqual(audio, self.hashes(name, 'audio'))

    @NEEDS_FFMPEG
    def test_ffmpeg(self):
        for name in ('plain', 'h264', 'h265'):
            for kind in ('video', 'audio'):
                status, out, log = run(['ffmpeg', '-v', 'error', '-i', self.open(name), '-map',
                                        f'0:{kind[0]}', '-c', 'copy', '-f', 'framehash', '-hash',
                                        'sha256', '-'])
                self.assertEqual((status, log), (0, ''))
                lines = [line for line in out.splitlines() if not line.startswith('#')]
                self.assertEqual([line.split()[-1] for line in lines], self.hashes(name, kind))

    @NEEDS_FFMPEG
    def test_ffmpeg_decodes(self):
        for name in ('plain', 'h265'):
            for protocol, options in (('HLS', {}), ('HLS', {'ContainerFormat': 'MPEG_TS'}),
                                      ('DASH', {})):
                url = self.open(name, protocol, **options)
                status, out, log = run(['ffprobe', '-v', 'error', '-count_frames',
                                        '-select_streams', 'v', '-show_entries',
                                        'stream=nb_read_frames', '-of', 'csv=p=0', url])
                self.assertEqual((status, log), (0, ''))
                # its DASH demuxer ends when the first of the streams ends
                least = FRAMES - 2 if protocol == 'DASH' else FRAMES
                self.assertIn(int(out.split()[0]), range(least, FRAMES + 1))


if __name__ == '__main__':
    main()
