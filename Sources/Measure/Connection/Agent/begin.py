"""Labbook's agent: runs models on a device and times them.

It needs only Python 3.7 or later and the runtimes. It reads one JSON object per line from standard input and answers on
standard output. It opens no port, leaves only a cache of models by content behind, and exits at the end of its input.
"""

import errno
import gc
import glob
import hashlib
import json
import os
import platform
import re
import resource
import select
import shutil
import signal
import statistics
import sys
import tempfile
import time

VERSION = 1
# The seconds without a line from the runner after which the agent exits, since a cut connection isn't always reported.
# The runner's first request may set another number.
RUNNER_SILENCE = 60.0
# The seconds that the conversion of a model may take, beside its own time limit. A small device takes minutes for some.
CONVERSION_LIMIT = 600.0

# ONNX Runtime 1.32 sends events to its makers from threads of its own and keeps a database in the user's cache folder,
# unless this is set before it is loaded.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

# This host in names of files. Hosts may share a home folder, and with it the cache.
HOST = re.sub("[^A-Za-z0-9-]", "-", platform.node())


def read(path, default=""):
    try:
        with open(path) as file:
            return file.read().strip("\0\n ")
    except (OSError, UnicodeDecodeError):
        return default


def last_line(text):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:300] if lines else ""


def keep(part, target):
    """Renames a complete file. Its content is on the disk before its name, so that a power cut leaves no torn file."""
    descriptor = os.open(part, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    os.rename(part, target)


def unfinished(path):
    """Returns a temporary name for a file of the cache. The host's next agent removes the file if this process is killed."""
    return "%s.%s-%d.part" % (path, HOST, os.getpid())


def scratch(beside):
    """Makes a temporary folder beside a file of the cache."""
    return tempfile.mkdtemp(dir=os.path.dirname(beside), prefix=os.path.basename(beside) + ".", suffix=unfinished(""))


# A folder in memory, in which a runtime that writes many small parts is much faster than on a disk.
MEMORY_FOLDER = "/dev/shm"


def build_folder(target, size):
    """Makes a temporary folder for making a file of the cache: in memory, if there is much more room than `size` bytes, or
    else beside it."""
    folder = unfinished(target)
    try:
        room = os.statvfs(MEMORY_FOLDER)
        if room.f_bavail * room.f_frsize > 8 * size:
            inside = os.path.join(MEMORY_FOLDER, "labbook-agent-" + os.path.basename(folder))
            os.mkdir(inside)
            return inside
    except OSError:
        pass
    os.mkdir(folder)
    return folder


# The status of the linked models whose content this process has checked.
CHECKED = {}


def unchanged(path):
    """Returns the path of a model after checking that a linked file still has the content that the link's name tells."""
    if os.path.islink(path):
        status = os.stat(path)
        status = (status.st_ino, status.st_size, status.st_mtime_ns)
        if CHECKED.get(path) != status:
            digest = hashlib.sha256()
            with open(path, "rb") as file:
                for data in iter(lambda: file.read(1 << 20), b""):
                    digest.update(data)
            if not os.path.basename(path).startswith(digest.hexdigest()):
                raise ValueError("the file has changed since the measurement began")
            CHECKED[path] = status
    return path


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


class NoProfiler(Exception):
    pass


class Runtime:
    """The adapter of a runtime: `load` sets `run`, `suffix` is the extension of the model files that it reads, and `needs`
    names modules or programs that its package doesn't bring."""

    needs = ()
    # Packages that bring the same module for other processors.
    variants = ()
    # The package that converts models, if it isn't the runtime's own.
    converter = None
    # Tells whether the converter is there.
    find_converter = staticmethod(lambda: True)
    # Called before a conversion, which may take long.
    converting = staticmethod(lambda: None)

    def __init__(self, setup):
        self.threads = setup["threads"]
        self.version = installed(self.package, *self.variants)
        self.conversion = installed(self.converter or self.package) or "unknown"
        self.options = setup.get("options", {})

    def convert(self, source, target):
        raise ValueError("%s reads %s files only, and this model has another format" % (self.title, self.suffix))

    def packed(self, stem):
        """Packs the files of a converted model into one, if there are several."""

    def converted(self, path):
        """Returns the path of the converted model, which each version of the converter makes for itself. ModelConversion
        names its copy by what follows `.onnx`."""
        stem, extension = os.path.splitext(path)
        return "%s.%s%s%s" % (stem, self.conversion, extension, self.suffix)

    def earlier(self, path):
        """Returns the paths of the models that any version of the converter made of this one, the newest last."""
        stem, extension = os.path.splitext(path)
        return sorted(glob.glob("%s.*%s%s" % (glob.escape(stem), extension, self.suffix)), key=os.path.getmtime)

    def available(self, path):
        """Returns the path of the model in the runtime's format, or None if it has to be made."""
        if path.endswith(self.suffix):
            return path
        target = self.converted(path)
        if os.path.exists(target):
            return target
        # The converter of an earlier measurement may have been removed since.
        earlier = self.earlier(path) if self.conversion == "unknown" else []
        return earlier[-1] if earlier else None

    def prepared(self, path):
        """Returns the path of the model in the runtime's format. It is converted once and kept beside the original."""
        present = self.available(path)
        if present:
            return unchanged(present)
        target = self.converted(path)
        part = unfinished(target)
        self.converting()
        try:
            self.convert(unchanged(path), part)
            # Another host with this home folder may have converted the model meanwhile, and run it.
            if not os.path.exists(target):
                keep(part, target)
        finally:
            if os.path.exists(part):
                os.unlink(part)
        return target

    def profile(self, path, runs):
        """Returns the nanoseconds of whole runs and, for each operator, its name, type, nanoseconds and start in a run."""
        raise NoProfiler("Labbook supports no profiler of %s" % self.title)


# The adapters by their names in devices.yaml. Each of the files runtime_*.py adds its own.
RUNTIMES = {}
