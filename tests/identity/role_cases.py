# SPDX-License-Identifier: LGPL-2.1-or-later
"""Roles, assumed with other keys or with the token of a web identity."""
from case import Case, arn, env_pair, pair, program_keys

P = {'AWS_PROFILE': 'p'}
BASE = '[base]\n' + pair('BASE')
TOKEN = {'token': 'TOKEN'}
WEB = {'AWS_WEB_IDENTITY_TOKEN_FILE': '@HOME@/token', 'AWS_ROLE_ARN': arn('A')}


def role(profile='p', name='A', **settings):
    """A profile with a role."""
    lines = {'role_arn': arn(name), **settings}
    return f'[profile {profile}]\n' + ''.join(f'{key} = {value}\n' for key, value in lines.items())


def of_base(**settings):
    return role(source_profile='base', **settings)


CASES = [
    Case('role', config=of_base(), credentials=BASE, env=P, key='A.by.BASE'),
    Case('role-of-default', config=of_base().replace('profile p', 'default'), credentials=BASE,
         key='A.by.BASE'),
    Case('role-in-credentials', credentials=of_base().replace('profile p', 'p') + BASE, env=P,
         key='A.by.BASE'),
    Case('role-with-settings', credentials=BASE, env=P,
         config=of_base(external_id='mine', duration_seconds='1200', role_session_name='me'),
         key='A.by.BASE+me+DurationSeconds=1200+ExternalId=mine'),
    Case('role-with-bad-duration', config=of_base(duration_seconds='1h'), credentials=BASE, env=P,
         ours='settings', botocore='A.by.BASE',
         why='A setting that can\'t be kept is told, not passed over.'),
    Case('role-in-profiles-region', config=of_base(region='us-west-2'), credentials=BASE,
         env={**P, 'AWS_DEFAULT_REGION': None}, key='A.by.BASE@us-west-2', region='us-west-2'),
    Case('role-in-environments-region', config=of_base(region='us-west-2'), credentials=BASE, env=P,
         key='A.by.BASE'),
    Case('role-in-no-certain-region', config=of_base(), credentials=BASE,
         env={**P, 'AWS_STS_REGIONAL_ENDPOINTS': None}, ours='A.by.BASE',
         botocore='A.by.BASE@us-east-1', since='regional STS',
         why='STS is asked in the own region, as newer versions of botocore do too.'),
    Case('role-in-propertys-region', config=of_base(), credentials=BASE, env=P,
         aws_region='us-west-2', key='A.by.BASE@us-west-2', region='us-west-2'),
    Case('role-that-is-refused', config=of_base(name='Forbidden'), credentials=BASE, env=P,
         ours='not-authorized', botocore='ClientError'),
    Case('role-with-mfa', config=of_base(mfa_serial='arn:aws:iam::123456789012:mfa/me'),
         credentials=BASE, env=P, ours='settings', botocore='EOFError'),
    Case('role-without-source', config=role(), credentials=BASE, env=P, ours='settings',
         botocore='PartialCredentialsError'),
    Case('role-with-own-keys-only', config=role() + pair('OWN'), env=P, ours='settings',
         botocore='PartialCredentialsError'),
    Case('role-with-two-sources', config=of_base(credential_source='Environment'),
         credentials=BASE, env=P, ours='settings', botocore='InvalidConfigError'),
    Case('role-with-missing-source', config=of_base(), env=P, ours='settings',
         botocore='InvalidConfigError'),
    Case('role-empty', config='[default]\nrole_arn =\n', credentials='[default]\n' + pair('FILE'),
         ours='FILE', botocore='PartialCredentialsError', why='An empty value counts as not set.'),
    Case('role-whose-source-has-half-a-key', config=of_base(), env=P, ours='settings',
         credentials='[base]\naws_access_key_id = BASE\n', botocore='PartialCredentialsError'),
    Case('role-whose-source-is-not-the-environment', files=TOKEN, env={**P, **WEB},
         config=of_base() + '[profile base]\nregion = us-east-2\n', ours='settings',
         botocore='InvalidConfigError'),
    Case('role-with-source-without-keys', config=of_base() + '[profile base]\nregion = us-east-2\n',
         env=P, ours='settings', botocore='InvalidConfigError'),
    Case('role-with-itself-as-source', config=role(source_profile='p') + pair('OWN'), env=P,
         key='A.by.OWN'),
    Case('role-with-itself-in-both-files', config=role(source_profile='p'),
         credentials='[p]\n' + pair('OWN'), env=P, key='A.by.OWN'),
    Case('role-with-itself-and-no-keys', config=role(source_profile='p'), env=P, ours='settings',
         botocore='InfiniteLoopConfigError'),
    Case('role-from-process', config=of_base() + '[profile base]\n' + program_keys('RUN'), env=P,
         key='A.by.RUN'),
    Case('role-from-default', config=role(source_profile='default'),
         credentials='[default]\n' + pair('FILE'), env=P, key='A.by.FILE'),
    Case('role-before-own-keys', config=of_base() + pair('OWN'), credentials=BASE, env=P,
         key='A.by.BASE'),
    Case('role-behind-env', config=of_base(), credentials=BASE, env={**P, **env_pair()}, key='ENV'),
    Case('role-of-property-before-env', config=of_base(), credentials=BASE, profile='p',
         env=env_pair(), key='A.by.BASE'),

    # chains
    Case('chain', config=role(source_profile='q') + role('q', 'B', source_profile='base'),
         credentials=BASE, env=P, key='A.by.B.by.BASE'),
    Case('chain-of-three', credentials=BASE, env=P, key='A.by.B.by.C.by.BASE',
         config=role(source_profile='q') + role('q', 'B', source_profile='r')
         + role('r', 'C', source_profile='base')),
    Case('chain-through-regions', credentials=BASE, env={**P, 'AWS_DEFAULT_REGION': None},
         config=role(source_profile='q', region='eu-west-1')
         + role('q', 'B', source_profile='base', region='us-west-2'),
         key='A.by.B.by.BASE'),
    Case('chain-in-circle', config=role(source_profile='q') + role('q', 'B', source_profile='p'),
         env=P, ours='settings', botocore='InfiniteLoopConfigError'),
    Case('chain-in-later-circle', env=P, ours='settings', botocore='InfiniteLoopConfigError',
         config=role(source_profile='q') + role('q', 'B', source_profile='r')
         + role('r', 'C', source_profile='q')),
    Case('chain-to-role-with-keys', env=P, credentials=BASE, key='A.by.OWN',
         config=role(source_profile='q') + role('q', 'B', source_profile='base') + pair('OWN')),
    Case('chain-to-web-identity', files=TOKEN, env=P, key='A.by.B.by.TOKEN',
         config=role(source_profile='q')
         + role('q', 'B', web_identity_token_file='@HOME@/token')),
    Case('chain-to-named-source', config=role(source_profile='q')
         + role('q', 'B', credential_source='Environment'), profile='p', env=env_pair(),
         key='A.by.B.by.ENV'),

    # named sources
    Case('named-environment', config=role(credential_source='Environment'), profile='p',
         env=env_pair(), key='A.by.ENV'),
    Case('named-environment-without-keys', config=role(credential_source='Environment'), env=P,
         ours='not-authorized', botocore='CredentialRetrievalError'),
    Case('named-container', config=role(credential_source='EcsContainer'),
         env={**P, 'AWS_CONTAINER_CREDENTIALS_FULL_URI': '@URL@/container'}, key='A.by.CONTAINER'),
    Case('named-container-not-there', config=role(credential_source='EcsContainer'), env=P,
         ours='not-authorized', botocore='CredentialRetrievalError'),
    Case('named-machine', config=role(credential_source='Ec2InstanceMetadata'), env=P, imds='imds',
         key='A.by.IMDS'),
    Case('named-machine-disabled', config=role(credential_source='Ec2InstanceMetadata'), env=P,
         ours='not-authorized', botocore='CredentialRetrievalError'),
    Case('named-in-other-case', config=role(credential_source='environment'), profile='p',
         env=env_pair(), ours='settings', botocore='InvalidConfigError'),

    # web identity
    Case('web', env=WEB, files=TOKEN, key='A.by.TOKEN'),
    Case('web-with-name', env={**WEB, 'AWS_ROLE_SESSION_NAME': 'me'}, files=TOKEN,
         key='A.by.TOKEN+me'),
    Case('web-with-empty-name', env={**WEB, 'AWS_ROLE_SESSION_NAME': ''}, files=TOKEN,
         key='A.by.TOKEN'),
    Case('web-in-home', env={**WEB, 'AWS_WEB_IDENTITY_TOKEN_FILE': '~/token'}, files=TOKEN,
         ours='A.by.TOKEN', botocore='FileNotFoundError',
         why='The home folder may be given so in all names of files.'),
    Case('web-with-line-end', env=WEB, files={'token': 'TOKEN\n'}, ours='A.by.TOKEN',
         botocore='A.by.TOKEN\n', why='Who writes the file by hand ends it with a line end.'),
    Case('web-without-role', env={'AWS_WEB_IDENTITY_TOKEN_FILE': '@HOME@/token'}, files=TOKEN,
         ours='settings', botocore='InvalidConfigError'),
    Case('web-without-file', env=WEB, ours='settings', botocore='FileNotFoundError'),
    Case('web-that-is-refused', env={**WEB, 'AWS_ROLE_ARN': arn('Forbidden')}, files=TOKEN,
         ours='not-authorized', botocore='ClientError'),
    Case('web-empty-variable', credentials='[default]\n' + pair('FILE'),
         env={'AWS_WEB_IDENTITY_TOKEN_FILE': '', 'AWS_ROLE_ARN': arn('A')}, key='FILE'),
    Case('web-role-without-token', credentials='[default]\n' + pair('FILE'),
         env={'AWS_ROLE_ARN': arn('A')}, key='FILE'),
    Case('web-of-profile', config=role(web_identity_token_file='@HOME@/token',
                                       role_session_name='me'), files=TOKEN, env=P,
         key='A.by.TOKEN+me'),
    Case('web-of-profile-with-duration', files=TOKEN, env=P,
         config=role(web_identity_token_file='@HOME@/token', duration_seconds='900'),
         ours='A.by.TOKEN+DurationSeconds=900', botocore='A.by.TOKEN',
         why='duration_seconds holds for all roles of the files.'),
    Case('web-of-profile-without-role', config='[profile p]\nweb_identity_token_file = @HOME@/token\n',
         files=TOKEN, env=P, ours='settings', botocore='InvalidConfigError'),
    Case('web-of-profile-before-its-keys', config=role(web_identity_token_file='@HOME@/token'),
         credentials='[p]\n' + pair('OWN'), files=TOKEN, env=P, key='A.by.TOKEN'),
    Case('web-token-of-env-role-of-profile', config=role(), files=TOKEN,
         env={**P, 'AWS_WEB_IDENTITY_TOKEN_FILE': '@HOME@/token'}, ours='settings',
         botocore='PartialCredentialsError'),
    Case('web-token-of-profile-role-of-env', files=TOKEN,
         config='[profile p]\nweb_identity_token_file = @HOME@/token\n',
         env={**P, 'AWS_ROLE_ARN': arn('A')}, ours='settings', botocore='A.by.TOKEN',
         why='Environment and profile are two identities, not halves of one.'),
]
