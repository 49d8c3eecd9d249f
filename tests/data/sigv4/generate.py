#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Makes kinesisvideo.json: requests signed by botocore, with fixed dates and dummy keys."""
import datetime
import json
import pathlib
from unittest import mock

import botocore
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

ACCESS_KEY = 'AKIDEXAMPLE'
SECRET_KEY = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
TOKEN = 'FwoGZXIvYXdzEDUMMY//////////wEaDHRva2VuK2V4YW1wbGU='
RANGE = ('{"StreamName":"cam1","MaxResults":100,"FragmentSelector":{"FragmentSelectorType":'
         '"PRODUCER_TIMESTAMP","TimestampRange":{"StartTimestamp":1577156925.312,'
         '"EndTimestamp":1577156985.000}}}')

CASES = [
    ('get-data-endpoint', 'https://kinesisvideo.eu-west-1.amazonaws.com/getDataEndpoint',
     '{"StreamName":"cam1","APIName":"LIST_FRAGMENTS"}', None, 'eu-west-1', '2026-03-01T10:00:00'),
    ('list-fragments-token', 'https://b-0123abcd.kinesisvideo.eu-west-1.amazonaws.com/listFragments',
     RANGE, TOKEN, 'eu-west-1', '2026-12-31T23:59:59'),
    ('port-and-path', 'http://127.0.0.1:8080/kvs/v1/getMediaForFragmentList',
     '{"StreamName":"cam1","Fragments":["91343852333181432392682062607743920955852903233"]}',
     None, 'us-gov-west-1', '2026-02-28T00:00:00'),
    ('default-port', 'https://localhost:443/listFragments', '{}', TOKEN, 'cn-north-1',
     '2024-02-29T12:34:56'),
    ('escaped-path-utf8-body', 'https://localhost:8443/a%20b/~c/getClip',
     '{"StreamName":"\u00e4\u1234"}', None, 'us-east-1', '2026-03-01T10:00:00'),
    ('empty-body', 'https://localhost/listStreams', '', None, 'ap-southeast-2',
     '1999-01-01T00:00:00'),
]


def sign(name, url, body, token, region, time):
    request = AWSRequest('POST', url, {'Content-Type': 'application/json'}, body.encode())
    now = datetime.datetime.fromisoformat(time)
    auth = SigV4Auth(Credentials(ACCESS_KEY, SECRET_KEY, token), 'kinesisvideo', region)
    with mock.patch('botocore.auth.datetime') as clock:
        clock.datetime.utcnow.return_value = now
        auth.add_auth(request)
        canonical = auth.canonical_request(request_without_authorization(request))
        to_sign = auth.string_to_sign(request, canonical)
    return {
        'name': name, 'url': url, 'body': body, 'region': region, 'time': time + 'Z',
        'accessKey': ACCESS_KEY, 'secretKey': SECRET_KEY, 'token': token or '',
        'canonicalRequest': canonical, 'stringToSign': to_sign,
        'authorization': request.headers['Authorization'],
    }


def request_without_authorization(request):
    headers = {k: v for k, v in request.headers.items() if k != 'Authorization'}
    copy = AWSRequest(request.method, request.url, headers, request.data)
    copy.context.update(request.context)
    return copy


if __name__ == '__main__':
    out = pathlib.Path(__file__).with_name('kinesisvideo.json')
    content = {'madeBy': 'botocore ' + botocore.__version__, 'cases': [sign(*c) for c in CASES]}
    out.write_text(json.dumps(content, indent=1) + '\n')
