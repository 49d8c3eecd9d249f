# SPDX-License-Identifier: LGPL-2.1-or-later
"""The Test Anything Protocol on standard output, so that meson counts every test, and every skip."""
import sys
import unittest


def skip_all(reason):
    print(f'1..0 # SKIP {reason}')
    sys.exit(0)


class TapResult(unittest.TextTestResult):
    """What people read is on standard error, as ever."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.told = 0

    def tell(self, verdict, test, comment=''):
        self.told += 1
        print(f'{verdict} {self.told} {test.id()}{comment}', flush=True)

    def addSuccess(self, test):
        super().addSuccess(test)
        self.tell('ok', test)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.tell('ok', test, f' # SKIP {reason}')

    def addError(self, test, err):
        super().addError(test, err)
        self.tell('not ok', test)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.tell('not ok', test)

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.tell('not ok', test)

    def stopTestRun(self):
        super().stopTestRun()
        print(f'1..{self.told}')


def main():
    # boto3 leaves its connections open
    runner = unittest.TextTestRunner(verbosity=2, warnings='ignore', resultclass=TapResult)
    unittest.main(testRunner=runner)
