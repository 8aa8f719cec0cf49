"""Labbook's agent: runs models on a device and times them.

It needs Python 3.7 or later and the runtimes alone, reads one JSON object a line from standard input and answers on standard
output. It opens no port, and leaves nothing behind but a cache of models by content. Its end follows the end of its input.
"""

import gc
import glob
import hashlib
import json
import os
import platform
import resource
import select
import shutil
import signal
import statistics
import sys
import tempfile
import time

VERSION = 1
# Seconds without a line from the runner after which it counts as gone: a cut connection isn't always told.
RUNNER_SILENCE = 60.0


def read(path, default=""):
    try:
        with open(path) as file:
            return file.read().strip("\0\n ")
    except (OSError, UnicodeDecodeError):
        return default


def last_line(text):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:300] if lines else ""


def timed(run, count):
    times = []
    for _ in range(count):
        began = time.perf_counter_ns()
        run()
        times.append(time.perf_counter_ns() - began)
    return times


def random_input(shape, kind="float32"):
    import numpy

    shape = [size if isinstance(size, int) and size > 0 else 1 for size in shape]
    values = numpy.random.RandomState(0).standard_normal(shape)
    return numpy.ascontiguousarray(values.astype(kind))


class Runtime:
    """What an adapter gives: `load` makes `run` ready; `suffix` is the form of model that it reads."""

    def __init__(self, setup):
        self.threads = setup["threads"]
        self.options = setup.get("options", {})

    def convert(self, source, target):
        raise ValueError("%s reads %s files, and can't convert others" % (self.title, self.suffix))

    def prepared(self, path):
        """The model in the runtime's own form, converted once and kept beside the original."""
        if path.endswith(self.suffix):
            return path
        target = path + self.suffix
        if not os.path.exists(target):
            part = "%s.%d.part" % (target, os.getpid())
            try:
                self.convert(path, part)
                os.rename(part, target)
            finally:
                if os.path.exists(part):
                    os.unlink(part)
        return target

    def profile(self, path, runs):
        raise ValueError("%s has no profiler that Labbook knows" % self.title)


# Adapters by the names that devices.yaml has for them; each file below adds its own.
RUNTIMES = {}
