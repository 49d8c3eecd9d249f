# SPDX-License-Identifier: LGPL-2.1-or-later
"""Two sources at a time: which goes first."""
from case import Case, arn, env_pair, login, pair, program_keys

P = {'AWS_PROFILE': 'p'}
WEB = {'AWS_WEB_IDENTITY_TOKEN_FILE': '@HOME@/token', 'AWS_ROLE_ARN': arn('A')}
TOKEN = {'token': 'TOKEN'}
CONTAINER = {'AWS_CONTAINER_CREDENTIALS_FULL_URI': '@URL@/container'}
BASE = '[base]\n' + pair('BASE')
ROLE = f'[default]\nrole_arn = {arn("B")}\nsource_profile = base\n'
SSO = ('[default]\nsso_start_url = https://start\nsso_region = eu-west-1\n'
       'sso_account_id = 123456789012\nsso_role_name = N\n')
LOGIN = login('https://start', 'TOKEN')
KEYS = '[default]\n' + pair('FILE')
NAMED = 'Who names a profile means it; the environment of a pod may have a web identity besides.'

CASES = [
    Case('env-before-web', env={**env_pair(), **WEB}, files=TOKEN, key='ENV'),
    Case('env-before-container', env={**env_pair(), **CONTAINER}, key='ENV'),
    Case('env-before-imds', env=env_pair(), imds='imds', key='ENV'),
    Case('env-before-role', config=ROLE, credentials=BASE, env=env_pair(), key='ENV'),
    Case('env-before-sso', config=SSO, files=LOGIN, env=env_pair(), key='ENV'),
    Case('env-before-process', config='[default]\n' + program_keys('RUN'), env=env_pair(), key='ENV'),
    Case('env-before-named-profile', credentials='[p]\n' + pair('P'), env={**env_pair(), **P},
         key='ENV'),
    Case('property-before-env', credentials='[p]\n' + pair('P'), env=env_pair(), profile='p', key='P'),
    Case('property-before-web', credentials='[p]\n' + pair('P'), env=WEB, files=TOKEN, profile='p',
         key='P'),
    Case('property-without-keys', config='[profile p]\nregion = eu-west-1\n', env=env_pair(),
         profile='p', ours='not-authorized', botocore='nothing'),
    Case('property-without-keys-and-web', config='[profile p]\nregion = eu-west-1\n', env=WEB,
         files=TOKEN, profile='p', ours='not-authorized', botocore='nothing'),
    Case('property-without-keys-and-container', config='[profile p]\nregion = eu-west-1\n',
         env=CONTAINER, profile='p', key='CONTAINER'),
    Case('web-before-keys', credentials=KEYS, env=WEB, files=TOKEN, key='A.by.TOKEN'),
    Case('web-before-sso', config=SSO, env=WEB, files={**TOKEN, **LOGIN}, key='A.by.TOKEN'),
    Case('web-before-process', config='[default]\n' + program_keys('RUN'), env=WEB, files=TOKEN,
         key='A.by.TOKEN'),
    Case('web-and-role', config=ROLE, credentials=BASE, env=WEB, files=TOKEN, ours='A.by.TOKEN',
         botocore='B.by.BASE',
         why='The web identity of the environment goes before all that the default profile has.'),
    Case('web-and-named-profile', credentials='[p]\n' + pair('P'), env={**WEB, **P}, files=TOKEN,
         ours='P', botocore='A.by.TOKEN', why=NAMED),
    Case('web-before-container', env={**WEB, **CONTAINER}, files=TOKEN, key='A.by.TOKEN'),
    Case('web-before-imds', env=WEB, files=TOKEN, imds='imds', key='A.by.TOKEN'),
    Case('web-that-fails-before-container', env={**WEB, **CONTAINER}, ours='settings',
         botocore='FileNotFoundError'),
    Case('role-before-process', config=ROLE + program_keys('RUN'), credentials=BASE, key='B.by.BASE'),
    Case('role-before-sso', config=SSO + ROLE.replace('[default]\n', ''), credentials=BASE,
         files=LOGIN, key='B.by.BASE'),
    Case('sso-before-process', config=SSO + program_keys('RUN'), files=LOGIN,
         key='N.in.123456789012.with.TOKEN'),
    Case('sso-that-fails-before-keys', config=SSO, credentials=KEYS, ours='not-authorized',
         botocore='SSOTokenLoadError'),
    Case('keys-before-container', credentials=KEYS, env=CONTAINER, key='FILE'),
    Case('keys-before-imds', credentials=KEYS, imds='imds', key='FILE'),
    Case('process-before-container', config='[default]\n' + program_keys('RUN'), env=CONTAINER,
         key='RUN'),
    Case('process-that-fails-before-container', config='[default]\ncredential_process = false\n',
         env=CONTAINER, ours='not-authorized', botocore='CredentialRetrievalError'),
    Case('container-before-imds', env=CONTAINER, imds='imds', key='CONTAINER'),
    Case('container-that-fails-before-imds', imds='imds', ours='not-authorized',
         env={'AWS_CONTAINER_CREDENTIALS_FULL_URI': '@URL@/refuses'},
         botocore='CredentialRetrievalError'),
    Case('named-profile-without-keys-and-imds', config='[profile p]\nregion = eu-west-1\n', env=P,
         imds='imds', key='IMDS'),
    Case('expired-keys-of-process-before-imds', imds='imds',
         config='[default]\n' + program_keys('RUN', Expiration='2020-01-01T00:00:00Z'),
         ours='RUN', botocore='RuntimeError',
         why='The clock of the machine may be wrong: they are tried, and the service decides.'),
]
