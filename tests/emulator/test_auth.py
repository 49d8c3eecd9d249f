#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Who is let in and who is not: signatures, keys, tokens, dates."""
import datetime
import json
from unittest import mock

from support import EmulatorTest, KEYS
from tap import main

KEY_SETS = [
    {'access-key': KEYS[0], 'secret-key': KEYS[1]},
    {'access-key': 'AKIDTEMP', 'secret-key': 'temporary-secret', 'session-token': 'token+/=value'},
    {'access-key': 'AKIDOLD', 'secret-key': 'old-secret', 'session-token': 'old-token',
     'expiration': '2026-01-01T00:00:00Z'}]


class AuthTest(EmulatorTest):
    CONFIG = {'region': 'eu-central-1', 'credentials': KEY_SETS,
              'streams': [{'name': 'cam', 'recordings': [
                  {'type': 'bulk', 'fragments': 3, 'fragment-size': 2000}]}]}

    def call(self, **options):
        options.setdefault('region', 'eu-central-1')
        return self.emulator.kinesisvideo(**options).describe_stream(StreamName='cam')

    def post(self, path='/describeStream', **options):
        options.setdefault('region', 'eu-central-1')
        status, headers, body = self.emulator.post(self.emulator.url + path,
                                                   {'StreamName': 'cam'}, **options)
        return status, headers.get('x-amzn-ErrorType', '').split(':')[0], json.loads(body)

    def test_accepted(self):
        self.assertEqual(self.call()['StreamInfo']['StreamName'], 'cam')

    def test_every_operation_is_guarded(self):
        for path in ('/getDataEndpoint', '/describeStream', '/listStreams'):
            self.assertEqual(self.post(path, sign=False)[:2],
                             (403, 'MissingAuthenticationTokenException'))
        client = self.emulator.kinesisvideo(region='eu-central-1')
        for api, path in (('LIST_FRAGMENTS', '/listFragments'),
                          ('GET_MEDIA_FOR_FRAGMENT_LIST', '/getMediaForFragmentList')):
            url = client.get_data_endpoint(StreamName='cam', APIName=api)['DataEndpoint']
            path = url[len(self.emulator.url):] + path
            self.assertEqual(self.post(path, keys=(KEYS[0], 'wrong'))[:2],
                             (403, 'InvalidSignatureException'))

    def test_wrong_secret(self):
        self.assert_error('InvalidSignatureException', 403, self.call,
                          keys=(KEYS[0], 'emulator-secreT'), message='does not match')

    def test_unknown_key(self):
        self.assert_error('UnrecognizedClientException', 403, self.call, keys=('AKIDNIX', KEYS[1]))

    def test_wrong_region_and_service(self):
        self.assert_error('InvalidSignatureException', 403, self.call, region='us-east-1',
                          message="valid region, not 'us-east-1'")

        def other_service(headers):
            headers['Authorization'] = headers['Authorization'].replace('/kinesisvideo/', '/s3/')
        self.assertEqual(self.post(change=other_service)[:2], (403, 'InvalidSignatureException'))

    def test_session_tokens(self):
        keys = ('AKIDTEMP', 'temporary-secret')
        self.assertTrue(self.call(keys=keys, token='token+/=value'))
        self.assert_error('UnrecognizedClientException', 403, self.call, keys=keys, token='other')
        self.assert_error('UnrecognizedClientException', 403, self.call, keys=keys)
        self.assert_error('UnrecognizedClientException', 403, self.call, token='unasked')
        self.assert_error('ExpiredTokenException', 403, self.call, keys=('AKIDOLD', 'old-secret'),
                          token='old-token', message='expired')

    def test_clock(self):
        for minutes, message in ((-6, 'Signature expired: '), (6, 'Signature not yet current: ')):
            then = datetime.datetime.utcnow() + datetime.timedelta(minutes=minutes)
            with mock.patch('botocore.auth.datetime') as fake:
                fake.datetime.utcnow.return_value = then
                status, code, body = self.post()
            self.assertEqual((status, code), (403, 'InvalidSignatureException'))
            self.assertIn(message, body['message'])
        then = datetime.datetime.utcnow() - datetime.timedelta(minutes=4)
        with mock.patch('botocore.auth.datetime') as fake:
            fake.datetime.utcnow.return_value = then
            self.assertEqual(self.post()[0], 200)

    def test_what_was_signed_must_not_change(self):
        def content_type(headers):
            headers['Content-Type'] = 'application/x-other'

        def date(headers):
            digit = '8' if headers['X-Amz-Date'][-2] == '9' else '9'
            headers['X-Amz-Date'] = headers['X-Amz-Date'][:-2] + digit + 'Z'

        def signature(headers):
            end = '0' if headers['Authorization'][-1] != '0' else '1'
            headers['Authorization'] = headers['Authorization'][:-1] + end

        def body(headers):
            headers['Content-Length'] = '20'  # the last byte is not read
        for change in (content_type, date, signature, body):
            status, code, answer = self.post(change=change)
            self.assertEqual((status, code), (403, 'InvalidSignatureException'), change.__name__)
            self.assertEqual(list(answer), ['message'])

    def test_headers_that_must_be_signed(self):
        def without(name):
            def change(headers):
                headers['Authorization'] = headers['Authorization'].replace(name, '')
            return change
        for name in ('host;', ';x-amz-date'):
            status, code, body = self.post(change=without(name))
            self.assertEqual((status, code), (403, 'InvalidSignatureException'))
            self.assertIn('must be', body['message'])

    def test_broken_header(self):
        def algorithm(headers):
            headers['Authorization'] = 'Bearer x'

        def no_signature(headers):
            headers['Authorization'] = headers['Authorization'].split(', Signature')[0]
        for change in (algorithm, no_signature):
            self.assertEqual(self.post(change=change)[:2], (400, 'IncompleteSignatureException'))

    def test_no_secret_in_the_log(self):
        self.call(keys=('AKIDTEMP', 'temporary-secret'), token='token+/=value')
        text = self.emulator.log() + json.dumps(self.emulator.requests())
        self.assertIn('DescribeStream', text)
        for secret in (KEYS[1], 'temporary-secret', 'token+/=value', 'Signature='):
            self.assertNotIn(secret, text)


if __name__ == '__main__':
    main()
