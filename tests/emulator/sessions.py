# SPDX-License-Identifier: LGPL-2.1-or-later
"""What tests of streaming sessions share: opening them and fetching what their URLs lead to."""
import json
import re
import urllib.error
import urllib.parse
import urllib.request
import xml.etree.ElementTree

from support import EmulatorTest, START_MS

MPD = '{urn:mpeg:dash:schema:mpd:2011}'
MEMBER = {'HLS': 'HLSStreamingSessionURL', 'DASH': 'DASHStreamingSessionURL'}


def span(start=0, end=1000, kind='PRODUCER_TIMESTAMP'):
    """A selector, in seconds from the usual start of recordings."""
    limits = {'StartTimestamp': start, 'EndTimestamp': end}
    return {'FragmentSelectorType': kind,
            'TimestampRange': {name: START_MS / 1000 + value for name, value in limits.items()
                               if value is not None}}


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body
        self.text = body.decode('utf-8', 'replace')
        self.code = headers.get('x-amzn-ErrorType', '').split(':')[0]

    @property
    def message(self):
        return json.loads(self.text).get('Message')


def get(url):
    """Fetches as a player does: without a signature."""
    try:
        with urllib.request.urlopen(url, timeout=20) as response:
            return Answer(response.status, response.headers, response.read())
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.headers, error.read())


class Playlist:
    """A playlist: its tags, and URLs with the tags that stand before each of them."""

    def __init__(self, url, text):
        self.lines = text.splitlines()
        assert self.lines[0] == '#EXTM3U'
        self.tags = {}
        self.segments = []
        before = []
        for line in self.lines[1:]:
            if line.startswith('#'):
                name, _, value = line[1:].partition(':')
                self.tags.setdefault(name, value)
                before.append((name, value))
            else:
                self.segments.append((urllib.parse.urljoin(url, line), dict(before)))
                before = []
        self.ended = self.lines[-1] == '#EXT-X-ENDLIST'

    def numbers(self):
        return [parameter(url, 'FragmentNumber') for url, _ in self.segments]

    def map_url(self, url):
        return urllib.parse.urljoin(url, re.search('URI="(.*)"', self.tags['EXT-X-MAP'])[1])


def parameter(url, name):
    return urllib.parse.parse_qs(urllib.parse.urlsplit(url).query).get(name, [None])[0]


class SessionTest(EmulatorTest):
    """Each test leaves the emulator's clock, quotas and faults as they were."""

    def setUp(self):
        self.addCleanup(self.emulator.control, 'clock', {'offset': 0})
        self.addCleanup(self.emulator.control, 'sessions', {})
        self.addCleanup(self.emulator.control, 'quotas', {'quotas': 'none'})
        self.addCleanup(self.emulator.set_faults)

    def client_of(self, stream, protocol):
        return self.emulator.client('kinesis-video-archived-media', self.emulator.endpoint(
            stream, f'GET_{protocol}_STREAMING_SESSION_URL'))

    def open(self, stream, protocol='HLS', **options):
        """URL of a session; ON_DEMAND of all there is, if nothing else is said."""
        options.setdefault('PlaybackMode', 'ON_DEMAND')
        if options['PlaybackMode'] != 'LIVE':
            options.setdefault(f'{protocol}FragmentSelector', span())
        call = getattr(self.client_of(stream, protocol),
                       f'get_{protocol.lower()}_streaming_session_url')
        return call(StreamName=stream, **options)[MEMBER[protocol]]

    def fetch(self, url):
        answer = get(url)
        self.assertEqual(answer.status, 200, answer.text[:300])
        return answer

    def master(self, url):
        return Playlist(url, self.fetch(url).text)

    def media_playlists(self, url):
        """URL and playlist of the variant and of the audio rendition, if there is one."""
        master = self.master(url)
        urls = [master.segments[0][0]]
        audio = re.search('URI="(.*)"', master.tags.get('EXT-X-MEDIA', ''))
        if audio:
            urls.append(urllib.parse.urljoin(url, audio[1]))
        return [(child, Playlist(child, self.fetch(child).text)) for child in urls]

    def media_playlist(self, url):
        return self.media_playlists(url)[0][1]

    def mpd(self, url):
        return xml.etree.ElementTree.fromstring(self.fetch(url).text)

    def dash_segments(self, url):
        """Of each adaptation set: URL of the init segment, URLs of segments with their S."""
        sets = []
        for adaptation in self.mpd(url).iter(MPD + 'AdaptationSet'):
            template = adaptation.find(MPD + 'SegmentTemplate')
            first = int(template.get('startNumber'))
            segments = [(urllib.parse.urljoin(
                url, template.get('media').replace('$Number$', str(first + i))), entry)
                for i, entry in enumerate(template.iter(MPD + 'S'))]
            sets.append((urllib.parse.urljoin(url, template.get('initialization')), segments))
        return sets

    def frames(self, stream, kind):
        return [frame for frame in self.emulator.manifest(stream)['frames']
                if frame['trackType'] == kind]

    def assert_refused(self, answer, status, code, message=''):
        self.assertEqual((answer.status, answer.code), (status, code))
        self.assertIn(message, answer.message)

    def children(self, stream='cam', protocol='HLS', **options):
        """URLs of one of each that a player asks for."""
        url = self.open(stream, protocol, **options)
        if protocol == 'DASH':
            init, segments = self.dash_segments(url)[0]
            return [url, init, segments[0][0]]
        variant, playlist = self.media_playlists(url)[0]
        urls = [url, variant]
        if 'EXT-X-MAP' in playlist.tags:
            urls.append(playlist.map_url(variant))
        return urls + [playlist.segments[0][0]]
