# SPDX-License-Identifier: LGPL-2.1-or-later
"""Logins with SSO, of the form with an sso-session section and of the older one."""
import datetime

from case import LONG_AGO, Case, arn, login, pair

P = {'AWS_PROFILE': 'p'}
SESSION = '[sso-session s]\nsso_start_url = https://start\nsso_region = eu-west-1\n'
ROLE = 'sso_account_id = 123456789012\nsso_role_name = N\n'
NEW = f'[profile p]\nsso_session = s\n{ROLE}'
OLD = f'[profile p]\nsso_start_url = https://start\nsso_region = eu-west-1\n{ROLE}'
KEY = 'N.in.123456789012.with.'
SOON = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=5)).strftime(
    '%Y-%m-%dT%H:%M:%SZ')
IN_AN_HOUR = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)).strftime(
    '%Y-%m-%dT%H:%M:%SZ')
GOOD = login('s', 'TOKEN', refreshToken='hush')

CASES = [
    Case('sso', config=NEW + SESSION, files=GOOD, env=P, key=KEY + 'TOKEN'),
    Case('sso-of-default', config=(NEW + SESSION).replace('profile p', 'default'), files=GOOD,
         key=KEY + 'TOKEN'),
    Case('sso-of-property', config=NEW + SESSION, files=GOOD, profile='p', key=KEY + 'TOKEN'),
    Case('sso-before-keys', config=NEW + SESSION, credentials='[p]\n' + pair('FILE'), files=GOOD,
         env=P, key=KEY + 'TOKEN'),
    Case('sso-within-the-hour', config=NEW + SESSION, env=P, key=KEY + 'TOKEN',
         files=login('s', 'TOKEN', IN_AN_HOUR, refreshToken='hush')),
    Case('sso-renewed-ahead', config=NEW + SESSION, env=P, key=KEY + 'RENEWED',
         files=login('s', 'TOKEN', SOON, refreshToken='hush')),
    Case('sso-renewed', config=NEW + SESSION, env=P, key=KEY + 'RENEWED',
         files=login('s', 'TOKEN', LONG_AGO, refreshToken='hush')),
    Case('sso-renewal-refused', config=NEW + SESSION, env=P, ours='not-authorized',
         botocore='TokenRetrievalError', files=login('s', 'TOKEN', LONG_AGO, refreshToken='REVOKED')),
    Case('sso-renewal-refused-ahead', config=NEW + SESSION, env=P, key=KEY + 'TOKEN',
         files=login('s', 'TOKEN', SOON, refreshToken='REVOKED')),
    Case('sso-not-renewable', config=NEW + SESSION, env=P, ours='not-authorized',
         botocore='TokenRetrievalError', files=login('s', 'TOKEN', LONG_AGO)),
    Case('sso-registration-expired', config=NEW + SESSION, env=P, ours='not-authorized',
         botocore='TokenRetrievalError',
         files=login('s', 'TOKEN', LONG_AGO, refreshToken='hush', registrationExpiresAt=LONG_AGO)),
    Case('sso-without-login', config=NEW + SESSION, env=P, ours='not-authorized',
         botocore='SSOTokenLoadError'),
    Case('sso-token-revoked', config=NEW + SESSION, env=P, files=login('s', 'REVOKED'),
         ours='not-authorized', botocore='UnauthorizedSSOTokenError'),
    Case('sso-old', config=OLD, files=login('https://start', 'OLD'), env=P, key=KEY + 'OLD'),
    Case('sso-old-expired', config=OLD, files=login('https://start', 'EXPIRED', LONG_AGO), env=P,
         ours='not-authorized', botocore='UnauthorizedSSOTokenError'),
    Case('sso-old-expired-but-renewable', config=OLD, env=P, ours='not-authorized',
         files=login('https://start', 'EXPIRED', LONG_AGO, refreshToken='hush'),
         botocore='UnauthorizedSSOTokenError'),
    Case('sso-old-without-login', config=OLD, env=P, ours='not-authorized',
         botocore='SSOTokenLoadError'),
    Case('sso-old-without-region', config=OLD.replace('sso_region = eu-west-1\n', ''), env=P,
         files=login('https://start', 'OLD'), ours='settings', botocore='InvalidConfigError'),
    Case('sso-without-role', config=(NEW + SESSION).replace('sso_role_name = N\n', ''), env=P,
         files=GOOD, ours='settings', botocore='InvalidConfigError'),
    Case('sso-without-session', config=NEW, env=P, files=GOOD, ours='settings',
         botocore='InvalidConfigError'),
    Case('sso-session-alone', config='[profile p]\nsso_session = s\n' + SESSION,
         credentials='[p]\n' + pair('FILE'), files=GOOD, env=P, key='FILE'),
    Case('sso-session-contradicted', config=NEW + 'sso_region = us-east-1\n' + SESSION, env=P,
         files=GOOD, ours='settings', botocore='InvalidConfigError'),
    Case('sso-session-as-source', files=GOOD, env={'AWS_PROFILE': 'r'},
         ours=f'A.by.{KEY}TOKEN', botocore='AttributeError', since='SSO of source profiles',
         why='Older versions of botocore look for the session in the wrong profile.',
         config=f'[profile r]\nrole_arn = {arn("A")}\nsource_profile = p\n' + NEW + SESSION),
    Case('sso-as-source', files=GOOD, env={'AWS_PROFILE': 'r'},
         config=f'[profile r]\nrole_arn = {arn("A")}\nsource_profile = p\n' + NEW.replace(
             'sso_session = s\n', '') + 'sso_start_url = s\nsso_region = eu-west-1\n',
         key=f'A.by.{KEY}TOKEN'),
]
