#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""HLS and DASH sessions while time goes by: live media, replay, expiry of tokens. It is the
service's clock that is moved on, in steps that are long beside what a slow machine needs."""
import datetime
import time
import urllib.request

from sessions import SessionTest, get, parameter, span
from tap import main

FORBIDDEN = 'NotAuthorizedException'
LENGTH = 10  # of fragments, seconds
BULK = {'type': 'bulk', 'fragments': 20, 'fragment-duration': LENGTH, 'fragment-size': 2000,
        'frame-size': 500}
LIVE = {**BULK, 'fragments': 30, 'start': 'now-200s', 'live': True}


class SessionLifeTest(SessionTest):
    CONFIG = {'streams': [{'name': 'cam', 'recordings': [BULK]},
                          {'name': 'live', 'recordings': [LIVE]}]}

    offset = 0

    def set_clock(self, seconds):
        self.offset = seconds
        self.emulator.control('clock', {'offset': seconds})

    # live media

    def ended_by_now(self):
        """How many of the live fragments have ended."""
        now = (time.time() + self.offset) * 1000
        return sum(fragment['serverTimestampMs'] + fragment['lengthMs'] <= now
                   for fragment in self.emulator.manifest('live', 'none')['fragments'])

    def with_count(self, ask):
        """What is answered, and the numbers of fragments there may have been meanwhile."""
        before = self.ended_by_now()
        return ask(), range(before, self.ended_by_now() + 1)

    def test_listing_of_live_media(self):
        numbers = self.emulator.numbers('live')

        def ask():
            return sorted(fragment['FragmentNumber'] for page in self.emulator.list_all('live')
                          for fragment in page)

        for offset in (0, 2.5 * LENGTH):
            self.set_clock(offset)
            listed, counts = self.with_count(ask)
            self.assertIn(len(listed), counts)
            self.assertEqual(listed, numbers[:len(listed)])
            self.assertTrue(10 < len(listed) < 30)
        self.assertIn(b'FRAGMENT_NOT_FOUND', self.emulator.media('live', numbers[-1:]))

    def test_live(self):
        url = self.open('live', PlaybackMode='LIVE', MaxMediaPlaylistFragmentResults=4)
        first = self.check_live(url, 4)
        self.set_clock(2.5 * LENGTH)
        second = self.check_live(url, 4)
        everything = self.emulator.numbers('live')
        places = [everything.index(playlist.numbers()[0]) for playlist in (first, second)]
        sequences = [int(playlist.tags['EXT-X-MEDIA-SEQUENCE']) for playlist in (first, second)]
        self.assertGreaterEqual(sequences[1] - sequences[0], 2)
        self.assertEqual(sequences[1] - sequences[0], places[1] - places[0])
        # by server time each one but the session's first is marked; those that have left count
        for playlist, sequence in zip((first, second), sequences):
            self.assertEqual(int(playlist.tags['EXT-X-DISCONTINUITY-SEQUENCE']),
                             max(0, sequence - 2))
        for child, _ in first.segments:  # what has been seen stays there
            self.fetch(child)
        self.assertEqual(len(self.media_playlist(self.open('live', PlaybackMode='LIVE')).numbers()),
                         5)

    def test_live_by_the_producers_clock(self):
        url = self.open('live', PlaybackMode='LIVE', DisplayFragmentTimestamp='ALWAYS',
                        HLSFragmentSelector={'FragmentSelectorType': 'PRODUCER_TIMESTAMP'})
        playlist = self.check_live(url, 5)
        self.assertNotIn('EXT-X-DISCONTINUITY', playlist.tags)
        times = {fragment['number']: fragment['producerTimestampMs']
                 for fragment in self.emulator.manifest('live', 'none')['fragments']}
        for number, (_, tags) in zip(playlist.numbers(), playlist.segments):
            date = datetime.datetime.fromisoformat(
                tags['EXT-X-PROGRAM-DATE-TIME'].replace('Z', '+00:00'))
            self.assertEqual(round(date.timestamp() * 1000), times[number])

    def check_live(self, url, size):
        playlist, counts = self.with_count(lambda: self.media_playlist(url))
        self.assertFalse(playlist.ended)
        self.assertNotIn('EXT-X-PLAYLIST-TYPE', playlist.tags)
        numbers = self.emulator.numbers('live')
        self.assertIn(playlist.numbers(), [numbers[count - size:count] for count in counts])
        return playlist

    def test_live_dash(self):
        url = self.open('live', 'DASH', PlaybackMode='LIVE', MaxManifestFragmentResults=3)

        def state():
            manifest = self.mpd(url)
            self.assertEqual(manifest.get('type'), 'dynamic')
            segments = self.dash_segments(url)[0][1]
            self.assertEqual(len(segments), 3)
            times = [int(entry.get('t')) for _, entry in segments]
            self.assertEqual([b - a for a, b in zip(times, times[1:])], [LENGTH * 1000] * 2)
            return (manifest.get('availabilityStartTime'), times[0],
                    int(parameter(segments[0][0], 'FragmentNumber')))

        first = state()
        self.set_clock(2.5 * LENGTH)
        second = state()
        self.assertEqual(first[0], second[0])
        self.assertGreaterEqual(second[2] - first[2], 2)
        self.assertEqual(second[1] - first[1], LENGTH * 1000 * (second[2] - first[2]))

    def test_silence_ends_live_sessions(self):
        urls = [self.open('live', PlaybackMode='LIVE'),
                self.open('live', 'DASH', PlaybackMode='LIVE')]
        urls[0] = self.media_playlists(urls[0])[0][0]
        self.set_clock(200)
        for url in urls:
            self.assert_refused(get(url), 404, 'ResourceNotFoundException', 'No fragments found')
        call = self.client_of('live', 'HLS').get_hls_streaming_session_url
        self.assert_error('ResourceNotFoundException', 404, call, StreamName='live',
                          PlaybackMode='LIVE')

    # replay

    def test_replay(self):
        """One more fragment each time that the next one's length has passed."""
        numbers = self.emulator.numbers('cam')
        url = self.open('cam', PlaybackMode='LIVE_REPLAY', HLSFragmentSelector=span(20, 110),
                        MaxMediaPlaylistFragmentResults=5, Expires=3000)
        variant = self.media_playlists(url)[0][0]

        def listed(seconds):
            self.set_clock(seconds)
            return self.media_playlist(url)

        self.assertEqual(listed(0).numbers(), numbers[2:5])
        self.assertEqual(listed(15).numbers(), numbers[2:6])
        playlist = listed(45)
        self.assertEqual(playlist.numbers(), numbers[4:9])
        self.assertEqual(playlist.tags['EXT-X-MEDIA-SEQUENCE'], '3')
        self.assertFalse(playlist.ended)
        playlist = listed(75)
        self.assertEqual(playlist.numbers(), numbers[7:12])
        self.assertFalse(playlist.ended)
        self.assertTrue(listed(85).ended)
        self.assertEqual(listed(1000).numbers(), numbers[7:12])
        self.assertEqual(get(variant).status, 200)
        self.set_clock(0)
        endless = self.open('cam', PlaybackMode='LIVE_REPLAY', HLSFragmentSelector=span(120, None))
        self.set_clock(200)
        self.assertFalse(self.media_playlist(endless).ended)

    def test_replay_dash(self):
        url = self.open('cam', 'DASH', PlaybackMode='LIVE_REPLAY',
                        DASHFragmentSelector=span(20, 70))
        self.assertEqual(self.mpd(url).get('type'), 'dynamic')
        self.assertEqual(len(self.dash_segments(url)[0][1]), 3)
        available = self.mpd(url).get('availabilityStartTime')
        begin = datetime.datetime.fromisoformat(available.replace('Z', '+00:00')).timestamp()
        self.assertTrue(-1 < time.time() - 30 - begin < 9)
        self.set_clock(25)
        self.assertEqual(len(self.dash_segments(url)[0][1]), 5)
        self.assertEqual(self.mpd(url).get('availabilityStartTime'), available)
        self.set_clock(45)
        self.assertEqual(self.mpd(url).get('type'), 'static')

    # tokens

    def test_expiry(self):
        for protocol, options in (('HLS', {}), ('HLS', {'ContainerFormat': 'MPEG_TS'}),
                                  ('DASH', {})):
            self.set_clock(0)
            urls = self.children(protocol=protocol, Expires=600, **options)
            self.set_clock(590)
            for url in urls[1:-1] if options else urls:  # no transport stream of filler
                self.fetch(url)
            self.set_clock(601)
            for url in urls:
                self.assert_refused(get(url), 403, FORBIDDEN, 'token is expired')

    def test_shorter_than_asked(self):
        self.emulator.control('sessions', {'max-session-seconds': 100})
        urls = self.children()
        self.set_clock(90)
        later = self.open('cam')
        for url in [*urls, later]:
            self.fetch(url)
        self.set_clock(101)
        for url in urls:
            self.assert_refused(get(url), 403, FORBIDDEN, 'token is expired')
        self.fetch(later)
        self.emulator.control('sessions', {'max-session-seconds': 0.001})
        self.assert_refused(get(later), 403, FORBIDDEN, 'token is expired')
        self.emulator.control('sessions', {})
        for url in [*urls, later]:
            self.fetch(url)

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
