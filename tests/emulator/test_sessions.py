#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""HLS and DASH sessions: parameters, rules, codecs, manifests of archived media."""
import time
import unittest
import urllib.parse

from sessions import MPD, SessionTest, get, parameter, span
from support import START_MS
from tap import main

INVALID = 'InvalidArgumentException'
SERVER = 'SERVER_TIMESTAMP'
PRODUCER = 'PRODUCER_TIMESTAMP'
BULK = {'type': 'bulk', 'fragments': 20, 'fragment-duration': 1, 'fragment-size': 2000,
        'frame-size': 500}
SMALL = {'fragments': 5, 'fragment-duration': 1, 'fps': 10, 'width': 160, 'height': 120}
AAC = [{'codec': 'aac'}]


def stream(name, *recordings, **options):
    return {'name': name, 'recordings': list(recordings), **options}


class SessionsTest(SessionTest):
    CONFIG = {'streams': [
        stream('cam', {**SMALL, 'audio': AAC, 'gaps': [{'after-fragment': 2, 'seconds': 10}]}),
        stream('bulk', {**BULK, 'fragments': 1200}),
        stream('twice', {**BULK, 'fragments': 4},
               {**BULK, 'fragments': 4, 'start': START_MS / 1000 + 500},
               {**BULK, 'fragments': 6, 'start': START_MS / 1000 + 2}),
        stream('step', {**SMALL, 'fragments': 6, 'fps': 5, 'restarts': [
            {'after-fragment': 4, 'pause': 0, 'clock-step': -2}]}),
        stream('h265', {**SMALL, 'video': 'h265', 'audio': AAC}),
        stream('mulaw', {**SMALL, 'audio': [{'codec': 'mulaw'}]}),
        stream('audio', {**SMALL, 'video': 'none', 'audio': AAC}),
        stream('no-private', {**SMALL, 'audio': AAC, 'flaws': [
            {'fragment': 'every', 'track': 2, 'kind': 'no-codec-private'}]}),
        stream('bad-private', {**SMALL, 'flaws': [{'fragment': 1, 'kind': 'bad-codec-private'}]}),
        stream('none', {**BULK}, **{'retention-hours': 0}),
        stream('hour', {**BULK, 'fragments': 100, 'fragment-duration': 60, 'start': 'now-100m'},
               **{'retention-hours': 1}),
        stream('old', {**BULK, 'start': 'now-100s'})]}

    def refused(self, code, status, stream, protocol, message='', **options):
        call = getattr(self.client_of(stream, protocol),
                       f'get_{protocol.lower()}_streaming_session_url')
        self.assert_error(code, status, call, StreamName=stream, message=message, **options)

    # the operation

    def test_url(self):
        for protocol, path in (('HLS', '/hls/v1/getHLSMasterPlaylist.m3u8'),
                               ('DASH', '/dash/v1/getDASHManifest.mpd')):
            url = urllib.parse.urlsplit(self.open('cam', protocol))
            base = self.emulator.endpoint('cam', f'GET_{protocol}_STREAMING_SESSION_URL')
            self.assertEqual(f'{url.scheme}://{url.netloc}{url.path}', base + path)
            self.assertRegex(url.query, r'^SessionToken=[A-Za-z0-9_-]{100,}~$')
            other = self.open('cam', protocol)
            self.assertNotEqual(parameter(other, 'SessionToken'),
                                parameter(url.geturl(), 'SessionToken'))

    def test_by_arn(self):
        arn = self.emulator.manifest('cam', 'none')['arn']
        client = self.client_of('cam', 'HLS')
        answer = client.get_hls_streaming_session_url(
            StreamARN=arn, PlaybackMode='ON_DEMAND', HLSFragmentSelector=span())
        self.fetch(answer['HLSStreamingSessionURL'])
        self.assert_error(INVALID, 400, client.get_hls_streaming_session_url,
                          PlaybackMode='ON_DEMAND', HLSFragmentSelector=span())

    def test_ranges_of_numbers_and_choices(self):
        for protocol, most in (('HLS', 'MaxMediaPlaylistFragmentResults'),
                               ('DASH', 'MaxManifestFragmentResults')):
            for name, value, good in (
                    ('Expires', 299, False), ('Expires', 43201, False), ('Expires', 43200, True),
                    ('Expires', 300, True), (most, 0, False), (most, 5001, False),
                    (most, 5000, True), (most, 1, True), ('PlaybackMode', 'NIX', False),
                    ('DisplayFragmentTimestamp', 'NIX', False)):
                self.check_member(protocol, name, value, good)
        for name in ('ContainerFormat', 'DiscontinuityMode'):
            self.check_member('HLS', name, 'NIX', False)
        self.check_member('DASH', 'DisplayFragmentNumber', 'NIX', False)

    def check_member(self, protocol, name, value, good):
        """By hand, as boto3 checks some of it by itself."""
        base = self.emulator.endpoint('cam', f'GET_{protocol}_STREAMING_SESSION_URL')
        status, headers, body = self.emulator.post(
            f'{base}/get{protocol}StreamingSessionURL',
            {'StreamName': 'cam', 'PlaybackMode': 'ON_DEMAND',
             f'{protocol}FragmentSelector': span(), name: value})
        self.assertEqual(status, 200 if good else 400, (name, value, body))
        if not good:
            self.assertTrue(headers['x-amzn-ErrorType'].startswith(INVALID))
            self.assertIn(name[0].lower() + name[1:], body.decode())

    def test_rules(self):
        now = time.time() - START_MS / 1000
        for protocol in ('HLS', 'DASH'):
            selector = f'{protocol}FragmentSelector'

            def refused(mode, chosen, message):
                options = {} if chosen is None else {selector: chosen}
                self.refused(INVALID, 400, 'cam', protocol, message, PlaybackMode=mode, **options)

            refused('LIVE', span(), 'must not be provided')
            for mode in ('ON_DEMAND', 'LIVE_REPLAY'):
                refused(mode, None, 'must be provided')
                refused(mode, {'FragmentSelectorType': PRODUCER}, 'must be provided')
                refused(mode, {'TimestampRange': span()['TimestampRange']}, 'must be provided')
                refused(mode, span(10, 10), 'later than')
                refused(mode, span(10, 9), 'later than')
                refused(mode, span(0, 86401), '24 hours')
                refused(mode, span(now - 60, now + 60, SERVER), 'in the past')
                self.open('cam', protocol, PlaybackMode=mode, **{selector: span(0, 86400)})
            refused('ON_DEMAND', span(0, None), 'EndTimestamp must be provided')
            self.open('cam', protocol, PlaybackMode='LIVE_REPLAY', **{selector: span(0, None)})
            self.open('old', protocol, PlaybackMode='ON_DEMAND',
                      **{selector: span(now - 3600, now + 3600)})
            for start in (now - 7200, now - 3700):
                self.refused(INVALID, 400, 'hour', protocol, 'retention', PlaybackMode='ON_DEMAND',
                             **{selector: span(start, now - 60, SERVER)})
            self.open('hour', protocol, **{selector: span(now - 7200, now - 60, PRODUCER)})

    def test_nothing_to_play(self):
        for protocol in ('HLS', 'DASH'):
            selector = f'{protocol}FragmentSelector'
            self.refused('ResourceNotFoundException', 404, 'cam', protocol, 'No fragments found',
                         PlaybackMode='ON_DEMAND', **{selector: span(100, 200)})
            self.refused('ResourceNotFoundException', 404, 'old', protocol, 'No fragments found',
                         PlaybackMode='LIVE')
            self.refused('NoDataRetentionException', 400, 'none', protocol,
                         PlaybackMode='ON_DEMAND', **{selector: span()})

    def test_codecs(self):
        self.refused('UnsupportedStreamMediaTypeException', 400, 'mulaw', 'HLS', 'A_MS/ACM',
                     PlaybackMode='ON_DEMAND', HLSFragmentSelector=span())
        for name, protocol, codecs in (
                ('cam', 'HLS', r'^avc1\.[0-9A-F]{6},mp4a\.40\.2$'),
                ('h265', 'HLS', r'^hvc1\.1\.6\.L\d+(\.[0-9A-F]+)*,mp4a\.40\.2$'),
                ('audio', 'HLS', r'^mp4a\.40\.2$'), ('mulaw', 'DASH', r'^avc1\.[0-9A-F]{6},ulaw$')):
            url = self.open(name, protocol)
            if protocol == 'HLS':
                named = self.master(url).tags['EXT-X-STREAM-INF'].split('"')[1]
            else:
                named = ','.join(entry.get('codecs')
                                 for entry in self.mpd(url).iter(MPD + 'Representation'))
            self.assertRegex(named, codecs)

    def test_codec_private_data(self):
        for protocol in ('HLS', 'DASH'):
            selector = f'{protocol}FragmentSelector'
            for name, code in (('no-private', 'MissingCodecPrivateDataException'),
                               ('bad-private', 'InvalidCodecPrivateDataException')):
                self.refused(code, 400, name, protocol, PlaybackMode='ON_DEMAND',
                             **{selector: span()})
            # the first fragment counts
            self.fetch(self.open('bad-private', protocol, **{selector: span(1, 9)}))

    # manifests

    def test_master_playlist(self):
        info = self.master(self.open('cam')).tags['EXT-X-STREAM-INF']
        for part in ('RESOLUTION=160x120', 'FRAME-RATE=10.000', 'AUDIO="audio"', 'BANDWIDTH='):
            self.assertIn(part, info)
        master = self.master(self.open('cam', ContainerFormat='MPEG_TS'))
        self.assertNotIn('EXT-X-MEDIA', master.tags)
        self.assertNotIn('AUDIO=', master.tags['EXT-X-STREAM-INF'])

    def test_media_playlist(self):
        for _, playlist in self.media_playlists(self.open('cam')):
            self.assertEqual(playlist.numbers(), self.emulator.numbers('cam'))
            self.assertEqual([tags['EXTINF'] for _, tags in playlist.segments], ['1.000,'] * 5)
            self.assertEqual(playlist.tags['EXT-X-PLAYLIST-TYPE'], 'VOD')
            self.assertEqual(playlist.tags['EXT-X-TARGETDURATION'], '1')
            self.assertIn('EXT-X-INDEPENDENT-SEGMENTS', playlist.tags)
            self.assertTrue(playlist.ended)

    def test_discontinuities_and_dates(self):
        def marks(**options):
            playlist = self.media_playlist(self.open('cam', **options))
            return ['EXT-X-DISCONTINUITY' in tags for _, tags in playlist.segments]

        by_server = {'HLSFragmentSelector': span(kind=SERVER)}
        never, always, gap = [False] * 5, [False] + [True] * 4, [False, False, True, False, False]
        self.assertEqual(marks(), never)
        self.assertEqual(marks(**by_server), always)
        self.assertEqual(marks(DiscontinuityMode='ALWAYS'), always)
        self.assertEqual(marks(DiscontinuityMode='NEVER', **by_server), never)
        for options in ({}, by_server):
            self.assertEqual(marks(DiscontinuityMode='ON_DISCONTINUITY', **options), gap)
        fragments = self.emulator.manifest('cam', 'none')['fragments']
        for options, clock in (({}, 'producerTimestampMs'), (by_server, 'serverTimestampMs')):
            playlist = self.media_playlist(self.open('cam', DisplayFragmentTimestamp='ALWAYS',
                                                     **options))
            dates = [tags['EXT-X-PROGRAM-DATE-TIME'] for _, tags in playlist.segments]
            seconds = [fragment[clock] / 1000 for fragment in fragments]
            self.assertEqual(dates, [time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(value))
                                     + f'.{round(value * 1000) % 1000:03}Z' for value in seconds])
        self.assertNotIn('EXT-X-PROGRAM-DATE-TIME', self.media_playlist(self.open('cam')).tags)

    def test_dash_manifest(self):
        url = self.open('cam', 'DASH', DisplayFragmentTimestamp='ALWAYS',
                        DisplayFragmentNumber='ALWAYS')
        self.assertEqual(self.mpd(url).get('type'), 'static')
        self.assertEqual(self.mpd(url).get('mediaPresentationDuration'), 'PT5.000S')
        fragments = self.emulator.manifest('cam', 'none')['fragments']
        kvs = '{urn:kvs-emulator:kvs}'
        for _, segments in self.dash_segments(url):
            entries = [entry for _, entry in segments]
            self.assertEqual([(entry.get('t'), entry.get('d')) for entry in entries],
                             [(str(i * 1000), '1000') for i in range(5)])
            self.assertEqual([entry.get(kvs + 'fn') for entry in entries],
                             [fragment['number'] for fragment in fragments])
            self.assertEqual([entry.get(kvs + 'ts').replace('.', '') for entry in entries],
                             [str(fragment['producerTimestampMs']) for fragment in fragments])
        plain = [dict(entry.items()) for _, entry in
                 self.dash_segments(self.open('cam', 'DASH'))[0][1]]
        self.assertEqual({name for entry in plain for name in entry}, {'t', 'd'})

    def test_oldest_of_a_range(self):
        numbers = self.emulator.numbers('bulk')
        long = {'HLSFragmentSelector': span(0, 2000)}
        self.assertEqual(self.media_playlist(self.open('bulk', **long)).numbers(), numbers[:1000])
        few = self.open('bulk', MaxMediaPlaylistFragmentResults=7, HLSFragmentSelector=span(10, 30))
        self.assertEqual(self.media_playlist(few).numbers(), numbers[10:17])
        edges = self.open('bulk', HLSFragmentSelector=span(10, 12))
        self.assertEqual(self.media_playlist(edges).numbers(), numbers[10:13])
        dash = self.open('bulk', 'DASH', MaxManifestFragmentResults=9,
                         DASHFragmentSelector=span(10, 30))
        self.assertEqual(len(self.dash_segments(dash)[0][1]), 9)

    def test_ingested_twice(self):
        numbers = self.emulator.numbers('twice')

        def listed(**options):
            return self.media_playlist(self.open('twice', **options)).numbers()

        # a range that two ingestions are in, with another one between them
        self.assertEqual(listed(HLSFragmentSelector=span(0, 100)), numbers[:4])
        self.assertEqual(listed(HLSFragmentSelector=span(4, 100)), numbers[10:])
        self.assertEqual(listed(HLSFragmentSelector=span(0, 1000, SERVER)), numbers)
        # the producer's clock was set back: of two fragments at one time the newer one counts
        step = self.emulator.numbers('step')
        self.assertEqual(self.media_playlist(self.open('step')).numbers(), step[:2] + step[4:])


if __name__ == '__main__':
    main()
