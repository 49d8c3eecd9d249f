#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Endpoints that move, keys that are replaced, a clock that is wrong."""
import datetime
import email.utils
import json
import time
import urllib.error

from support import KEYS, Emulator, EmulatorTest, everything
from tap import main

LIST = 'LIST_FRAGMENTS'
MEDIA = 'GET_MEDIA_FOR_FRAGMENT_LIST'


def recordings():
    return [{'type': 'bulk', 'fragments': 3, 'fragment-size': 2000, 'frame-size': 500}]


class AccessTest(EmulatorTest):
    CONFIG = {'streams': [{'name': 'cam', 'recordings': recordings()},
                          {'name': 'other', 'recordings': recordings()}]}

    def refused(self, path, data):
        """The message of a control request that is answered 400."""
        with self.assertRaises(urllib.error.HTTPError) as caught:
            self.emulator.control(path, data)
        self.assertEqual(caught.exception.code, 400)
        return json.load(caught.exception)['error']


class EndpointsTest(AccessTest):
    def setUp(self):
        self.addCleanup(self.emulator.set_faults)

    def list_at(self, endpoint, stream='cam'):
        return self.emulator.raw(endpoint + '/listFragments',
                                 {'StreamName': stream, 'FragmentSelector': everything()})

    def assert_denied(self, answer):
        self.assertEqual((answer.status, answer.head['content-type'], answer.ending),
                         (403, 'application/xml', 'complete'))
        self.assertIn(b'<AccessDeniedException>', answer.body)

    def test_fault(self):
        old, media, other = (self.emulator.endpoint(stream, api) for stream, api in
                             (('cam', LIST), ('cam', MEDIA), ('other', LIST)))
        self.emulator.set_faults({'kind': 'moved-endpoint', 'request': 2, 'stream': 'cam'})
        self.assertEqual(self.list_at(old).status, 200)
        for _ in range(3):
            self.assert_denied(self.list_at(old))
        new = self.emulator.endpoint('cam', LIST)
        self.assertNotEqual(new, old)
        self.assertEqual(self.emulator.endpoint('cam', LIST), new)
        self.assertEqual(self.list_at(new).status, 200)
        # the other one of the stream has moved as well, that of another stream has not
        body = {'StreamName': 'cam', 'Fragments': self.emulator.numbers('cam')}
        self.assert_denied(self.emulator.raw(media + '/getMediaForFragmentList', body))
        self.assertGreater(len(self.emulator.media('cam', body['Fragments'])), 3000)
        self.assertEqual(self.list_at(other, 'other').status, 200)
        self.assertEqual(self.emulator.endpoint('other', LIST), other)

    def test_fault_with_reset(self):
        old = self.emulator.endpoint('cam', LIST)
        self.emulator.set_faults({'kind': 'moved-endpoint', 'count': 1, 'old': 'reset'})
        for _ in range(2):
            answer = self.list_at(old)
            self.assertEqual((answer.status, answer.ending), (None, 'reset'))
        self.assertEqual(self.list_at(self.emulator.endpoint('cam', LIST)).status, 200)

    def test_other_operations_are_not_met(self):
        self.emulator.set_faults({'kind': 'moved-endpoint'})
        first = self.emulator.endpoint('cam', LIST)
        self.assertEqual(self.emulator.endpoint('cam', LIST), first)

    def test_control_port(self):
        old, other = self.emulator.endpoint('cam', LIST), self.emulator.endpoint('other', LIST)
        self.emulator.control('move-endpoints', {'stream': 'cam'})
        self.assert_denied(self.list_at(old))
        self.assertEqual(self.list_at(other, 'other').status, 200)
        self.emulator.control('move-endpoints', {'old': 'reset'})
        self.assertEqual(self.list_at(other, 'other').ending, 'reset')
        self.assert_denied(self.list_at(old))
        self.assertEqual(len({old, self.emulator.endpoint('cam', LIST)}), 2)
        self.assertIn('move-endpoints.old must be one of',
                      self.refused('move-endpoints', {'old': 'x'}))

    def test_flat_endpoints(self):
        emulator = Emulator(self.CONFIG, '--flat-endpoints')
        self.addCleanup(emulator.stop)
        emulator.set_faults({'kind': 'moved-endpoint', 'count': 1})
        self.assertEqual(emulator.raw_list('cam').status, 403)
        self.assertEqual(emulator.raw_list('cam').status, 200)


class CredentialsTest(AccessTest):
    def tearDown(self):
        self.set_keys(self.key(*KEYS))

    def set_keys(self, *sets):
        self.emulator.control('credentials', {'credentials': list(sets)})

    @staticmethod
    def key(access, secret, **more):
        return {'access-key': access, 'secret-key': secret, **more}

    def call(self, keys=KEYS, **options):
        return self.emulator.kinesisvideo(keys=keys, **options).list_streams()['StreamInfoList']

    def test_replaced(self):
        self.assertEqual(len(self.call()), 2)
        new = ('AKIDNEW', 'new-secret')
        self.set_keys(self.key(*new))
        self.assert_error('UnrecognizedClientException', 403, self.call)
        self.assertEqual(len(self.call(new)), 2)
        self.set_keys()
        self.assert_error('UnrecognizedClientException', 403, self.call, new)

    def test_expiry_while_it_runs(self):
        old, new = ('AKIDOLD', 'old-secret'), ('AKIDNEW', 'new-secret')
        self.set_keys({**self.key(*old), 'session-token': 'one', 'expiration': 'now+1s'},
                      {**self.key(*new), 'session-token': 'two', 'expiration': 'now+1h'})
        begin = time.monotonic()
        self.assertEqual(len(self.call(old, token='one')), 2)
        time.sleep(max(0, begin + 1.1 - time.monotonic()))
        self.assert_error('ExpiredTokenException', 403, self.call, old, token='one')
        self.assertEqual(len(self.call(new, token='two')), 2)

    def test_wrong_lists_change_nothing(self):
        self.assertIn('credentials[0].secret-key is missing', self.refused(
            'credentials', {'credentials': [{'access-key': 'x'}]}))
        self.assertIn('is missing', self.refused('credentials', {}))
        self.assertIn('not a known option', self.refused('credentials', {
            'credentials': [self.key('x', 'y', expires=3)]}))
        self.assertEqual(len(self.call()), 2)

    def test_no_secret_in_the_log(self):
        new = ('AKIDNEW', 'very-secret')
        self.set_keys(self.key(*new))
        self.call(new)
        self.assertNotIn('very-secret', self.emulator.log())


class ClockTest(AccessTest):
    def tearDown(self):
        self.emulator.control('clock', {'offset': 0})

    def ask(self, emulator=None):
        """The answer, and by how many seconds its Date is ahead."""
        emulator = emulator or self.emulator
        answer = emulator.raw(emulator.url + '/listStreams', {})
        date = email.utils.parsedate_to_datetime(answer.head['date'])
        ahead = (date - datetime.datetime.now(datetime.timezone.utc)).total_seconds()
        return answer, ahead

    def assert_offset(self, seconds, status, message='', emulator=None):
        answer, ahead = self.ask(emulator)
        self.assertEqual(answer.status, status)
        self.assertAlmostEqual(ahead, seconds, delta=3)
        if message:
            text = json.loads(answer.body)['message']
            self.assertIn('InvalidSignatureException', answer.head['x-amzn-errortype'])
            self.assertRegex(text, message)

    def test_offset(self):
        stamp = r'\d{8}T\d{6}Z'
        self.assert_offset(0, 200)
        self.emulator.control('clock', {'offset': 3600})
        self.assert_offset(3600, 403, fr'^Signature expired: {stamp} is now earlier than {stamp} '
                                      fr'\({stamp} - 5 min\.\)$')
        self.emulator.control('clock', {'offset': -86400})
        self.assert_offset(-86400, 403, fr'^Signature not yet current: {stamp} is still later '
                                        fr'than {stamp} \({stamp} \+ 5 min\.\)$')
        self.emulator.control('clock', {'offset': 200.5})
        self.assert_offset(200.5, 200)
        self.emulator.control('clock', {'offset': 0})
        self.assert_offset(0, 200)

    def test_offset_by_configuration(self):
        emulator = Emulator({'streams': [], 'clock-offset': 900})
        self.addCleanup(emulator.stop)
        self.assert_offset(900, 403, '^Signature expired', emulator)

    def test_date_of_errors(self):
        self.emulator.control('clock', {'offset': 100})
        self.emulator.set_faults({'kind': 'status'})
        self.addCleanup(self.emulator.set_faults)
        self.assert_offset(100, 503)

    def test_wrong_offset(self):
        self.assertIn('clock.offset must be', self.refused('clock', {'offset': 'x'}))
        self.assertIn('not a known option', self.refused('clock', {'offest': 3}))
        self.assert_offset(0, 200)


if __name__ == '__main__':
    main()
