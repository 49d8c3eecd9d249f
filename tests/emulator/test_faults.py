#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Faults on demand, the request log, HTTPS, the end of the process."""
import http.client
import json
import os
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.parse

import ebml
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ResponseStreamingError
from support import KEYS, REGION, Emulator, EmulatorTest, everything
from tap import main

PREFIX = 'AWS_KINESISVIDEO_'
FRAGMENT = 300000


class FaultsTest(EmulatorTest):
    CONFIG = {'streams': [{'name': 'cam', 'recordings': [
        {'type': 'bulk', 'fragments': 5, 'fragment-size': FRAGMENT}]}]}

    def setUp(self):
        self.numbers = self.emulator.numbers('cam')
        self.addCleanup(self.emulator.set_faults)

    def list(self):
        return self.emulator.lister('cam').list_fragments(StreamName='cam',
                                                          FragmentSelector=everything())

    def media_request(self, numbers):
        """Sends a signed request; returns the connection."""
        url = self.emulator.endpoint('cam', 'GET_MEDIA_FOR_FRAGMENT_LIST')
        request = AWSRequest('POST', url + '/getMediaForFragmentList',
                             data=json.dumps({'StreamName': 'cam', 'Fragments': numbers}))
        SigV4Auth(Credentials(*KEYS), 'kinesisvideo', REGION).add_auth(request)
        parts = urllib.parse.urlsplit(request.url)
        connection = http.client.HTTPConnection(parts.netloc, timeout=0.5)
        connection.request('POST', parts.path, request.data, dict(request.headers.items()))
        self.addCleanup(connection.close)
        return connection

    def read_cut(self, numbers):
        """Bytes of the body until the connection breaks, which it must."""
        response = self.media_request(numbers).getresponse()
        with self.assertRaises(http.client.IncompleteRead) as caught:
            response.read()
        return caught.exception.partial

    def test_status_of_one_request(self):
        self.emulator.set_faults({'kind': 'status', 'operation': 'ListFragments', 'request': 2,
                                  'status': 400, 'code': 'ClientLimitExceededException',
                                  'message': 'Limit exceeded'})
        self.list()
        self.assert_error('ClientLimitExceededException', 400, self.list, message='Limit exceeded')
        self.list()

    def test_status_of_some_and_of_every_request(self):
        self.emulator.set_faults({'kind': 'status', 'operation': 'ListFragments', 'request': 1,
                                  'count': 2})
        for _ in range(2):
            self.assert_error('ServiceUnavailableException', 503, self.list)
        self.list()
        self.emulator.set_faults({'kind': 'status', 'request': 'every', 'status': 403,
                                  'body': 'xml', 'message': 'Go away'})
        status, _, body = self.emulator.post(self.emulator.url + '/listStreams', {})
        self.assertEqual((status, b'Go away' in body and b'<AccessDenied' in body), (403, True))

    def test_bodies(self):
        """Each with the Content-Type that it has; with status 200, too."""
        for status in (200, 500):
            for body, kind, content in (
                    ('json', 'application/json', b'{"Message":"Hm"}'),
                    ('output', 'application/json', b'{"Output":{"__type":"com.amazon.coral.service'
                     b'#Xy","message":"Hm"},"Version":"1.0"}'),
                    ('xml', 'application/xml', b'<Xy>\n  <Message>Hm</Message>\n</Xy>\n'),
                    ('html', 'text/html', b'<html><body><h1>%d Hm</h1></body></html>\n' % status),
                    ('none', None, b'')):
                self.emulator.set_faults({
                    'kind': 'status', 'operation': 'GetMediaForFragmentList', 'status': status,
                    'body': body, 'code': 'Xy', 'message': 'Hm'})
                answer = self.emulator.raw_media('cam', self.numbers)
                self.assertEqual((answer.status, answer.head.get('content-type'), answer.body),
                                 (status, kind, content))
        self.emulator.set_faults({'kind': 'status', 'status': 200, 'body': 'html',
                                  'content-type': 'video/webm', 'operation': 'ListFragments'})
        self.assertEqual(self.emulator.raw_list('cam').head['content-type'], 'video/webm')

    def test_redirect(self):
        self.emulator.set_faults({'kind': 'redirect', 'location': 'http://127.0.0.1:1/x'})
        status, headers, _ = self.emulator.post(self.emulator.url + '/listStreams', {})
        self.assertEqual((status, headers['Location']), (302, 'http://127.0.0.1:1/x'))

    def test_cut(self):
        whole = self.emulator.media('cam', self.numbers)
        for count in (0, 1, 1000, FRAGMENT * 2 + 17, len(whole)):
            self.emulator.set_faults({'kind': 'cut', 'bytes': count,
                                      'operation': 'GetMediaForFragmentList'})
            self.assertEqual(self.read_cut(self.numbers), whole[:count])
        self.emulator.set_faults({'kind': 'cut', 'fragment': self.numbers[3], 'bytes': 100})
        at = whole.find(self.numbers[3].encode())
        begin = whole.rfind(bytes.fromhex('1a45dfa3'), 0, at)
        self.assertEqual(self.read_cut(self.numbers), whole[:begin + 100])
        self.emulator.set_faults({'kind': 'cut', 'bytes': 5, 'operation': 'ListFragments'})
        url = self.emulator.endpoint('cam', 'LIST_FRAGMENTS') + '/listFragments'
        with self.assertRaises(http.client.IncompleteRead) as caught:
            self.emulator.post(url, {'StreamName': 'cam', 'FragmentSelector': everything()})
        self.assertEqual(caught.exception.partial, b'{"Fra')

    def test_cut_as_boto3_sees_it(self):
        self.emulator.set_faults({'kind': 'cut', 'bytes': 4000, 'fragment-index': 2})
        with self.assertRaises(ResponseStreamingError):
            self.emulator.media('cam', self.numbers)

    def test_stall(self):
        for stage in ('before-headers', 'after-headers', 'in-body'):
            self.emulator.set_faults({'kind': 'stall', 'stage': stage, 'bytes': 70000,
                                      'operation': 'GetMediaForFragmentList'})
            connection = self.media_request(self.numbers)
            if stage == 'before-headers':
                self.assertRaises(socket.timeout, connection.getresponse)
            else:
                response = connection.getresponse()
                if stage == 'in-body':
                    self.assertEqual(len(response.read(70000)), 70000)
                self.assertRaises(socket.timeout, response.read, 1)
            connection.close()
        # the emulator notices that its clients have gone
        self.wait_for(lambda: all(entry['finished'] for entry in self.emulator.requests()))

    def wait_for(self, condition):
        deadline = time.monotonic() + 5
        while not condition():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.02)

    def test_stall_that_ends(self):
        whole = self.emulator.media('cam', self.numbers[:1])
        for stage in ('before-headers', 'after-headers', 'in-body'):
            self.emulator.set_faults({'kind': 'stall', 'stage': stage, 'seconds': 0.3,
                                      'operation': 'GetMediaForFragmentList'})
            begin = time.monotonic()
            self.assertEqual(self.emulator.media('cam', self.numbers[:1]), whole)
            self.assertGreater(time.monotonic() - begin, 0.29)

    def test_latency_and_rate(self):
        self.emulator.set_faults({'kind': 'latency', 'ms': 300, 'operation': 'ListFragments'},
                                 {'kind': 'bytes-per-second', 'rate': 1000000,
                                  'operation': 'GetMediaForFragmentList'})
        begin = time.monotonic()
        self.list()
        self.assertGreater(time.monotonic() - begin, 0.29)
        begin = time.monotonic()
        self.assertGreater(len(self.emulator.media('cam', self.numbers[:2])), 2 * FRAGMENT * 0.95)
        self.assertTrue(0.5 < time.monotonic() - begin < 1.5, time.monotonic() - begin)

    def served(self):
        chunks = [ebml.Chunk(body) for body in
                  ebml.split_chunks(self.emulator.media('cam', self.numbers))]
        return chunks, [chunk.tag(PREFIX + 'FRAGMENT_NUMBER') for chunk in chunks]

    def test_in_band_errors(self):
        self.emulator.set_faults({'kind': 'in-band-error', 'fragment': self.numbers[1], 'request': 1,
                                  'code': 'INTERNAL', 'id': 5000},
                                 {'kind': 'in-band-error', 'fragment-index': 3, 'request': 1,
                                  'tag-names': 'long'})
        chunks, numbers = self.served()
        self.assertEqual(numbers, self.numbers)
        self.assertEqual(chunks[1].tags[:2], [(PREFIX + 'ERROR_CODE', 'INTERNAL'),
                                              (PREFIX + 'ERROR_ID', '5000')])
        self.assertEqual(chunks[2].tags[1:], [
            (PREFIX + 'EXCEPTION_ERROR_CODE', '3000'),
            (PREFIX + 'EXCEPTION_MESSAGE', 'FRAGMENT_NOT_FOUND')])
        self.assertTrue(all(chunk.frames for chunk in self.served()[0]))

    def test_missing_and_reordered_chunks(self):
        first, second, third, fourth, fifth = self.numbers
        self.emulator.set_faults({'kind': 'missing', 'fragment': third})
        self.assertEqual(self.served()[1], [first, second, fourth, fifth])
        self.emulator.set_faults({'kind': 'reorder'})
        self.assertEqual(self.served()[1], self.numbers[::-1])
        self.emulator.set_faults({'kind': 'reorder', 'fragment': second})
        self.assertEqual(self.served()[1], [first, third, fourth, fifth, second])

    def test_bad_lists_are_refused(self):
        for fault in ({'kind': 'nix'}, {'kind': 'cut', 'bites': 3}, {'kind': 'cut', 'request': 0}):
            status, _, body = self.emulator.post(self.emulator.url + '/_emulator/faults',
                                                 {'faults': [fault]}, sign=False)
            self.assertEqual(status, 400)
            self.assertIn(b'faults.faults[0].', body)

    def test_request_log(self):
        self.emulator.control('requests', method='DELETE')
        self.emulator.set_faults({'kind': 'missing', 'fragment-index': 1})
        self.emulator.lister('cam').list_fragments(StreamName='cam', MaxResults=7,
                                                   FragmentSelector=everything())
        body = self.emulator.media('cam', self.numbers[:2])
        self.assert_error('ResourceNotFoundException', 404,
                          self.emulator.kinesisvideo().describe_stream, StreamName='nix')
        endpoint, listing, _, media, describe = self.emulator.requests()
        self.assertEqual((endpoint['operation'], endpoint['stream']), ('GetDataEndpoint', 'cam'))
        self.assertEqual((listing['operation'], listing['maxResults'], listing['status']),
                         ('ListFragments', 7, 200))
        self.assertEqual((media['fragments'], media['faults'], media['bytes'], media['complete']),
                         (self.numbers[:2], ['missing'], len(body), True))
        self.assertEqual((describe['status'], describe['errorCode']),
                         (404, 'ResourceNotFoundException'))
        self.assertNotEqual(listing['connection'], media['connection'])


class ProcessTest(unittest.TestCase):
    RECORDING = {'type': 'bulk', 'fragments': 3, 'fragment-size': 2000}

    def test_request_log_file_and_manifest_file(self):
        with tempfile.TemporaryDirectory() as folder:
            log, manifest = (os.path.join(folder, name) for name in ('log', 'manifest'))
            emulator = Emulator({'streams': [{'name': 'a', 'recordings': [self.RECORDING]}],
                                 'faults': [{'kind': 'status', 'operation': 'DescribeStream'}]},
                                '--request-log', log, '--manifest', manifest)
            emulator.list_all('a')
            with open(manifest) as file:
                self.assertEqual(json.load(file)['streams'][0], emulator.manifest('a'))
            self.assertEqual(emulator.stop(), 0)
            with open(log) as file:
                lines = [json.loads(line) for line in file]
            self.assertEqual([line['operation'] for line in lines],
                             ['GetDataEndpoint', 'ListFragments'])

    def test_ends_while_a_client_waits(self):
        emulator = Emulator({'streams': [], 'faults': [{'kind': 'stall',
                                                        'stage': 'before-headers'}]})
        waiting = socket.create_connection(urllib.parse.urlsplit(emulator.url).netloc.split(':'))
        waiting.sendall(b'POST /listStreams HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n')
        time.sleep(0.1)
        emulator.process.send_signal(signal.SIGINT)
        self.assertEqual(emulator.process.wait(5), 0)
        waiting.close()
        emulator.stop()

    def test_https(self):
        with tempfile.TemporaryDirectory() as folder:
            key, certificate = (os.path.join(folder, name) for name in ('key.pem', 'cert.pem'))
            subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout',
                            key, '-out', certificate, '-days', '2', '-subj', '/CN=localhost',
                            '-addext', 'subjectAltName=IP:127.0.0.1'], check=True,
                           capture_output=True)
            os.environ['AWS_CA_BUNDLE'] = certificate
            self.addCleanup(os.environ.pop, 'AWS_CA_BUNDLE')
            emulator = Emulator({'streams': [{'name': 'a', 'recordings': [self.RECORDING]}]},
                                '--tls-cert', certificate, '--tls-key', key)
            self.addCleanup(emulator.stop)
            self.assertRegex(emulator.endpoint('a', 'GET_CLIP'), r'^https://127\.0\.0\.1:\d+/b-')
            numbers = [fragment['FragmentNumber'] for fragment in emulator.list_all('a')[0]]
            self.assertGreater(len(emulator.media('a', numbers)), 3 * 1500)


if __name__ == '__main__':
    main()
