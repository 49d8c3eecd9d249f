#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""HLS and DASH sessions while time goes by: live media, replay, expiry of tokens."""
import time
import urllib.request

from sessions import SessionTest, get, parameter, span
from support import main

FORBIDDEN = 'NotAuthorizedException'
SERVER = 'SERVER_TIMESTAMP'
BULK = {'type': 'bulk', 'fragments': 20, 'fragment-duration': 1, 'fragment-size': 2000,
        'frame-size': 500}
LIVE_MS = 500
LIVE = {**BULK, 'fragments': 80, 'fragment-duration': LIVE_MS / 1000, 'start': 'now-10s',
        'live': True}


class SessionLifeTest(SessionTest):
    CONFIG = {'streams': [{'name': 'cam', 'recordings': [BULK]},
                          {'name': 'live', 'recordings': [LIVE]}]}

    def set_clock(self, seconds):
        self.emulator.control('clock', {'offset': seconds})

    # live media

    def ended_by(self, before_ms, after_ms):
        """Numbers of the live fragments that had ended at one time, and at another."""
        fragments = self.emulator.manifest('live', 'none')['fragments']
        return [[fragment['number'] for fragment in fragments
                 if fragment['serverTimestampMs'] + fragment['lengthMs'] <= moment]
                for moment in (before_ms, after_ms)]

    def numbers_now(self, ask):
        """What is listed, and how many there may have been meanwhile."""
        before = time.time() * 1000
        listed = ask()
        return listed, self.ended_by(before, time.time() * 1000 + 1)

    def test_listing_of_live_media(self):
        def ask():
            return sorted(fragment['FragmentNumber'] for page in self.emulator.list_all('live')
                          for fragment in page)

        for _ in range(2):
            listed, (least, most) = self.numbers_now(ask)
            self.assertIn(listed, (least, most))
            self.assertGreater(len(listed), 10)
            time.sleep(LIVE_MS / 1000)
        self.assertLess(len(listed), 80)
        early = self.emulator.numbers('live')[-1]
        body = self.emulator.media('live', [early])
        self.assertIn(b'FRAGMENT_NOT_FOUND', body)

    def test_live(self):
        url = self.open('live', PlaybackMode='LIVE', MaxMediaPlaylistFragmentResults=4)
        first = self.check_live(lambda: self.media_playlist(url), 4)
        time.sleep(2.5 * LIVE_MS / 1000)
        second = self.check_live(lambda: self.media_playlist(url), 4)
        moved = int(second.tags['EXT-X-MEDIA-SEQUENCE']) - int(first.tags['EXT-X-MEDIA-SEQUENCE'])
        self.assertGreaterEqual(moved, 2)
        everything = self.emulator.numbers('live')
        self.assertEqual(moved, everything.index(second.numbers()[0])
                         - everything.index(first.numbers()[0]))
        # by server time each fragment is marked, those that have left the list are counted
        self.assertEqual(first.tags['EXT-X-DISCONTINUITY-SEQUENCE'], '0')
        self.assertEqual(second.tags['EXT-X-DISCONTINUITY-SEQUENCE'], str(moved - 1))
        for child, _ in first.segments:  # what has been seen stays there
            self.fetch(child)
        self.assertEqual(len(self.media_playlist(self.open('live', PlaybackMode='LIVE')).numbers()),
                         5)

    def check_live(self, ask, count):
        playlist, (least, most) = self.numbers_now(ask)
        self.assertFalse(playlist.ended)
        self.assertNotIn('EXT-X-PLAYLIST-TYPE', playlist.tags)
        self.assertIn(playlist.numbers(), (least[-count:], most[-count:]))
        return playlist

    def test_live_dash(self):
        url = self.open('live', 'DASH', PlaybackMode='LIVE', MaxManifestFragmentResults=3)

        def state():
            manifest = self.mpd(url)
            self.assertEqual(manifest.get('type'), 'dynamic')
            segments = self.dash_segments(url)[0][1]
            self.assertEqual(len(segments), 3)
            times = [int(entry.get('t')) for _, entry in segments]
            self.assertEqual([b - a for a, b in zip(times, times[1:])], [LIVE_MS] * 2)
            return (manifest.get('availabilityStartTime'), times[0],
                    int(parameter(segments[0][0], 'FragmentNumber')))

        first = state()
        time.sleep(2.5 * LIVE_MS / 1000)
        second = state()
        self.assertEqual(first[0], second[0])
        self.assertGreaterEqual(second[2] - first[2], 2)
        self.assertEqual(second[1] - first[1], LIVE_MS * (second[2] - first[2]))

    def test_silence_ends_live_sessions(self):
        urls = [self.open('live', PlaybackMode='LIVE'),
                self.open('live', 'DASH', PlaybackMode='LIVE')]
        urls[0] = self.media_playlists(urls[0])[0][0]
        self.set_clock(80)
        for url in urls:
            self.assert_refused(get(url), 404, 'ResourceNotFoundException', 'No fragments found')
        call = self.client_of('live', 'HLS').get_hls_streaming_session_url
        self.assert_error('ResourceNotFoundException', 404, call, StreamName='live',
                          PlaybackMode='LIVE')

    # replay

    def test_replay(self):
        """One more fragment each time that the next one's length has passed."""
        numbers = self.emulator.numbers('cam')
        url = self.open('cam', PlaybackMode='LIVE_REPLAY', HLSFragmentSelector=span(2, 11),
                        MaxMediaPlaylistFragmentResults=5, Expires=3000)
        variant = self.media_playlists(url)[0][0]

        def listed(seconds):
            self.set_clock(seconds)
            return self.media_playlist(url)

        self.assertEqual(listed(0).numbers(), numbers[2:5])
        self.assertEqual(listed(1.5).numbers(), numbers[2:6])
        playlist = listed(4.5)
        self.assertEqual(playlist.numbers(), numbers[4:9])
        self.assertEqual(playlist.tags['EXT-X-MEDIA-SEQUENCE'], '3')
        self.assertFalse(playlist.ended)
        playlist = listed(7.5)
        self.assertEqual(playlist.numbers(), numbers[7:12])
        self.assertFalse(playlist.ended)
        self.assertTrue(listed(8.5).ended)
        self.assertEqual(listed(1000).numbers(), numbers[7:12])
        self.assertEqual(get(variant).status, 200)
        self.set_clock(0)
        endless = self.open('cam', PlaybackMode='LIVE_REPLAY', HLSFragmentSelector=span(12, None))
        self.set_clock(200)
        self.assertFalse(self.media_playlist(endless).ended)

    def test_replay_dash(self):
        url = self.open('cam', 'DASH', PlaybackMode='LIVE_REPLAY', DASHFragmentSelector=span(2, 7))
        self.assertEqual(self.mpd(url).get('type'), 'dynamic')
        self.assertEqual(len(self.dash_segments(url)[0][1]), 3)
        self.set_clock(2.5)
        self.assertEqual(len(self.dash_segments(url)[0][1]), 5)
        self.set_clock(4.5)
        self.assertEqual(self.mpd(url).get('type'), 'static')

    # tokens

    def test_expiry(self):
        for protocol, options in (('HLS', {}), ('HLS', {'ContainerFormat': 'MPEG_TS'}),
                                  ('DASH', {})):
            self.set_clock(0)
            urls = self.children(protocol=protocol, Expires=600, **options)
            self.set_clock(598)
            for url in urls[1:-1] if options else urls:  # no transport stream of filler
                self.fetch(url)
            self.set_clock(601)
            for url in urls:
                self.assert_refused(get(url), 403, FORBIDDEN, 'token is expired')

    def test_shorter_than_asked(self):
        urls = self.children()
        self.emulator.control('sessions', {'max-session-seconds': 0.4})
        time.sleep(0.3)
        short = self.open('cam')
        self.fetch(short)
        time.sleep(0.45)
        for url in [*urls, short]:
            self.assert_refused(get(url), 403, FORBIDDEN, 'token is expired')
        self.emulator.control('sessions', {'max-session-seconds': 0})
        self.fetch(short)

    def test_wrong_tokens_and_children(self):
        for protocol in ('HLS', 'DASH'):
            urls = self.children(protocol=protocol)
            token = parameter(urls[0], 'SessionToken')
            for url in urls:
                self.assert_refused(get(url.replace(token, token[:-2] + 'x~')), 403, FORBIDDEN)
                self.assert_refused(get(url.replace('SessionToken', 'Token')), 403, FORBIDDEN)
            self.assert_refused(get(urls[-1].replace('TrackNumber=1', 'TrackNumber=7')), 400,
                                'InvalidArgumentException')
            number = parameter(urls[-1], 'FragmentNumber')
            other = self.emulator.numbers('live')[0]
            self.assert_refused(get(urls[-1].replace(f'FragmentNumber={number}',
                                                      f'FragmentNumber={other}')), 404,
                                'ResourceNotFoundException')
        # elsewhere: another protocol, another stream's endpoint, another method
        self.assertEqual(get(urls[0].replace('/dash/v1/getDASHManifest.mpd',
                                             '/hls/v1/getHLSMasterPlaylist.m3u8')).status, 403)
        base = self.emulator.endpoint('live', 'GET_DASH_STREAMING_SESSION_URL')
        self.assertEqual(get(base + urls[0][urls[0].index('/dash/'):]).status, 403)
        request = urllib.request.Request(urls[0], data=b'{}', method='POST')
        with urllib.request.urlopen(request) as response:
            self.assertIn(b'UnknownOperationException', response.read())

    def test_tokens_are_in_no_log(self):
        urls = self.children()
        get(urls[-1] + 'x')
        token = parameter(urls[0], 'SessionToken')
        self.assertNotIn(token, str(self.emulator.requests()))
        self.assertNotIn(token, self.emulator.log())


if __name__ == '__main__':
    main()
