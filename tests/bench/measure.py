"""Runs programs in turn and compares what they took."""
import os
import statistics
import subprocess
import time


def once(command):
    """(seconds, CPU seconds, peak resident MB) of one run."""
    begin = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - begin
    if status != 0:
        raise SystemExit(f"failed: {' '.join(command)}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def medians(commands, runs):
    """The medians of (seconds, CPU seconds, MB) of each command, all run once in each round. The
    first round warms up."""
    figures = {name: [] for name in commands}
    for run in range(runs + 1):
        for name, command in commands.items():
            figure = once(command)
            if run > 0:
                figures[name].append(figure)
    return {name: [statistics.median(column) for column in zip(*rows)]
            for name, rows in figures.items()}
