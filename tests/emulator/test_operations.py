#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every operation through boto3, accepted and refused."""
import json
import re
import unittest

from support import EmulatorTest, Emulator, everything, START_MS
from tap import main

RECORDING = {'type': 'bulk', 'fragments': 250, 'fragment-duration': 2, 'fragment-size': 2000,
             'frame-size': 500}


class OperationsTest(EmulatorTest):
    CONFIG = {'streams': [
        {'name': 'cam', 'retention-hours': 100000, 'media-type': 'video/h264',
         'recordings': [RECORDING]},
        {'name': 'other', 'recordings': [{**RECORDING, 'fragments': 3}]},
        {'name': 'empty', 'retention-hours': 0, 'recordings': [{**RECORDING, 'fragments': 3}]},
        {'name': 'cam.short', 'retention-hours': 1, 'recordings': [
            {**RECORDING, 'fragments': 10, 'start': 'now-68m', 'fragment-duration': 300}]}]}

    # control plane

    def test_get_data_endpoint(self):
        client = self.emulator.kinesisvideo()
        urls = {api: client.get_data_endpoint(StreamName='cam', APIName=api)['DataEndpoint']
                for api in ('LIST_FRAGMENTS', 'GET_MEDIA_FOR_FRAGMENT_LIST', 'GET_CLIP')}
        self.assertEqual(len(set(urls.values())), 3)
        for url in urls.values():
            self.assertTrue(re.fullmatch(re.escape(self.emulator.url) + r'/b-[0-9a-f]{8}', url))

    def test_get_data_endpoint_refused(self):
        call = self.emulator.kinesisvideo().get_data_endpoint
        arn = self.arn('cam')
        self.assert_error('ResourceNotFoundException', 404, call, StreamName='nix',
                          APIName='GET_CLIP', message='not found or not active')
        self.assert_error('InvalidArgumentException', 400, call, APIName='GET_CLIP')
        self.assert_error('InvalidArgumentException', 400, call, StreamName='cam', StreamARN=arn,
                          APIName='GET_CLIP')
        self.assert_error('InvalidArgumentException', 400, call, StreamName='cam', APIName='NIX',
                          message='enum value set')
        self.assert_error('InvalidArgumentException', 400, call, StreamName='a b',
                          APIName='GET_CLIP', message='pattern')

    def arn(self, name):
        return self.emulator.kinesisvideo().describe_stream(
            StreamName=name)['StreamInfo']['StreamARN']

    def test_describe_stream(self):
        info = self.emulator.kinesisvideo().describe_stream(StreamName='cam')['StreamInfo']
        self.assertEqual(info['StreamName'], 'cam')
        self.assertEqual(info['Status'], 'ACTIVE')
        self.assertEqual(info['DataRetentionInHours'], 100000)
        self.assertEqual(info['CreationTime'].timestamp(), 1577836800)
        self.assertTrue(re.fullmatch(
            r'arn:aws:kinesisvideo:us-east-1:\d{12}:stream/cam/1577836800000', info['StreamARN']))
        by_arn = self.emulator.kinesisvideo().describe_stream(StreamARN=info['StreamARN'])
        self.assertEqual(by_arn['StreamInfo'], info)
        self.assert_error('ResourceNotFoundException', 404,
                          self.emulator.kinesisvideo().describe_stream,
                          StreamARN=info['StreamARN'][:-1] + '1')

    def test_list_streams(self):
        client = self.emulator.kinesisvideo()
        names = []
        for page in client.get_paginator('list_streams').paginate(
                PaginationConfig={'PageSize': 2}):
            self.assertLessEqual(len(page['StreamInfoList']), 2)
            names += [info['StreamName'] for info in page['StreamInfoList']]
        self.assertEqual(names, ['cam', 'other', 'empty', 'cam.short'])
        found = client.list_streams(StreamNameCondition={
            'ComparisonOperator': 'BEGINS_WITH', 'ComparisonValue': 'cam'})['StreamInfoList']
        self.assertEqual([info['StreamName'] for info in found], ['cam', 'cam.short'])
        self.assert_error('InvalidArgumentException', 400, client.list_streams, NextToken='AAAA')

    # ListFragments

    def test_pages_are_complete_and_unordered(self):
        pages = self.emulator.list_all('cam', MaxResults=30)
        self.assertTrue(all(len(page) <= 30 for page in pages))
        self.assertTrue(any(len(page) < 30 for page in pages[:-1]), 'no short page')
        listed = [fragment['FragmentNumber'] for page in pages for fragment in page]
        numbers = self.emulator.numbers('cam')
        self.assertEqual(sorted(listed), sorted(numbers))
        self.assertNotEqual(listed, numbers)
        self.assertNotEqual(sorted(listed[:len(pages[0])]), numbers[:len(pages[0])])
        self.assertEqual([len(number) for number in numbers], [47] * len(numbers))

    def test_fragment_fields(self):
        page = self.emulator.list_all('other')[0]
        truth = {entry['number']: entry for entry in self.emulator.manifest('other')['fragments']}
        self.assertEqual(len(page), 3)
        for fragment in page:
            entry = truth[fragment['FragmentNumber']]
            self.assertEqual(round(fragment['ProducerTimestamp'].timestamp() * 1000),
                             entry['producerTimestampMs'])
            self.assertEqual(round(fragment['ServerTimestamp'].timestamp() * 1000),
                             entry['serverTimestampMs'])
            self.assertEqual(fragment['FragmentLengthInMilliseconds'], 2000)
            self.assertEqual(fragment['FragmentSizeInBytes'], entry['sizeBytes'])

    def listed(self, kind, start, end, stream='cam'):
        """Producer times, in ms after the recording's start, of what a range gives."""
        status, _, body = self.emulator.post(
            self.emulator.endpoint(stream, 'LIST_FRAGMENTS') + '/listFragments',
            {'StreamName': stream, 'MaxResults': 1000,
             'FragmentSelector': everything(kind, start, end)})
        self.assertEqual(status, 200, body)
        return sorted(round(fragment['ProducerTimestamp'] * 1000) - START_MS
                      for fragment in json.loads(body)['Fragments'])

    def test_range_tests_starts_and_includes_both_ends(self):
        second = START_MS / 1000
        self.assertEqual(self.listed('PRODUCER_TIMESTAMP', second + 4, second + 8),
                         [4000, 6000, 8000])
        self.assertEqual(self.listed('PRODUCER_TIMESTAMP', second + 4.001, second + 7.999), [6000])
        self.assertEqual(self.listed('PRODUCER_TIMESTAMP', second + 4.5, second + 5), [])
        server = self.emulator.manifest('cam', 'none')['fragments'][2]['serverTimestampMs'] / 1000
        self.assertEqual(self.listed('SERVER_TIMESTAMP', server, server), [4000])

    def test_by_arn_and_token_alone(self):
        client = self.emulator.lister('cam')
        arn = self.arn('cam')
        first = client.list_fragments(StreamARN=arn, MaxResults=10, FragmentSelector=everything())
        token = first['NextToken']
        again = [client.list_fragments(StreamARN=arn, MaxResults=10, NextToken=token)
                 for _ in range(2)]
        self.assertEqual(again[0]['Fragments'], again[1]['Fragments'])
        self.assert_error('InvalidArgumentException', 400, client.list_fragments, StreamName='cam',
                          NextToken=token, FragmentSelector=everything(start=5))
        for bad in ('QUJD', token[:-4] + 'AAA=', 'A' * 100):
            self.assert_error('InvalidArgumentException', 400, client.list_fragments,
                              StreamName='cam', NextToken=bad)
        self.assert_error('InvalidArgumentException', 400, client.list_fragments, StreamName='cam',
                          NextToken='no token', message='pattern')

    def test_list_fragments_refused(self):
        call = self.emulator.lister('cam').list_fragments
        self.assert_error('InternalFailure', 500, call, StreamName='cam')
        self.assert_error('InvalidArgumentException', 400, call, FragmentSelector=everything())
        self.assert_error('InvalidArgumentException', 400, call, StreamName='cam',
                          FragmentSelector=everything(start=2000, end=1000))
        self.assert_error('InvalidArgumentException', 400, call, StreamName='cam',
                          FragmentSelector=everything(kind='NIX'), message='enum value set')
        # another stream's endpoint
        self.assert_error('ResourceNotFoundException', 404, call, StreamName='other',
                          FragmentSelector=everything())

    def test_shapes_refused_on_the_wire(self):
        url = self.emulator.endpoint('cam', 'LIST_FRAGMENTS') + '/listFragments'
        good = {'StreamName': 'cam', 'FragmentSelector': everything()}
        for body, code in (
                ({**good, 'MaxResults': 0}, 'InvalidArgumentException'),
                ({**good, 'MaxResults': 1001}, 'InvalidArgumentException'),
                ({**good, 'MaxResults': '5'}, 'SerializationException'),
                ({**good, 'FragmentSelector': {'FragmentSelectorType': 'SERVER_TIMESTAMP'}},
                 'InvalidArgumentException'),
                ({**good, 'FragmentSelector': everything(start='2026')}, 'SerializationException'),
                ({**good, 'FragmentSelector': everything(end=START_MS)},
                 'InvalidArgumentException'),
                ({**good, 'StreamName': ''}, 'InvalidArgumentException'),
                ({**good, 'StreamName': 'x' * 257}, 'InvalidArgumentException'),
                (b'[1]', 'SerializationException'), (b'{', 'SerializationException')):
            status, headers, answer = self.emulator.post(url, body)
            self.assertEqual(status, 400, body)
            self.assertEqual(headers['x-amzn-ErrorType'],
                             code + ':https://kinesisvideo.amazonaws.com/doc/2017-09-30/')
            self.assertEqual(list(json.loads(answer)), ['Message'])
            self.assertEqual(headers['Content-Type'], 'application/json')
            self.assertTrue(re.fullmatch(r'[0-9a-f-]{36}', headers['x-amzn-RequestId']))

    def test_wire_format_of_pages(self):
        url = self.emulator.endpoint('other', 'LIST_FRAGMENTS') + '/listFragments'
        _, _, body = self.emulator.post(
            url, {'StreamName': 'other', 'MaxResults': 1000, 'FragmentSelector': everything()})
        self.assertRegex(body.decode(), r'"ProducerTimestamp":1\.7723592E9[,}]')
        self.assertRegex(body.decode(), r'"ServerTimestamp":1\.772359\d+E9}')
        keys = list(json.loads(body)['Fragments'][0])
        self.assertEqual(keys, sorted(keys))
        self.assertTrue(body.endswith(b'"NextToken":null}'))

    def test_retention(self):
        self.assertEqual(self.emulator.list_all('empty'), [[]])
        kept = [f for page in self.emulator.list_all('cam.short') for f in page]
        self.assertEqual(len(kept), 8)  # of 10, the first two are older than an hour
        message = 'End timestamp 1772359200000 is outside of the stream retention period.'
        self.assert_error('InvalidArgumentException', 400,
                          self.emulator.lister('cam.short').list_fragments, StreamName='cam.short',
                          FragmentSelector=everything('SERVER_TIMESTAMP', 0, START_MS // 1000),
                          message=message)

    # GetMediaForFragmentList

    def test_media_refused(self):
        call = self.emulator.getter('cam').get_media_for_fragment_list
        number = self.emulator.numbers('cam')[0]
        self.assert_error('InvalidArgumentException', 400, call, StreamName='cam',
                          Fragments=['12x'], message='pattern')
        self.assert_error('InvalidArgumentException', 400, call, StreamName='cam',
                          Fragments=[number] * 1001)
        self.assert_error('InvalidArgumentException', 400, call, Fragments=[number])
        self.assert_error('ResourceNotFoundException', 404, call, StreamName='nix',
                          Fragments=[number])
        self.assert_error('InvalidArgumentException', 400, call, StreamName='cam',
                          Fragments=self.emulator.numbers('other'),
                          message='Fragment numbers are invalid')

    # endpoints and paths

    def test_wrong_endpoint(self):
        call = self.emulator.client('kinesis-video-archived-media',
                                    self.emulator.url).list_fragments
        response = self.assert_error('403', 403, call, StreamName='cam',
                                     FragmentSelector=everything())
        self.assertIn('application/xml', response['ResponseMetadata']['HTTPHeaders']['content-type'])
        media = self.emulator.endpoint('cam', 'GET_MEDIA_FOR_FRAGMENT_LIST')
        status, _, body = self.emulator.post(media + '/listFragments', {'StreamName': 'cam'})
        self.assertEqual(status, 403)
        self.assertIn(b'Unable to determine service/operation name to be authorized', body)

    def test_wrong_path(self):
        for path in ('/ListFragments', '/b-00000000/listFragments', '/nix'):
            status, _, body = self.emulator.post(self.emulator.url + path, {})
            self.assertEqual(status, 200)
            self.assertIn(b'UnknownOperationException', body)


class OptionsTest(unittest.TestCase):
    def test_flat_endpoints_and_any_region(self):
        emulator = Emulator({'streams': [{'name': 'a', 'recordings': [RECORDING]}]},
                            '--flat-endpoints', '--region', '')
        self.addCleanup(emulator.stop)
        client = emulator.kinesisvideo(region='eu-west-3')
        url = client.get_data_endpoint(StreamName='a', APIName='LIST_FRAGMENTS')['DataEndpoint']
        self.assertEqual(url, emulator.url)
        self.assertEqual(sum(len(page) for page in emulator.list_all('a', MaxResults=100)), 250)

    def test_configuration_errors(self):
        for config, message in (
                ({'streams': [{'name': 'a', 'recordins': []}]}, 'recordins is not a known option'),
                ({'streams': [{'name': 'a', 'recordings': [{'fps': 'x'}]}]}, 'fps must be'),
                ({'streams': [{'name': 'a', 'recordings': [{'type': 'raw', 'path': '/nix'}]}]},
                 '/nix'),
                ({'faults': [{'kind': 'nix'}]}, 'not a known kind'),
                ({'streams': [{'name': 'a'}, {'name': 'a'}]}, 'two streams')):
            with self.assertRaisesRegex(RuntimeError, message):
                Emulator(config)


if __name__ == '__main__':
    main()
