# SPDX-License-Identifier: LGPL-2.1-or-later
"""The two that are compared. Both give (access key or name of the error, region, endpoint of Kinesis
Video Streams); whether it is an error, and its text, come behind that."""
import getpass
import json
import os
import subprocess
import sys
import tempfile
import urllib.parse
from inspect import signature
from typing import NamedTuple, Optional

# botocore makes up its paths when it is loaded.
HOME = tempfile.TemporaryDirectory(prefix='identity-')
os.environ['HOME'] = HOME.name


def _nobody(*_, **__):
    raise EOFError('nobody is at the keyboard')


getpass.getpass = _nobody

try:
    import botocore
    import botocore.configprovider
    import botocore.session
    import botocore.utils
    from botocore.credentials import ContainerProvider
    from botocore.tokens import SSOTokenProvider
except ImportError:
    print('botocore is not installed')
    sys.exit(77)

VERSION = botocore.__version__
_VARIABLES = botocore.configprovider.BOTOCORE_DEFAUT_SESSION_VARIABLES
# What newer versions can.
ABILITIES = {name for name, is_there in (
    ('container token file', hasattr(ContainerProvider, 'ENV_VAR_AUTH_TOKEN_FILE')),
    ('IMDS without version 1', 'ec2_metadata_v1_disabled' in _VARIABLES),
    ('SSO of source profiles', 'profile_name' in signature(SSOTokenProvider).parameters),
    ('regional STS', _VARIABLES['sts_regional_endpoints'][2] == 'regional'),
) if is_there}
TIME_LIMIT = 30  # s

# To read the descriptions of the services once is enough.
LOADER = botocore.session.Session().get_component('data_loader')
botocore.utils.ContainerMetadataFetcher.SLEEP_TIME = 0


class Outcome(NamedTuple):
    found: str  # access key, or name of the error
    region: Optional[str] = None
    endpoint: Optional[str] = None
    failed: bool = False
    message: str = ''


def to_services(url):
    """For the requests of botocore's clients: older ones know of no variable for that."""
    def redirect(request, **_):
        parts = urllib.parse.urlsplit(request.url)
        request.url = urllib.parse.urljoin(url, parts.path) + (f'?{parts.query}' if parts.query else '')
    return redirect


def ask_botocore(environment, profile, region, url, wants_endpoint):
    kept = dict(os.environ)
    os.environ.clear()
    os.environ.update(environment)
    try:
        return _ask_botocore(profile, region, url, wants_endpoint)
    finally:
        os.environ.clear()
        os.environ.update(kept)


def _ask_botocore(profile, region, url, wants_endpoint):
    known_region, endpoint = None, None
    try:
        session = botocore.session.Session(profile=profile)
        session.register_component('data_loader', LOADER)
        if region:
            session.set_config_variable('region', region)
        session.register('before-send', to_services(url))
        known_region = session.get_config_variable('region')
        if wants_endpoint:
            endpoint = session.create_client('kinesisvideo').meta.endpoint_url
        credentials = session.get_credentials()
        if credentials is None:
            return Outcome('nothing', known_region, endpoint, True)
        key = credentials.get_frozen_credentials().access_key
        return Outcome(key, known_region, endpoint)
    except Exception as error:  # whatever it throws is what it says
        return Outcome(type(error).__name__, known_region, endpoint, True, str(error))


def ask_ours(environment, profile, region, url):
    services = {f'AWS_ENDPOINT_URL_{name}': url for name in ('STS', 'SSO', 'SSO_OIDC')}
    sanitizers = {name: value for name, value in os.environ.items() if name.endswith('SAN_OPTIONS')}
    run = subprocess.run([os.environ['IDENTITY_RESOLVE'], profile or '', region or ''],
                         env={**services, **sanitizers, **environment}, capture_output=True,
                         text=True, timeout=TIME_LIMIT, stdin=subprocess.DEVNULL)
    if run.returncode != 0:
        return Outcome('died', failed=True, message=run.stderr)
    answer = json.loads(run.stdout)
    failed = 'error' in answer
    return Outcome(answer['error'] if failed else answer['key'], answer.get('region'),
                   answer.get('endpoint'), failed, answer.get('message', '') + run.stderr)
