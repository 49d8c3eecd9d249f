#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Whether botocore's own chain of credentials and ours find the same, case by case. With --table it
prints the rows of docs/credentials-botocore.md; CompareTest.test_x as an argument runs one case."""
import os
import shutil
import sys
import unittest

# First, for it sets the home folder that botocore sees.
from tools import ABILITIES, HOME, VERSION, ask_botocore, ask_ours  # isort: skip
import environment_cases
import file_cases
import metadata_cases
import order_cases
import role_cases
import sso_cases
from services import SECRET, Services

CASES = [case for module in (environment_cases, file_cases, role_cases, sso_cases, metadata_cases,
                             order_cases) for case in module.CASES]
DOCS = os.path.join(os.path.dirname(__file__), '..', '..', 'docs', 'credentials-botocore.md')


def row(case):
    """Of a difference in the docs."""
    theirs, ours = case.expected_of_botocore(), case.expected_of_us()
    if theirs == ours:
        theirs, ours = case.botocore_region, case.region
    theirs = theirs.replace('\n', ' and a line end')
    return f'| {case.name} | {theirs or "an empty key"} | {ours} | {case.why} |'


def alike(theirs, ours):
    if theirs.failed or ours.failed:
        return theirs.failed and ours.failed
    return (theirs.found, theirs.region) == (ours.found, ours.region)


def set_up_home(files):
    for entry in os.scandir(HOME.name):
        shutil.rmtree(entry.path) if entry.is_dir() else os.remove(entry.path)
    for path, text in files.items():
        path = os.path.join(HOME.name, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w', encoding='utf-8', errors='surrogateescape') as file:
            file.write(text)


class CompareTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.services = Services()
        cls.addClassCleanup(cls.services.stop)

    def check(self, case):
        url = self.services.url
        environment, files = case.environment(HOME.name, url), case.all_files(HOME.name, url)
        set_up_home(files)
        theirs = ask_botocore(environment, case.profile, case.aws_region, url, bool(case.endpoint))
        set_up_home(files)  # it may have changed them
        ours = ask_ours(environment, case.profile, case.aws_region, url)
        told = f'\nbotocore: {theirs}\nours:     {ours}'

        self.assertEqual(ours.found, case.expected_of_us(), told)
        self.assertEqual(theirs.found, case.expected_of_botocore(ABILITIES), told)
        if not ours.failed:
            self.assertEqual(ours.region, case.region, told)
        if not theirs.failed:
            self.assertEqual(theirs.region or 'none', case.botocore_region or case.region, told)
        self.assertEqual(alike(theirs, ours), not case.is_difference(ABILITIES), told)
        if case.endpoint:
            self.assertEqual((theirs.endpoint, ours.endpoint), (case.endpoint, case.endpoint), told)
        self.assertNotIn(SECRET, ours.message)


class TableTest(unittest.TestCase):
    def test_there_are_enough(self):
        self.assertGreaterEqual(len(CASES), 60)
        names = [case.name for case in CASES]
        self.assertEqual(sorted(names), sorted(set(names)))

    def test_documented_differences(self):
        with open(DOCS) as file:
            lines = file.read().splitlines()
        rows = [line for line in lines if line.startswith('| ')][1:]  # without the headings
        self.assertEqual(rows, [row(case) for case in CASES if case.why])


def test_of(case):
    def test(self):
        self.check(case)
    return test


for CASE in CASES:
    setattr(CompareTest, f'test_{CASE.name.replace("-", "_")}', test_of(CASE))


if __name__ == '__main__':
    if '--table' in sys.argv:
        print('\n'.join(row(case) for case in CASES if case.why))
    else:
        print(f'botocore {VERSION}, {len(CASES)} configurations', flush=True)
        unittest.main(verbosity=2)
