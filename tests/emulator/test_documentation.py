#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What docs/emulator.md tells to paste, pasted."""
import os
import re
import unittest

from support import EmulatorTest
from tap import main

PAGE = os.path.join(os.path.dirname(__file__), '..', '..', 'docs', 'emulator.md')
NUMBER_TAG = b'AWS_KINESISVIDEO_FRAGMENT_NUMBER'


class QuickStartTest(EmulatorTest):
    CONFIG = {'streams': [{'name': 'demo', 'recordings': [
        {'fragments': 35, 'fps': 5, 'width': 160, 'height': 120}]}]}

    def test_boto3(self):
        with open(PAGE) as page:
            snippet, = re.findall(r'^```python\n(.*?)^```$', page.read(), re.M | re.S)
        self.assertIn('http://127.0.0.1:8080', snippet)
        names = {}
        exec(snippet.replace('http://127.0.0.1:8080', self.emulator.url), names)
        # Those that begin in the minute, its end included.
        numbers = self.emulator.numbers('demo')[:31]
        self.assertCountEqual(names['numbers'], numbers)
        self.assertEqual(names['media'].count(NUMBER_TAG), 31)
        for number in numbers:
            self.assertIn(number.encode(), names['media'])
        self.assertEqual(names['mp4'][4:8], b'ftyp')


if __name__ == '__main__':
    main()
