#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Faults of listings, and those that a limit or old credentials bring."""
import json

from support import EmulatorTest, everything
from tap import main


class ListingFaultsTest(EmulatorTest):
    CONFIG = {'streams': [
        {'name': 'cam', 'listing': {'short-pages-percent': 0}, 'recordings': [
            {'type': 'bulk', 'fragments': 10, 'fragment-size': 2000, 'frame-size': 500}]}]}

    def setUp(self):
        self.numbers = self.emulator.numbers('cam')
        self.addCleanup(self.emulator.set_faults)
        self.client = self.emulator.lister('cam')

    def page(self, token=None, size=4):
        more = {'NextToken': token} if token else {}
        answer = self.client.list_fragments(StreamName='cam', MaxResults=size,
                                            FragmentSelector=everything(), **more)
        return [item['FragmentNumber'] for item in answer['Fragments']], answer.get('NextToken')

    def pages(self, limit=9):
        """Pages and the tokens they end with, at most `limit`."""
        pages, tokens = [], []
        token = None
        while len(pages) < limit:
            numbers, token = self.page(token)
            pages.append(numbers)
            tokens.append(token)
            if not token:
                break
        return pages, tokens

    def test_late_visible(self):
        late = self.numbers[3]
        self.emulator.set_faults({'kind': 'late-visible', 'fragment': late, 'count': 2})
        normal = [number for page in self.pages()[0] for number in page]
        for visible in (False, True, True):
            listed = [number for page in self.pages()[0] for number in page]
            self.assertEqual(sorted(listed), [n for n in self.numbers if visible or n != late])
        self.assertEqual(sorted(normal), [n for n in self.numbers if n != late])
        # what is not on the page is not counted
        self.emulator.set_faults({'kind': 'late-visible', 'fragment-position': 'last',
                                  'request': 2})
        listings = [sorted(number for page in self.pages()[0] for number in page)
                    for _ in range(3)]
        self.assertEqual(listings, [self.numbers, self.numbers[:-1], self.numbers])
        # it can be fetched all the same
        self.emulator.set_faults({'kind': 'late-visible', 'fragment': late})
        self.assertIn(late.encode(), self.emulator.media('cam', [late]))

    def test_listed_but_not_found(self):
        """The other side of it, by a kind that is about media."""
        early = self.numbers[3]
        self.emulator.set_faults({'kind': 'in-band-error', 'fragment': early, 'count': 2})
        self.assertIn(early, self.page(size=10)[0])
        self.emulator.media('cam', self.numbers[:3])
        found = [b'FRAGMENT_NOT_FOUND' not in self.emulator.media('cam', self.numbers[2:5])
                 for _ in range(3)]
        self.assertEqual(found, [False, False, True])

    def test_empty_page(self):
        normal, _ = self.pages()
        for request in (1, 2, 3):
            self.emulator.set_faults({'kind': 'empty-page', 'request': request})
            pages, tokens = self.pages()
            self.assertEqual(pages, normal[:request - 1] + [[]] + normal[request - 1:])
            self.assertEqual(len(set(tokens)), len(tokens))
        self.emulator.set_faults({'kind': 'empty-page', 'request': 2, 'count': 4})
        pages, tokens = self.pages()
        self.assertEqual(pages, normal[:1] + [[]] * 4 + normal[1:])
        self.assertEqual(len(set(tokens)), len(tokens))  # no token is given twice

    def test_repeat_token(self):
        normal, right = self.pages()
        self.emulator.set_faults({'kind': 'repeat-token'})
        pages, tokens = self.pages()
        self.assertEqual(pages, normal[:1] + normal[1:2] * 8)
        self.assertEqual(tokens, right[:1] * 9)
        self.emulator.set_faults({'kind': 'repeat-token', 'count': 1})
        self.assertEqual(self.pages()[0], normal[:2] + normal[1:])

    def test_listing_that_goes_in_circles(self):
        normal, right = self.pages()
        self.emulator.set_faults({'kind': 'repeat-token', 'token': 'first-page', 'request': 2})
        pages, tokens = self.pages()
        self.assertEqual(pages, normal + normal)
        self.assertEqual(tokens[3:], right)
        self.assertEqual(tokens[:2], right[:2])

    def test_expired_token(self):
        self.emulator.set_faults({'kind': 'expired-token', 'count': 1})
        _, token = self.page()
        self.assert_error('InvalidArgumentException', 400, self.page, token,
                          message='NextToken is not valid')
        self.assertEqual(len(self.page(token)[0]), 4)

    def test_they_add_up(self):
        self.emulator.set_faults({'kind': 'repeat-token'},
                                 {'kind': 'late-visible', 'fragment': self.numbers[0]},
                                 {'kind': 'late-visible', 'fragment': self.numbers[1]},
                                 {'kind': 'end-early', 'operation': 'ListFragments', 'at': 'end'})
        body = self.emulator.raw_list('cam', MaxResults=10).body
        self.assertEqual(sorted(item['FragmentNumber'] for item in
                                json.loads(body + b'}')['Fragments']), self.numbers[2:])
        self.emulator.set_faults({'kind': 'status', 'operation': 'ListFragments'},
                                 {'kind': 'empty-page'})
        answer = self.emulator.raw_list('cam')
        self.assertEqual((answer.status, answer.body), (503, b'{"Message":""}'))

    def test_throttle(self):
        self.emulator.set_faults({'kind': 'throttle', 'operation': 'ListFragments', 'count': 1},
                                 {'kind': 'throttle', 'operation': 'GetDataEndpoint', 'count': 1})
        self.assert_error('ClientLimitExceededException', 400, self.page,
                          message="Limit exceeded on number of requests for ListFragments API for "
                                  "resource 'cam'")
        self.assert_error('ClientLimitExceededException', 400, self.emulator.lister, 'cam',
                          message='for GetDataEndpoint API')
        self.assertEqual(len(self.page()[0]), 4)

    def test_expired_credentials(self):
        self.emulator.set_faults({'kind': 'expired-credentials', 'operation': 'ListFragments',
                                  'request': 2})
        _, token = self.page()
        self.assert_error('ExpiredTokenException', 403, self.page, token)
        self.assertEqual(len(self.page(token)[0]), 4)
        self.emulator.set_faults({'kind': 'expired-credentials', 'operation': 'ListFragments'})
        # "message" in lower case, as errors of the front door have it
        self.assertEqual(json.loads(self.emulator.raw_list('cam').body),
                         {'message': 'The security token included in the request is expired'})

    def test_options_that_do_not_fit(self):
        for fault, problem in (
                ({'kind': 'late-visible'}, 'needs a fragment'),
                ({'kind': 'late-visible', 'fragment-index': 1, 'fragment': '1'}, 'means nothing'),
                ({'kind': 'empty-page', 'operation': 'GetMediaForFragmentList'},
                 'must be ListFragments'),
                ({'kind': 'missing', 'operation': 'ListFragments'},
                 'must be GetMediaForFragmentList'),
                ({'kind': 'repeat-token', 'token': 'none'}, 'must be one of asked, first-page'),
                ({'kind': 'status', 'operation': 'ListFragment'}, 'must be one of')):
            status, _, body = self.emulator.post(self.emulator.url + '/_emulator/faults',
                                                 {'faults': [fault]}, sign=False)
            self.assertEqual(status, 400)
            self.assertIn(problem, json.loads(body)['error'])


if __name__ == '__main__':
    main()
