# SPDX-License-Identifier: LGPL-2.1-or-later
"""Local stand-ins for all that hands out credentials. The access key tells what was asked for, and by
whom: 'A.by.D' is role A, assumed with the key D."""
import http.server
import json
import re
import threading
import urllib.parse

REGION = 'eu-west-1'  # of who asks, where a case sets no other
SECRET = 'hush'  # all secrets have it
EXPIRES = '2099-01-01T00:00:00Z'
STS_ANSWER = '''<{0}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{0}Result><Credentials>\
<AccessKeyId>{1}</AccessKeyId><SecretAccessKey>hush</SecretAccessKey><SessionToken>hush</SessionToken>\
<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></{0}Result>\
<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></{0}Response>'''
STS_ERROR = '''<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>\
<Code>AccessDenied</Code><Message>no</Message></Error><RequestId>1</RequestId></ErrorResponse>'''

# Metadata services by their first path segment: status of the token, role, its document.
IMDS_ROLE = 'latest/meta-data/iam/security-credentials/'
IMDS = {
    'imds': (200, 'R', {}),
    'imds-without-tokens': (404, 'R', {'AccessKeyId': 'IMDSV1'}),
    'imds-that-forbids-tokens': (403, 'R', {'AccessKeyId': 'IMDSV1'}),
    'imds-with-bad-tokens': (400, 'R', {}),
    'imds-without-role': (200, None, {}),
    'imds-with-failed-role': (200, 'R', {'Code': 'AssumeRoleUnauthorizedAccess', 'Message': 'no',
                                         'AccessKeyId': None}),
    'imds-with-expired-keys': (200, 'R', {'Expiration': '2020-01-01T00:00:00Z'}),
}


def keys(key, **other):
    """The JSON of container and metadata service."""
    members = {'Code': 'Success', 'AccessKeyId': key, 'SecretAccessKey': 'hush', 'Token': 'hush',
               'Expiration': EXPIRES, **other}
    return json.dumps({name: value for name, value in members.items() if value is not None})


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def reply(self, text, content_type='application/json', status=200):
        body = text.encode()
        self.send_response(status)
        self.send_header('Content-Type', content_type)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def body(self):
        return self.rfile.read(int(self.headers['Content-Length'])).decode()

    def first_and_rest(self):
        return self.path.lstrip('/').partition('/')[::2]

    def do_GET(self):
        first, rest = self.first_and_rest()
        if first in IMDS:
            self.imds(rest, *IMDS[first])
        elif first == 'federation':
            self.portal()
        elif first == 'container-of-keys':
            self.reply(keys('LASTING', Token=None, Expiration=None))
        elif first == 'container':
            authorization = self.headers['Authorization']
            self.reply(keys('CONTAINER' + ('.' + authorization if authorization else '')))
        else:
            self.reply('{"message": "no"}', status=403)

    def do_PUT(self):
        status = IMDS[self.first_and_rest()[0]][0]
        self.reply('imds-hush' if status == 200 else 'no', 'text/plain', status)

    def imds(self, path, token_status, role, members):
        if token_status == 200 and self.headers['x-aws-ec2-metadata-token'] != 'imds-hush':
            self.reply('no', 'text/plain', 401)
        elif path == 'latest/meta-data/placement/region':
            self.reply('ap-south-1', 'text/plain')
        elif path == IMDS_ROLE and role:
            self.reply(role, 'text/plain')
        elif path == f'{IMDS_ROLE}{role}':
            self.reply(keys(**{'key': 'IMDS', **members}))
        else:
            self.reply('no', 'text/plain', 404)

    def portal(self):
        """The SSO portal."""
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))
        token = self.headers['x-amz-sso_bearer_token']
        if token in ('REVOKED', 'EXPIRED'):
            self.send_response(401)
            self.send_header('x-amzn-ErrorType', 'UnauthorizedException')
            self.send_header('Content-Length', '0')
            self.end_headers()
            return
        key = f'{query["role_name"]}.in.{query["account_id"]}.with.{token}'
        self.reply(json.dumps({'roleCredentials': {
            'accessKeyId': key, 'secretAccessKey': 'hush', 'sessionToken': 'hush',
            'expiration': 4070908800000}}))

    def do_POST(self):
        if self.path.endswith('/token'):
            refresh = json.loads(self.body())['refreshToken']
            if refresh == 'REVOKED':
                self.reply('{"error": "invalid_grant"}', status=400)
            else:
                self.reply(json.dumps({'accessToken': 'RENEWED', 'expiresIn': 28800,
                                       'tokenType': 'Bearer'}))
            return
        self.sts(dict(urllib.parse.parse_qsl(self.body())))

    def sts(self, form):
        operation = form['Action']
        role = form['RoleArn'].rpartition('/')[2]
        if role == 'Forbidden':
            self.reply(STS_ERROR, 'text/xml', 403)
            return
        if operation == 'AssumeRole':
            signer, region = re.search(r'Credential=([^ ]+)/\d{8}/([^/]+)/sts/',
                                       self.headers['Authorization']).groups()
            key = f'{role}.by.{signer}' + (f'@{region}' if region != REGION else '')
        else:
            key = f'{role}.by.{form["WebIdentityToken"]}'
        if not re.fullmatch(r'.*-\d{10}', form['RoleSessionName']):  # else made up
            key += '+' + form['RoleSessionName']
        for name in ('DurationSeconds', 'ExternalId', 'SerialNumber', 'TokenCode'):
            if name in form:
                key += f'+{name}={form[name]}'
        self.reply(STS_ANSWER.format(operation, key), 'text/xml')


class Services:
    """All of them, at one URL."""

    def __init__(self):
        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.url = f'http://127.0.0.1:{self.server.server_port}'
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
