# SPDX-License-Identifier: LGPL-2.1-or-later
"""One configuration, and what is to come of it."""
import dataclasses
import hashlib
import json
from typing import Dict, Optional

from services import EXPIRES, REGION

FAR, LONG_AGO = EXPIRES, '2020-01-01T00:00:00Z'


def filled(text, home, url):
    port = url.rpartition(':')[2]
    return text.replace('@HOME@', home).replace('@URL@', url).replace('@PORT@', port)


@dataclasses.dataclass(frozen=True)
class Case:
    """@HOME@, and @URL@ and @PORT@ of the services, may be in all texts. Three kinds of cases:
    - with `key`: both find it;
    - with `ours` and `botocore`, and no `why`: both fail, so;
    - with `why`: a difference in what they find, or in `region`; the docs have it."""
    name: str
    config: str = ''
    credentials: str = ''
    env: Dict[str, Optional[str]] = dataclasses.field(default_factory=dict)
    files: Dict[str, str] = dataclasses.field(default_factory=dict)  # in the home folder
    profile: Optional[str] = None  # the properties
    aws_region: Optional[str] = None
    imds: Optional[str] = None  # which metadata service; none = disabled

    key: Optional[str] = None
    ours: Optional[str] = None  # access keys, or names of errors
    botocore: Optional[str] = None
    why: str = ''
    region: str = REGION  # that both find
    botocore_region: Optional[str] = None  # if it is another, or 'none'
    endpoint: Optional[str] = None  # of Kinesis Video Streams; none = not compared
    since: Optional[str] = None  # of tools.ABILITIES: a botocore with that does as we do,
    botocore_since: Optional[str] = None  # or fails so

    def expected_of_us(self):
        return self.key if self.ours is None else self.ours

    def expected_of_botocore(self, abilities=()):
        if self.since in abilities:
            return self.botocore_since or self.expected_of_us()
        return self.key if self.botocore is None else self.botocore

    def is_difference(self, abilities=()):
        return bool(self.why) and self.since not in abilities

    def environment(self, home, url):
        values = {'HOME': home, 'PATH': '/usr/bin:/bin', 'AWS_DEFAULT_REGION': REGION,
                  'AWS_STS_REGIONAL_ENDPOINTS': 'regional'}
        if self.imds:
            values['AWS_EC2_METADATA_SERVICE_ENDPOINT'] = f'@URL@/{self.imds}'
        else:
            values['AWS_EC2_METADATA_DISABLED'] = 'true'
        values.update(self.env)
        return {name: filled(value, home, url) for name, value in values.items()
                if value is not None}

    def all_files(self, home, url):
        files = {'.aws/config': self.config, '.aws/credentials': self.credentials, **self.files}
        return {path: filled(text, home, url) for path, text in files.items() if text}


def pair(key):
    """The two lines of a key in a file."""
    return f'aws_access_key_id = {key}\naws_secret_access_key = hush\n'


def env_pair(key='ENV'):
    return {'AWS_ACCESS_KEY_ID': key, 'AWS_SECRET_ACCESS_KEY': 'hush'}


def arn(role):
    return f'arn:aws:iam::123456789012:role/{role}'


def program(text):
    """A credential_process that prints it."""
    return f"credential_process = printf '%s' '{text}'\n"


def program_keys(key, **other):
    return program(json.dumps({'Version': 1, 'AccessKeyId': key, 'SecretAccessKey': 'hush', **other}))


def login(key, token, expires=FAR, **other):
    """What 'aws sso login' leaves for a session, or for a start URL."""
    name = hashlib.sha1(key.encode()).hexdigest()
    return {f'.aws/sso/cache/{name}.json': json.dumps({
        'accessToken': token, 'expiresAt': expires, 'region': REGION, 'startUrl': 'https://start',
        'clientId': 'client', 'clientSecret': 'hush', 'registrationExpiresAt': FAR, **other})}
