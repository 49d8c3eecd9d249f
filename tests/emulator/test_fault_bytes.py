#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Faults at a byte of the answer: where they happen and how the client sees them."""
import json

import ebml
from support import EmulatorTest
from tap import main

FRAGMENT = 300000
MEDIA = 'GetMediaForFragmentList'
TAG = 'AWS_KINESISVIDEO_FRAGMENT_NUMBER'
PLACES = ('first-byte', 'mid-header', 'mid-block', 'block-edge', 'chunk-edge', 'end')


def ranges(data, wanted):
    """Begin and end, head included, of all elements of that id in a chunk."""
    found = []

    def walk(begin, end):
        at = begin
        while at < end:
            element, length = ebml.vint(data, at, True)
            size, more = ebml.vint(data, at + length, False)
            content = at + length + more
            stop = end if size is None else content + size
            if element in wanted:
                found.append((at, stop))
            if element in (ebml.SEGMENT, ebml.CLUSTER):
                walk(content, stop)
            at = stop
    walk(0, len(data))
    return found


class ByteFaultsTest(EmulatorTest):
    CONFIG = {'streams': [
        {'name': 'cam', 'recordings': [{'type': 'bulk', 'fragments': 5,
                                        'fragment-size': FRAGMENT}]},
        {'name': 'other', 'recordings': [{'type': 'bulk', 'fragments': 2,
                                          'fragment-size': 2000, 'frame-size': 500}]}]}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.numbers = cls.emulator.numbers('cam')
        cls.whole = cls.emulator.media('cam', cls.numbers)
        cls.chunks = ebml.split_chunks(cls.whole)
        cls.starts = [sum(map(len, cls.chunks[:index])) for index in range(6)]

    def setUp(self):
        self.addCleanup(self.emulator.set_faults)

    def media(self, *faults, **options):
        self.emulator.set_faults(*({'operation': MEDIA, **fault} for fault in faults))
        return self.emulator.raw_media('cam', self.numbers, **options)

    def served(self, *faults):
        """Chunks of an answer that ends properly."""
        answer = self.media(*faults)
        self.assertEqual(answer.ending, 'complete')
        return ebml.split_chunks(answer.body)

    def place(self, at, index):
        """Where that is in the body, found by a reader of our own."""
        chunk = self.chunks[index]
        if at == 'mid-header':
            begin, end = ranges(chunk, [ebml.TRACKS])[0]
            offset = (begin + end) // 2
        elif at == 'mid-block':
            blocks = ranges(chunk, [0xA3])
            begin, end = blocks[len(blocks) // 2]
            offset = (begin + end) // 2
        elif at == 'block-edge':
            blocks = ranges(chunk, [0xA3])
            offset = blocks[len(blocks) // 2][0]
        else:
            offset = {'first-byte': 1, 'chunk-edge': len(chunk), 'end': len(chunk) - 1}[at]
        return self.starts[index] + offset

    def test_every_kind_at_every_place(self):
        endings = {'cut': 'closed', 'reset': 'reset', 'end-early': 'complete'}
        for kind, ending in endings.items():
            for position, index in (('first', 0), ('middle', 2), ('last', 4)):
                for at in PLACES:
                    with self.subTest(kind=kind, position=position, at=at):
                        answer = self.media({'kind': kind, 'fragment-position': position, 'at': at})
                        self.assertEqual(answer.body, self.whole[:self.place(at, index)])
                        self.assertEqual(answer.ending, ending)

    def test_stall_at_named_places(self):
        for at in ('mid-block', 'chunk-edge'):
            answer = self.media({'kind': 'stall', 'fragment-position': 2, 'at': at})
            self.assertEqual((answer.body, answer.ending),
                             (self.whole[:self.place(at, 1)], 'silence'))

    def test_places_without_a_fragment(self):
        """They are those of the body; inside a chunk, of the middle chunk."""
        expected = {'first-byte': 1, 'mid-header': self.place('mid-header', 2),
                    'mid-block': self.place('mid-block', 2),
                    'block-edge': self.place('block-edge', 2),
                    'chunk-edge': len(self.whole), 'end': len(self.whole) - 1}
        for at, offset in expected.items():
            answer = self.media({'kind': 'cut', 'at': at})
            self.assertEqual((answer.body, answer.ending), (self.whole[:offset], 'closed'), at)

    def test_bytes_count_from_the_chunk(self):
        for kind in ('cut', 'reset', 'end-early'):
            answer = self.media({'kind': kind, 'fragment': self.numbers[3], 'bytes': 100})
            self.assertEqual(answer.body, self.whole[:self.starts[3] + 100])
            answer = self.media({'kind': kind, 'bytes': FRAGMENT + 5000})
            self.assertEqual(answer.body, self.whole[:FRAGMENT + 5000])
            answer = self.media({'kind': kind, 'bytes': 0})
            self.assertEqual(answer.body, b'')

    def test_before_the_head_and_behind_it(self):
        for kind, ending in (('cut', 'closed'), ('reset', 'reset')):
            answer = self.media({'kind': kind, 'stage': 'before-headers'})
            self.assertEqual((answer.status, answer.ending), (None, ending))
            answer = self.media({'kind': kind, 'stage': 'after-headers'})
            self.assertEqual((answer.status, answer.body, answer.ending), (200, b'', ending))
        # all has been noticed
        self.assertTrue(all(entry['finished'] and not entry['complete']
                            for entry in self.emulator.requests(MEDIA)
                            if {'cut', 'reset'} & set(entry['faults'])))

    def test_answers_in_json(self):
        self.emulator.set_faults()
        whole = self.emulator.raw_list('cam', MaxResults=2).body
        for kind, ending in (('cut', 'closed'), ('reset', 'reset'), ('end-early', 'complete')):
            for at, count in (('first-byte', 1), ('mid-block', len(whole) // 2),
                              ('end', len(whole) - 1)):
                self.emulator.set_faults({'kind': kind, 'operation': 'ListFragments', 'at': at})
                answer = self.emulator.raw_list('cam', MaxResults=2)
                self.assertEqual((answer.body, answer.ending), (whole[:count], ending))
                self.assertEqual(int(answer.head['content-length']),
                                 count if kind == 'end-early' else len(whole))

    def test_wrong_content_length(self):
        size = len(self.whole)
        for extra in (None, 1, 5000):
            own = {} if extra is None else {'extra': extra}
            answer = self.media({'kind': 'wrong-content-length', **own})
            self.assertEqual(answer.body, self.whole)
            self.assertEqual(int(answer.head['content-length']), size + (extra or 1000))
            self.assertEqual(answer.ending, 'closed')
        for extra in (-1, -FRAGMENT):
            answer = self.media({'kind': 'wrong-content-length', 'extra': extra}, to_end=True)
            self.assertEqual(int(answer.head['content-length']), size + extra)
            self.assertEqual((answer.body + answer.excess, answer.ending), (self.whole, 'closed'))

    def test_wrong_content_length_of_json(self):
        self.emulator.set_faults({'kind': 'wrong-content-length', 'extra': 7,
                                  'operation': 'ListFragments'})
        answer = self.emulator.raw_list('cam', MaxResults=2)
        self.assertEqual(int(answer.head['content-length']), len(answer.body) + 7)
        self.assertEqual(len(json.loads(answer.body)['Fragments']), 2)
        self.assertEqual(answer.ending, 'closed')

    def changed(self, body):
        """First and last byte that differ, and how many do."""
        self.assertEqual(len(body), len(self.whole))
        places = [i for i, (a, b) in enumerate(zip(body, self.whole)) if a != b]
        return (places[0], places[-1], len(places)) if places else None

    def test_garbage(self):
        begin, end = self.starts[2], self.starts[3]

        def named(**own):
            return self.changed(self.media({'kind': 'garbage', 'fragment': self.numbers[2],
                                            **own}).body)
        self.assertEqual(named(), (begin, begin + 63, 64))
        self.assertEqual(named(bytes=10, length=3), (begin + 10, begin + 12, 3))
        self.assertEqual(named(at='first-byte', length=1), (begin, begin, 1))
        block = self.place('mid-block', 2)
        self.assertEqual(named(at='mid-block', length=5), (block, block + 4, 5))
        self.assertEqual(named(at='chunk-edge', length=10), (end - 5, end + 4, 10))
        self.assertEqual(named(at='end', length=1), (end - 1, end - 1, 1))
        self.assertEqual(named(length=0), (begin, end - 1, end - begin))
        self.assertEqual(named(length=0, at='block-edge'),
                         (self.place('block-edge', 2), end - 1, end - self.place('block-edge', 2)))

    def test_garbage_of_the_body(self):
        size = len(self.whole)
        self.assertEqual(self.changed(self.media({'kind': 'garbage', 'bytes': self.starts[1] - 2,
                                                  'length': 4}).body),
                         (self.starts[1] - 2, self.starts[1] + 1, 4))
        self.assertEqual(self.changed(self.media({'kind': 'garbage', 'length': 0}).body),
                         (0, size - 1, size))
        self.assertIsNone(self.changed(self.media({'kind': 'garbage', 'bytes': size}).body))

    def test_garbage_is_the_same_each_time(self):
        first, second, other = (
            self.media({'kind': 'garbage', 'length': 200, 'seed': seed}).body[:200]
            for seed in (7, 7, 8))
        self.assertEqual(first, second)
        self.assertNotEqual(first, other)

    def test_garbage_in_json(self):
        whole = self.emulator.raw_list('cam').body
        self.emulator.set_faults({'kind': 'garbage', 'operation': 'ListFragments', 'length': 0})
        body = self.emulator.raw_list('cam').body
        self.assertEqual(len(body), len(whole))
        self.assertFalse(any(a == b for a, b in zip(body, whole)))

    def test_repeat(self):
        one, two, three, four, five = self.chunks
        self.assertEqual(self.served({'kind': 'repeat', 'fragment': self.numbers[1]}),
                         [one, two, two, three, four, five])
        self.assertEqual(self.served({'kind': 'repeat'}),
                         [chunk for chunk in self.chunks for _ in (1, 2)])

    def test_truncate_chunk(self):
        one, two, three, four, five = self.chunks
        for at in PLACES:
            kept = three[:self.place(at, 2) - self.starts[2]]
            answer = self.media({'kind': 'truncate-chunk', 'fragment': self.numbers[2], 'at': at})
            self.assertEqual((answer.body, answer.ending),
                             (one + two + kept + four + five, 'complete'))
        self.assertEqual(self.served({'kind': 'truncate-chunk', 'bytes': 1000}),
                         [chunk[:1000] for chunk in self.chunks])

    def test_faults_add_up(self):
        """The content is changed first, whatever the order in the list."""
        one, two, three, _, _ = self.chunks
        answer = self.media({'kind': 'cut', 'fragment': self.numbers[2], 'bytes': 10},
                            {'kind': 'missing', 'fragment': self.numbers[0]},
                            {'kind': 'repeat', 'fragment': self.numbers[1]})
        self.assertEqual(answer.body, two + two + three[:10])
        answer = self.media({'kind': 'missing', 'fragment': self.numbers[0]},
                            {'kind': 'cut', 'fragment': self.numbers[0], 'bytes': 10})
        self.assertEqual((answer.body, answer.ending), (self.whole[len(one):], 'complete'))
        answer = self.media({'kind': 'missing', 'fragment-index': 1},
                            {'kind': 'truncate-chunk', 'fragment-index': 2, 'bytes': 7})
        self.assertEqual(answer.body, two[:7] + self.whole[self.starts[2]:])
        answer = self.media({'kind': 'in-band-error', 'fragment': self.numbers[0]},
                            {'kind': 'cut', 'fragment': self.numbers[0], 'at': 'chunk-edge'})
        self.assertIn(b'FRAGMENT_NOT_FOUND', answer.body)
        self.assertLess(len(answer.body), 300)

    def test_only_requests_for_the_fragment(self):
        self.emulator.set_faults({'kind': 'reset', 'fragment': self.numbers[4], 'count': 1},
                                 {'kind': 'reorder', 'request': 1})
        self.assertEqual(self.emulator.media('cam', self.numbers[:2]),
                         self.chunks[1] + self.chunks[0])
        self.assertEqual(self.emulator.media('cam', self.numbers[:2]),
                         self.chunks[0] + self.chunks[1])
        self.emulator.list_all('cam')
        self.assertEqual(self.emulator.raw_media('cam', self.numbers).ending, 'reset')
        self.assertEqual(self.emulator.media('cam', self.numbers), self.whole)

    def test_only_a_stream(self):
        other = self.emulator.numbers('other')
        self.emulator.set_faults({'kind': 'missing', 'stream': 'other',
                                  'fragment-position': 'first'})
        self.assertEqual(self.emulator.media('cam', self.numbers), self.whole)
        chunks = ebml.split_chunks(self.emulator.media('other', other))
        self.assertEqual([ebml.Chunk(chunk).tag(TAG) for chunk in chunks], other[1:])

    def test_options_that_do_not_fit(self):
        for fault, problem in (
                ({'kind': 'cut', 'at': 'mid-block', 'bytes': 3}, 'exclude each other'),
                ({'kind': 'cut', 'at': 'nowhere'}, 'must be one of first-byte'),
                ({'kind': 'cut', 'length': 3}, 'is not a known option'),
                ({'kind': 'repeat', 'at': 'end'}, 'is not a known option'),
                ({'kind': 'garbage', 'at': 'chunk-edge', 'length': 0}, 'must not be 0'),
                ({'kind': 'cut', 'request': 'every', 'count': 2}, 'exclude each other'),
                ({'kind': 'cut', 'fragment': '1', 'fragment-position': 2}, 'exclude each other'),
                ({'kind': 'cut', 'fragment-position': 'best'}, 'must be one of first'),
                ({'kind': 'cut', 'fragment-position': 0}, 'must be an integer')):
            status, _, body = self.emulator.post(self.emulator.url + '/_emulator/faults',
                                                 {'faults': [fault]}, sign=False)
            self.assertEqual(status, 400)
            self.assertIn(problem, json.loads(body)['error'])


class LayoutTest(EmulatorTest):
    """Places are found in whatever layout the chunks have."""
    LAYOUTS = {'groups': {'blocks': 'group', 'cluster-size': 'known', 'clusters': 2, 'void': True,
                          'crc32': True, 'seek-head': True},
               'simple': {'timecode-place': 'last', 'nul-padding': True}}
    CONFIG = {'streams': [
        {'name': name, 'layout': layout, 'recordings': [
            {'fragments': 2, 'fps': 10, 'width': 64, 'height': 48, 'audio': [{'codec': 'alaw'}]}]}
        for name, layout in LAYOUTS.items()]}

    def test_places(self):
        self.addCleanup(self.emulator.set_faults)
        for stream in self.LAYOUTS:
            numbers = self.emulator.numbers(stream)
            first, second = ebml.split_chunks(self.emulator.media(stream, numbers))
            blocks = ranges(second, [0xA0, 0xA3])
            self.assertGreater(len(blocks), 20)
            begin, end = blocks[len(blocks) // 2]
            tracks = ranges(second, [ebml.TRACKS])[0]
            for at, offset in (('mid-header', sum(tracks) // 2), ('mid-block', (begin + end) // 2),
                               ('block-edge', blocks[len(blocks) // 2 - 1][1])):
                self.emulator.set_faults({'kind': 'end-early', 'fragment': numbers[1], 'at': at})
                self.assertEqual(self.emulator.media(stream, numbers), first + second[:offset], at)

    def test_error_chunks(self):
        """They have no Tracks and no blocks."""
        numbers = self.emulator.numbers('simple')
        self.addCleanup(self.emulator.set_faults)
        error = {'kind': 'in-band-error', 'fragment-index': 1}
        self.emulator.set_faults(error)
        chunk = self.emulator.media('simple', numbers[:1])
        head = ranges(chunk, [ebml.EBML])[0]
        for at, offset in (('mid-header', sum(head) // 2), ('mid-block', len(chunk) // 2),
                           ('block-edge', len(chunk) // 2), ('end', len(chunk) - 1)):
            self.emulator.set_faults(error, {'kind': 'end-early', 'fragment-index': 1, 'at': at})
            self.assertEqual(self.emulator.media('simple', numbers[:1]), chunk[:offset], at)


if __name__ == '__main__':
    main()
