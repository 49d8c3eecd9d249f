# SPDX-License-Identifier: LGPL-2.1-or-later
"""Starts kvs-emulator and talks to it, with boto3 and with requests of its own making."""
import http.client
import json
import os
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.parse
import urllib.request

from tap import skip_all

try:
    import boto3
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.config import Config
    from botocore.credentials import Credentials
    from botocore.exceptions import ClientError
except ImportError:
    skip_all('boto3 is not installed')

REGION = 'us-east-1'
KEYS = ('AKIDEMULATOR', 'emulator-secret')
SHARED_DATA = os.environ.get('KVSARCHIVE_SHARED_DATA') or os.path.join(
    os.path.dirname(__file__), '..', '..', '..', 'shared', 'data')
START_MS = 1772359200000  # 2026-03-01T10:00:00Z


def sample(name):
    path = os.path.join(SHARED_DATA, 'getmedia', name)
    if not os.path.exists(path):
        raise unittest.SkipTest(f'{path} is not there')
    return path


class Emulator:
    """A running emulator; config is what goes into its JSON file."""

    def __init__(self, config=None, *arguments):
        self.folder = tempfile.TemporaryDirectory(prefix='kvs-emulator-test-')
        command = [os.environ['KVS_EMULATOR'], *arguments]
        if config is not None:
            path = os.path.join(self.folder.name, 'config.json')
            with open(path, 'w') as file:
                json.dump(config, file)
            command += ['--config', path]
        self.log_path = os.path.join(self.folder.name, 'log.txt')
        begin = time.monotonic()
        with open(self.log_path, 'w') as log:
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
        line = self.process.stdout.readline()
        self.startup_seconds = time.monotonic() - begin
        if not line.startswith('listening on '):
            problem = f'no start: {self.log()}'
            self.stop()
            raise RuntimeError(problem)
        self.url = line.split()[-1]

    def stop(self):
        self.process.terminate()
        status = self.process.wait(10)
        self.process.stdout.close()
        self.folder.cleanup()
        return status

    def log(self):
        with open(self.log_path) as file:
            return file.read()

    def control(self, path, data=None, method=None):
        body = None if data is None else json.dumps(data).encode()
        request = urllib.request.Request(self.url + '/_emulator/' + path, data=body, method=method)
        with urllib.request.urlopen(request) as response:
            return json.load(response)

    def manifest(self, stream, frames=''):
        return self.control(f'manifest?stream={stream}&frames={frames}')

    def requests(self, operation=None):
        return [entry for entry in self.control('requests')
                if operation in (None, entry['operation'])]

    def set_faults(self, *faults):
        self.control('faults', {'faults': list(faults)})

    # boto3

    def client(self, service, url, keys=KEYS, region=REGION, token=None):
        return boto3.client(service, endpoint_url=url, region_name=region,
                            aws_access_key_id=keys[0], aws_secret_access_key=keys[1],
                            aws_session_token=token,
                            config=Config(retries={'max_attempts': 1, 'total_max_attempts': 1}))

    def kinesisvideo(self, **options):
        return self.client('kinesisvideo', self.url, **options)

    def endpoint(self, stream, api):
        return self.kinesisvideo().get_data_endpoint(StreamName=stream, APIName=api)['DataEndpoint']

    def lister(self, stream):
        return self.client('kinesis-video-archived-media', self.endpoint(stream, 'LIST_FRAGMENTS'))

    def getter(self, stream):
        return self.client('kinesis-video-archived-media',
                           self.endpoint(stream, 'GET_MEDIA_FOR_FRAGMENT_LIST'))

    def list_all(self, stream, selector=None, **options):
        """All pages, as a list of lists."""
        client = self.lister(stream)
        pages = []
        token = {}
        while True:
            answer = client.list_fragments(StreamName=stream, **token, **options,
                                           FragmentSelector=selector or everything())
            pages.append(answer['Fragments'])
            if not answer.get('NextToken'):
                return pages
            token = {'NextToken': answer['NextToken']}

    def media(self, stream, numbers):
        answer = self.getter(stream).get_media_for_fragment_list(StreamName=stream,
                                                                 Fragments=numbers)
        return answer['Payload'].read()

    def numbers(self, stream):
        return [fragment['number'] for fragment in self.manifest(stream, 'none')['fragments']]

    # requests of our own making

    def request(self, url, body, keys=KEYS, region=REGION, sign=True, headers=None):
        """Body and headers of a request."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        request = AWSRequest('POST', url, data=data,
                             headers={'Content-Type': 'application/json', **(headers or {})})
        if sign:
            SigV4Auth(Credentials(*keys), 'kinesisvideo', region).add_auth(request)
        return data, dict(request.headers.items())

    def raw(self, url, body, to_end=False, **options):
        """Posts over a socket of its own; what came back, see RawAnswer."""
        data, headers = self.request(url, body, **options)
        path, host = urllib.parse.urlsplit(url).path, urllib.parse.urlsplit(url).netloc
        lines = [f'POST {path} HTTP/1.1', f'Host: {host}', f'Content-Length: {len(data)}',
                 *(f'{name}: {value}' for name, value in headers.items()), '', '']
        with socket.create_connection(host.split(':'), timeout=1) as connection:
            connection.sendall('\r\n'.join(lines).encode() + data)
            return RawAnswer(connection, to_end)

    def raw_media(self, stream, numbers, **options):
        url = self.endpoint(stream, 'GET_MEDIA_FOR_FRAGMENT_LIST') + '/getMediaForFragmentList'
        return self.raw(url, {'StreamName': stream, 'Fragments': numbers}, **options)

    def raw_list(self, stream, **options):
        url = self.endpoint(stream, 'LIST_FRAGMENTS') + '/listFragments'
        return self.raw(url, {'StreamName': stream, 'FragmentSelector': everything(), **options})

    def post(self, url, body, change=None, **options):
        """Returns status, headers and body. `change` may spoil the headers after signing."""
        data, sent = self.request(url, body, **options)
        if change:
            change(sent)
        parts = urllib.parse.urlsplit(url)
        connection = http.client.HTTPConnection(parts.netloc, timeout=20)
        connection.request('POST', parts.path, body=data, headers=sent)
        response = connection.getresponse()
        content = response.read()
        connection.close()
        return response.status, response.headers, content


class RawAnswer:
    """An answer as the bytes of its connection. `ending`: what came behind them, 'complete'
    (the body ended as its framing says), 'closed', 'reset' or 'silence' (for a second).
    With `to_end` it reads on behind a complete body, into `excess`."""

    def __init__(self, connection, to_end=False):
        self.status = None
        self.head = {}
        self.ending = None
        self.pending = bytearray()
        self.content = bytearray()
        self.at_end = False
        while not self.ending:
            try:
                data = connection.recv(1 << 20)
                self.ending = None if data else 'closed'
                self.pending += data
            except ConnectionResetError:
                self.ending = 'reset'
            except socket.timeout:
                self.ending = 'silence'
            if self.status is None:
                self.take_head()
            if self.status is not None:
                self.take_body()
            if self.at_end and not to_end:
                self.ending = 'complete'
        self.body = bytes(self.content)
        self.excess = bytes(self.pending)

    def take_head(self):
        head, separator, _ = self.pending.partition(b'\r\n\r\n')
        if not separator:
            return
        del self.pending[:len(head) + 4]
        status, *lines = head.decode().split('\r\n')
        self.status = int(status.split()[1])
        self.head = {name.lower(): value for name, value in
                     (line.split(': ', 1) for line in lines)}

    def take_body(self):
        if 'content-length' in self.head:
            size = int(self.head['content-length']) - len(self.content)
            self.content += self.pending[:size]
            del self.pending[:size]
            self.at_end = len(self.content) == int(self.head['content-length'])
        while not self.at_end and (end := self.pending.find(b'\r\n')) >= 0:
            size = int(self.pending[:end], 16)
            whole = len(self.pending) >= end + size + 4
            if not whole and not self.ending:
                return
            self.content += self.pending[end + 2:end + 2 + size]
            del self.pending[:end + size + 4]
            self.at_end = whole and size == 0


def everything(kind='PRODUCER_TIMESTAMP', start=0, end=4000000000):
    return {'FragmentSelectorType': kind,
            'TimestampRange': {'StartTimestamp': start, 'EndTimestamp': end}}


class EmulatorTest(unittest.TestCase):
    """A test case whose class has one emulator, started with CONFIG."""
    CONFIG = None

    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator(cls.CONFIG)

    @classmethod
    def tearDownClass(cls):
        complaints = [line for line in cls.emulator.log().splitlines()
                      if 'WARNING' in line or 'CRITICAL' in line]
        assert not complaints, complaints
        status = cls.emulator.stop()
        assert status == 0, f'the emulator ended with status {status}'

    def assert_error(self, code, status, call, *arguments, message=None, **options):
        with self.assertRaises(ClientError) as caught:
            call(*arguments, **options)
        response = caught.exception.response
        self.assertEqual(response['Error']['Code'], code)
        self.assertEqual(response['ResponseMetadata']['HTTPStatusCode'], status)
        if message:
            self.assertIn(message, response['Error']['Message'])
        return response
