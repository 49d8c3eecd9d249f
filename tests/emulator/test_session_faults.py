#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What players of HLS and DASH sessions meet when they ask too often, and by faults."""
import time
import urllib.error

from sessions import SessionTest, get, span
from tap import main

TOO_MANY = 'ClientLimitExceededException'
BULK = {'type': 'bulk', 'fragments': 20, 'fragment-duration': 1, 'fragment-size': 2000,
        'frame-size': 500}


class SessionFaultsTest(SessionTest):
    CONFIG = {'streams': [{'name': 'cam', 'recordings': [BULK]},
                          {'name': 'tight', 'recordings': [BULK]}]}

    # quotas

    def test_quotas(self):
        urls = {**dict(zip('master playlist init media'.split(), self.children('tight'))),
                'other': self.children('tight')[3]}
        self.emulator.control('quotas', {'quotas': {'session-manifests': 1}})
        for name in ('master', 'playlist', 'init'):
            self.assertEqual([get(urls[name]).code for _ in range(2)], ['', TOO_MANY], name)
        self.assertEqual([get(urls['media']).status for _ in range(3)], [200] * 3)
        self.emulator.control('quotas', {'quotas': {'session-fragments': 1}})
        self.assertEqual([get(urls['media']).code for _ in range(2)], ['', TOO_MANY])
        self.assertEqual([get(urls['init']).status for _ in range(3)], [200] * 3)
        self.assertEqual(get(urls['other']).status, 200)
        self.emulator.control('quotas', {'quotas': {'sessions': 1}})
        base = self.emulator.endpoint('tight', 'GET_HLS_STREAMING_SESSION_URL')
        body = {'StreamName': 'tight', 'PlaybackMode': 'ON_DEMAND', 'HLSFragmentSelector': span()}
        self.assertEqual([self.emulator.post(base + '/getHLSStreamingSessionURL', body)[0]
                          for _ in range(2)], [200, 400])

    def test_points(self):
        """A playlist costs what it may list, a segment one point."""
        url = self.open('tight', MaxMediaPlaylistFragmentResults=600)
        (variant, playlist), = self.media_playlists(url)
        self.emulator.control('quotas', {'quotas': {'metadata-points': 1000, 'media-points': 2}})
        self.assertEqual([get(variant).status for _ in range(2)], [200, 400])
        self.assertEqual([get(playlist.segments[0][0]).status for _ in range(3)], [200, 200, 400])
        entry = self.emulator.requests('GetHLSMediaPlaylist')[-1]
        self.assertEqual((entry['maxResults'], entry['stream']), (600, 'tight'))

    # faults

    def test_faults(self):
        for protocol, operations in (
                ('HLS', ('GetHLSMasterPlaylist', 'GetHLSMediaPlaylist', 'GetMP4InitFragment',
                         'GetMP4MediaFragment')),
                ('DASH', ('GetDASHManifest', 'GetMP4InitFragment', 'GetMP4MediaFragment'))):
            urls = dict(zip(operations, self.children(protocol=protocol)))
            for operation, url in urls.items():
                self.emulator.set_faults({'kind': 'status', 'operation': operation, 'status': 503,
                                          'count': 1},
                                         {'kind': 'throttle', 'operation': operation,
                                          'request': 2})
                outcomes = {name: [get(other).status for _ in range(3)]
                            for name, other in urls.items()}
                self.assertEqual(outcomes, {name: [503, 400, 200] if name == operation
                                            else [200] * 3 for name in urls})
            self.emulator.set_faults({'kind': 'throttle', 'operation':
                                      f'Get{protocol}StreamingSessionURL', 'count': 1})
            with self.assertRaises(Exception) as caught:
                self.open('cam', protocol)
            self.assertEqual(caught.exception.response['Error']['Code'], TOO_MANY)
            self.open('cam', protocol)

    def test_faults_of_bytes(self):
        url = self.open('cam')
        playlist = self.media_playlist(url)
        segments = [child for child, _ in playlist.segments]
        good = self.fetch(segments[2]).body
        fault = {'operation': 'GetMP4MediaFragment', 'fragment': playlist.numbers()[2],
                 'bytes': 1000}
        self.emulator.set_faults({**fault, 'kind': 'end-early'})
        self.assertEqual(self.fetch(segments[2]).body, good[:1000])
        self.assertEqual(len(self.fetch(segments[1]).body), len(good))
        self.emulator.set_faults({**fault, 'kind': 'garbage'})
        self.assertNotEqual(self.fetch(segments[2]).body, good)
        places = {place: self.cut_at(segments[2], fault, place)
                  for place in ('mid-header', 'block-edge', 'mid-block')}
        mdat = good.index(b'mdat') - 4
        self.assertLess(places['mid-header'], mdat)
        self.assertEqual(places['block-edge'], mdat)
        self.assertEqual(places['mid-block'], (mdat + len(good)) // 2)
        for kind in ('cut', 'reset'):
            self.emulator.set_faults({**fault, 'kind': kind})
            with self.assertRaises(Exception):
                get(segments[2])
        self.emulator.set_faults({**fault, 'kind': 'stall', 'seconds': 0.3})
        begin = time.monotonic()
        self.assertEqual(self.fetch(segments[2]).body, good)
        self.assertGreater(time.monotonic() - begin, 0.29)
        entry = self.emulator.requests('GetMP4MediaFragment')[-1]
        self.assertEqual((entry['fragments'], entry['faults']), ([fault['fragment']], ['stall']))

    def cut_at(self, url, fault, place):
        self.emulator.set_faults({'operation': fault['operation'], 'kind': 'end-early',
                                  'at': place})
        return len(self.fetch(url).body)

    def test_moved_endpoint(self):
        urls = self.children()
        self.emulator.set_faults({'kind': 'moved-endpoint', 'operation': 'GetMP4MediaFragment'})
        for url in reversed(urls):
            self.assertEqual(get(url).status, 403)
        self.fetch(self.open('cam'))

    def test_bad_settings_are_refused(self):
        for path, data in (('sessions', {'seconds': 3}), ('sessions', {'max-session-seconds': -1}),
                           ('faults', {'faults': [{'kind': 'missing',
                                                   'operation': 'GetTSFragment'}]})):
            with self.assertRaises(urllib.error.HTTPError) as caught:
                self.emulator.control(path, data)
            self.assertEqual(caught.exception.code, 400)


if __name__ == '__main__':
    main()
