#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a stream bears: requests, points, connections, bytes a second."""
import http.client
import json
import time
import unittest
import urllib.error
import urllib.parse

from support import Emulator, EmulatorTest
from tap import main

TOO_MANY = 'ClientLimitExceededException'
TOO_MANY_CONNECTIONS = 'ConnectionLimitExceededException'
FRAGMENTS = 600


def recordings():
    return [{'type': 'bulk', 'fragments': FRAGMENTS, 'fragment-size': 2000, 'frame-size': 500}]


class QuotasTest(EmulatorTest):
    CONFIG = {'streams': [
        {'name': 'cam', 'recordings': recordings()},
        {'name': 'other', 'recordings': recordings()},
        {'name': 'large', 'recordings': [{'type': 'bulk', 'fragments': 3,
                                          'fragment-size': 4000000}]}]}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.urls = {}
        for stream in ('cam', 'other', 'large'):
            cls.urls[stream] = (
                cls.emulator.endpoint(stream, 'LIST_FRAGMENTS') + '/listFragments',
                cls.emulator.endpoint(stream, 'GET_MEDIA_FOR_FRAGMENT_LIST')
                + '/getMediaForFragmentList')
        cls.numbers = {stream: cls.emulator.numbers(stream) for stream in cls.urls}

    def setUp(self):
        self.addCleanup(self.set_quotas, 'none')
        self.addCleanup(self.emulator.set_faults)

    def set_quotas(self, quotas):
        self.emulator.control('quotas', {'quotas': quotas})

    def outcome(self, answer):
        """200, or the error's code."""
        if answer.status == 200:
            return 200
        self.assertEqual(answer.status, 400)
        return answer.head['x-amzn-errortype'].split(':')[0]

    def list(self, stream='cam', count=None):
        body = {'StreamName': stream, 'FragmentSelector': {
            'FragmentSelectorType': 'PRODUCER_TIMESTAMP',
            'TimestampRange': {'StartTimestamp': 0, 'EndTimestamp': 1}}}  # nothing is there
        if count:
            body['MaxResults'] = count
        return self.outcome(self.emulator.raw(self.urls[stream][0], body))

    def media(self, count, stream='cam'):
        return self.outcome(self.media_answer(count, stream))

    def media_answer(self, count, stream='cam'):
        return self.emulator.raw(self.urls[stream][1], {
            'StreamName': stream, 'Fragments': self.numbers[stream][:count]})

    def control_plane(self, path, stream='cam'):
        return self.outcome(self.emulator.raw(self.emulator.url + path, {
            'StreamName': stream, 'APIName': 'LIST_FRAGMENTS'}))

    def test_metadata_points(self):
        """A page costs what was asked for, not what is on it."""
        self.set_quotas({'metadata-points': 300})
        self.assertEqual([self.list(count=290), self.list(count=290)], [200, TOO_MANY])
        self.assertEqual(self.list('other', 300), 200)
        self.assertEqual(self.media(600), 200)
        time.sleep(1)
        self.assertEqual([self.list(), self.list(), self.list(count=290)], [200, 200, TOO_MANY])
        self.assertEqual(self.list(count=301), TOO_MANY)  # never

    def test_points_come_back_evenly(self):
        self.set_quotas({'metadata-points': 1000})
        begin = time.monotonic()
        outcomes = []
        while time.monotonic() < begin + 1.5:
            outcomes.append(self.list(count=250))
        # four at once, then one each quarter of a second
        accepted = outcomes.count(200)
        self.assertLessEqual(accepted, 4 + (time.monotonic() - begin) / 0.25)
        self.assertGreaterEqual(accepted, min(len(outcomes), 7))

    def test_media_points(self):
        self.set_quotas({'media-points': 100})
        self.assertEqual([self.media(95), self.media(95)], [200, TOO_MANY])
        self.assertEqual(self.media(95, 'other'), 200)
        self.assertEqual(self.list(count=1000), 200)
        time.sleep(1)
        self.assertEqual(self.media(101), TOO_MANY)
        self.assertEqual(self.media(100), 200)  # what is refused costs nothing

    def test_requests(self):
        self.set_quotas({'requests': 1})
        for path in ('/getDataEndpoint', '/describeStream'):
            self.assertEqual([self.control_plane(path) for _ in range(2)], [200, TOO_MANY])
            self.assertEqual(self.control_plane(path, 'other'), 200)
        self.assertEqual([self.list() for _ in range(5)], [200] * 5)
        time.sleep(1)
        self.assertEqual(self.control_plane('/describeStream'), 200)

    def open_media(self):
        """A request for a stalled answer, of which the head has come."""
        body, headers = self.emulator.request(self.urls['cam'][1], {
            'StreamName': 'cam', 'Fragments': self.numbers['cam'][:5]})
        parts = urllib.parse.urlsplit(self.urls['cam'][1])
        connection = http.client.HTTPConnection(parts.netloc, timeout=5)
        connection.request('POST', parts.path, body, headers)
        self.addCleanup(connection.close)
        return connection, connection.getresponse()

    def test_connections(self):
        self.set_quotas({'media-connections': 2})
        self.assertEqual([self.media(5) for _ in range(6)], [200] * 6)  # one after the other
        self.emulator.set_faults({'kind': 'stall', 'operation': 'GetMediaForFragmentList',
                                  'request': 1, 'count': 2, 'bytes': 1000})
        held = [self.open_media() for _ in range(2)]
        self.assertEqual([response.status for _, response in held], [200, 200])
        refused = self.media_answer(5)
        self.assertEqual(self.outcome(refused), TOO_MANY_CONNECTIONS)
        self.assertEqual(json.loads(refused.body)['Message'], 'Limit exceeded on number of '
                         "connections for GetMediaForFragmentList API for resource 'cam'")
        self.assertEqual(self.media(5, 'other'), 200)
        self.assertEqual(self.list(), 200)
        held[0][1].close()
        held[0][0].close()
        deadline = time.monotonic() + 5
        while self.media(5) != 200:
            self.assertLess(time.monotonic(), deadline)

    def test_an_error_is_no_connection(self):
        self.set_quotas({'media-connections': 1})
        for fault in ({'kind': 'status'}, {'kind': 'cut', 'bytes': 9}, {'kind': 'reset'},
                      {'kind': 'wrong-content-length', 'extra': -9}):
            self.emulator.set_faults({'operation': 'GetMediaForFragmentList', **fault, 'count': 1})
            self.media_answer(5)
            self.assertEqual(self.media(5), 200, fault)

    def test_bytes_per_second(self):
        size = len(self.media_answer(3, 'large').body)
        self.set_quotas({'bytes-per-second': 20000000})
        begin = time.monotonic()
        self.assertEqual(len(self.media_answer(3, 'large').body), size)
        self.assertGreater(time.monotonic() - begin, size / 20000000 * 0.9)
        # the slower one counts
        self.emulator.set_faults({'kind': 'bytes-per-second', 'rate': 10**9,
                                  'operation': 'GetMediaForFragmentList'})
        begin = time.monotonic()
        self.media_answer(3, 'large')
        self.assertGreater(time.monotonic() - begin, size / 20000000 * 0.9)

    def test_published(self):
        self.set_quotas('published')
        self.assertEqual(self.media(501), TOO_MANY)
        self.assertEqual(self.media(500), 200)
        outcomes = [self.list(count=1000) for _ in range(40)]
        self.assertEqual(outcomes[:10], [200] * 10)
        self.assertIn(TOO_MANY, outcomes)
        outcomes = [self.control_plane('/getDataEndpoint') for _ in range(12)]
        self.assertEqual(outcomes[:5], [200] * 5)
        self.assertIn(TOO_MANY, outcomes)
        begin = time.monotonic()
        size = len(self.media_answer(3, 'large').body)
        self.assertGreater(time.monotonic() - begin, size / 25000000 * 0.9)
        self.emulator.set_faults({'kind': 'stall', 'operation': 'GetMediaForFragmentList',
                                  'request': 1, 'count': 5, 'bytes': 1000})
        time.sleep(0.1)  # points for 5 times 5 fragments
        held = [self.open_media() for _ in range(5)]
        self.assertEqual([response.status for _, response in held], [200] * 5)
        self.assertEqual(self.media(1), TOO_MANY_CONNECTIONS)

    def test_bad_quotas_are_refused(self):
        for quotas, problem in (('many', 'quotas.quotas must be one of none, published'),
                                ({'points': 3}, 'quotas.quotas.points is not a known option'),
                                ({'requests': -1}, 'must be an integer'),
                                (5, 'must be an object')):
            with self.assertRaises(urllib.error.HTTPError) as caught:
                self.set_quotas(quotas)
            self.assertEqual(caught.exception.code, 400)
            self.assertIn(problem, json.load(caught.exception)['error'])


class ConfigurationTest(unittest.TestCase):
    def test_by_configuration(self):
        emulator = Emulator({'quotas': {'requests': 1},
                             'streams': [{'name': 'cam', 'recordings': []}]})
        self.addCleanup(emulator.stop)
        statuses = [emulator.raw(emulator.url + '/describeStream', {'StreamName': 'cam'}).status
                    for _ in range(2)]
        self.assertEqual(statuses, [200, 400])


if __name__ == '__main__':
    main()
