class Agent:
    """Reads the runner's requests, keeps the cache of models and supervises the worker process."""

    def __init__(self):
        base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
        self.cache = os.path.join(base, "labbook-agent")
        self.input = b""
        self.heard, self.silence = time.monotonic(), RUNNER_SILENCE
        self.setup, self.worker, self.lock, self.part = None, None, None, None

    def say(self, message):
        data = (json.dumps(message) + "\n").encode()
        while data:
            data = data[os.write(1, data):]

    # Input

    def fill(self, seconds):
        """Reads bytes from the runner, waiting at most `seconds`. Exits at the end of the input."""
        ready, _, _ = select.select([0], [], [], seconds)
        if ready:
            data = os.read(0, 1 << 16)
            if not data:
                self.end()
            self.input += data
            self.heard = time.monotonic()
        elif time.monotonic() - self.heard > self.silence:
            self.end()

    def request(self):
        while b"\n" not in self.input:
            self.fill(self.silence)
        line, self.input = self.input.split(b"\n", 1)
        return json.loads(line.decode())

    def payload(self, count):
        while len(self.input) < count:
            self.fill(self.silence)
            if len(self.input) > 1 << 20 or len(self.input) >= count:
                part, self.input = self.input[:count], self.input[count:]
                count -= len(part)
                yield part
        if count:
            part, self.input = self.input[:count], self.input[count:]
            yield part

    def end(self):
        self.stop_worker()
        if self.part and os.path.lexists(self.part):
            os.unlink(self.part)
        os._exit(0)

    # Models

    def path(self, digest):
        return os.path.join(self.cache, "".join(letter for letter in digest if letter.isalnum() or letter in "._-"))

    def put(self, order):
        """Stores a model under its SHA-256 and suffix. All its bytes are read even if they can't be stored."""
        target, reason, digest = self.path(order["model"]), None, hashlib.sha256()
        part = unfinished(target)
        file = None
        try:
            os.makedirs(self.cache, exist_ok=True)
            file = open(part, "wb")
            self.part = part
        except OSError as error:
            reason = error.strerror
        for data in self.payload(order["bytes"]):
            digest.update(data)
            if file and not reason:
                try:
                    file.write(data)
                except OSError as error:
                    reason = error.strerror
        try:
            if file:
                file.close()
        except OSError as error:
            reason = reason or error.strerror
        if not reason and not order["model"].startswith(digest.hexdigest()):
            reason = "it was damaged on the way"
        if not reason:
            try:
                keep(part, target)
            except OSError as error:
                reason = error.strerror
        if reason and file and os.path.exists(part):
            os.unlink(part)
        self.part = None
        self.say({"event": "put", "model": order["model"], "reason": reason})

    def link(self, order):
        """Refers to models that are files of this machine. The worker checks their content before it reads them."""
        for model, source in sorted(order["links"].items()):
            target = self.path(model)
            self.part = unfinished(target)
            try:
                os.makedirs(self.cache, exist_ok=True)
                os.symlink(source, self.part)
                os.rename(self.part, target)
            except OSError as error:
                return self.say({"event": "linked", "model": model, "reason": error.strerror})
            finally:
                self.part = None
        self.say({"event": "linked"})

    def have(self, order):
        """Names the models that aren't here. A link is no copy: what it refers to may have another content by now."""
        self.sweep()
        paths = {model: self.path(model) for model in order["models"]}
        missing = [model for model, path in paths.items() if os.path.islink(path) or not os.path.exists(path)]
        self.say({"event": "have", "missing": missing})

    def sweep(self):
        """Removes the partial files of agents that ended while they stored or converted a model."""
        for path in glob.glob(os.path.join(self.cache, "*.part")):
            # Agents of earlier versions named only their process.
            host, _, owner = path.rsplit(".", 2)[1].rpartition("-")
            try:
                isUsed = host not in (HOST, "") or (owner.isdigit() and os.path.exists("/proc/" + owner))
                # A container's host name is gone with it.
                if isUsed and time.time() - os.lstat(path).st_mtime < 86400:
                    continue
                shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)
            except OSError:
                pass

    def clean(self, order):
        # Machines that share a home folder share the cache, and each has a lock in it.
        locks = [self.take(path) for path in {self.lock_path(), *glob.glob(os.path.join(self.cache, "lock*"))}]
        if None in locks:
            reason = "a measurement on a device with this home folder uses the models; clean them afterwards"
            self.say({"event": "refused", "reason": reason})
        else:
            paths = (path for path in glob.glob(os.path.join(self.cache, "*")) if not os.path.basename(path).startswith("lock"))
            files = [path for path in paths if os.path.islink(path) or os.path.isfile(path)]
            size = sum(os.lstat(path).st_size for path in files)
            shutil.rmtree(self.cache, ignore_errors=True)
            self.say({"event": "cleaned", "files": len(files), "bytes": size})
        for lock in filter(None, locks):
            lock.close()

    def hello(self, order):
        self.silence = order.get("silence", RUNNER_SILENCE)
        self.say({"event": "hello", "agent": VERSION, "pid": os.getpid()})

    def alive(self, order):
        pass

    def describe(self, order):
        self.say(dict(describe(), event="description"))

    # Measuring

    def lock_path(self):
        # All containers of a machine have the kernel's boot id in common, and a host name each.
        return os.path.join(self.cache, "lock-" + (read("/proc/sys/kernel/random/boot_id")[:8] or HOST))

    def take(self, path):
        """Takes a lock and returns its open file; None if another agent has it. Raises OSError on a file system without locks."""
        import fcntl

        os.makedirs(self.cache, exist_ok=True)
        file = open(path, "a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Another agent may have removed the file meanwhile, with all others.
            isThere = os.stat(path).st_ino == os.fstat(file.fileno()).st_ino
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.EWOULDBLOCK, errno.ENOENT, errno.ESTALE):
                file.close()
                raise OSError(error.errno, error.strerror, path)
            isThere = False
        if not isThere:
            file.close()
            return None
        return file

    def reserve(self):
        """Locks the device, and returns whether no other agent has. Two measurements at once would disturb each other."""
        if self.lock is None:
            self.lock = self.take(self.lock_path())
        return self.lock is not None

    def start(self, order):
        """Locks the device and starts a worker."""
        began = time.monotonic()
        while not self.reserve():
            self.say({"event": "busy", "seconds": round(time.monotonic() - began)})
            self.fill(0.5)
        self.stop_worker()
        self.setup = order["setup"]
        self.say(self.ask({"do": "ready"}, 120.0))

    def start_worker(self):
        orders, answers, errors = os.pipe(), os.pipe(), None
        try:
            errors = tempfile.TemporaryFile()
        except OSError:
            errors = open(os.devnull, "w+b")
        pid = os.fork()
        if pid == 0:
            try:
                # Its own process group, so that a converter which it started ends with it.
                os.setpgid(0, 0)
                end_with_parent()
                os.close(orders[1])
                os.close(answers[0])
                nothing = os.open(os.devnull, os.O_RDONLY)
                os.dup2(nothing, 0)
                os.dup2(errors.fileno(), 1)
                os.dup2(errors.fileno(), 2)
                work(self.setup, os.fdopen(orders[0]), answers[1])
            finally:
                os._exit(0)
        try:
            os.setpgid(pid, pid)
        except OSError:
            pass
        os.close(orders[0])
        os.close(answers[1])
        self.worker = {"pid": pid, "orders": orders[1], "answers": answers[0], "errors": errors, "text": b""}

    def stop_worker(self, number=signal.SIGKILL):
        if not self.worker:
            return None
        worker, self.worker = self.worker, None
        try:
            os.killpg(worker["pid"], number)
        except OSError:
            pass
        os.close(worker["orders"])
        os.close(worker["answers"])
        _, status = os.waitpid(worker["pid"], 0)
        try:
            # A converter that a crashed worker had started.
            os.killpg(worker["pid"], signal.SIGKILL)
        except OSError:
            pass
        worker["errors"].seek(0, os.SEEK_END)
        worker["errors"].seek(max(0, worker["errors"].tell() - 4096))
        said = last_line(worker["errors"].read().decode("utf-8", "replace"))
        worker["errors"].close()
        return status, said

    def ask(self, order, seconds, conversion=CONVERSION_LIMIT):
        """Returns the worker's answer, or the cause of a failure. Forwards its other messages to the runner."""
        if not self.worker:
            self.start_worker()
        worker = self.worker
        try:
            os.write(worker["orders"], (json.dumps(order) + "\n").encode())
        except OSError:
            pass
        heard = told = time.monotonic()
        limit, isConverting = seconds, False
        while True:
            if isConverting and time.monotonic() - told > 10:
                # The runner hears from a device that converts for minutes.
                told = time.monotonic()
                self.say({"event": "converting"})
            ready, _, _ = select.select([0, worker["answers"]], [], [], 1.0)
            if 0 in ready or time.monotonic() - self.heard > self.silence:
                self.fill(0)
            if worker["answers"] in ready:
                data = os.read(worker["answers"], 1 << 16)
                if not data:
                    return self.crashed()
                worker["text"] += data
                heard = time.monotonic()
                while b"\n" in worker["text"]:
                    line, worker["text"] = worker["text"].split(b"\n", 1)
                    message = json.loads(line.decode())
                    if message["event"] in ("converting", "prepared"):
                        isConverting = message["event"] == "converting"
                        limit, told = conversion if isConverting else seconds, heard
                        if order["do"] == "profile" and not isConverting:
                            # The runner doesn't wait longer for a line than the limit, which each block has for itself.
                            self.say(message)
                        continue
                    if message["event"] not in ("waiting",):
                        if message.get("probe"):
                            self.setup["probe"] = min(message["probe"], self.setup.get("probe") or message["probe"])
                        return message
                    self.setup["patience"] = message["patience"]
                    self.say(message)
            elif time.monotonic() - heard > limit:
                self.stop_worker()
                work = "converting it took" if isConverting else "it took"
                return {"event": "failed", "reason": "%s more than %g seconds" % (work, limit)}

    def crashed(self):
        status, said = self.stop_worker(0)
        if os.WIFSIGNALED(status):
            number = os.WTERMSIG(status)
            name = signal.Signals(number).name
            reason = "the runtime crashed (%s)" % name
            if number == signal.SIGKILL:
                reason = "the process was killed (SIGKILL), as happens when the device's memory runs out"
        else:
            reason = "the runtime ended the process (exit code %d)" % os.WEXITSTATUS(status)
        return {"event": "failed", "reason": reason + (": " + said if said else "")}

    def visit(self, order):
        for each in order["visits"]:
            request = dict(each, do=order.get("how", "visit"), path=self.path(each["model"]), limit=order["limit"])
            answer = self.ask(request, order["limit"], order.get("conversion", CONVERSION_LIMIT))
            self.say(dict(answer, id=each["id"], round=each.get("round")))
        self.say({"event": "done"})

    def serve(self):
        while True:
            order = self.request()
            if order["do"] not in ("hello", "alive", "describe", "have", "put", "link", "clean", "start", "visit"):
                self.say({"event": "refused", "reason": "the agent has no request \"%s\"" % order["do"]})
                continue
            try:
                getattr(self, order["do"])(order)
            except OSError as error:
                self.say({"event": "refused", "reason": "%s: %s" % (error.filename or order["do"], error.strerror)})


def end_with_parent():
    """Has the kernel kill this process when the agent ends, however it ends."""
    try:
        import ctypes

        ctypes.CDLL(None).prctl(1, int(signal.SIGKILL))
    except (ImportError, AttributeError, OSError):
        pass


def work(setup, orders, answers):
    """Runs the worker: it reads one order per line and writes one answer per line."""

    def say(message):
        data = (json.dumps(message) + "\n").encode()
        while data:
            data = data[os.write(answers, data):]

    try:
        worker = Worker(setup, say)
    except Exception as error:
        worker = None
        reason = "the runtime can't be started: " + (str(error) or type(error).__name__)
        if isinstance(error, OSError) and setup.get("processors"):
            reason = "the processors %s can't be used: %s" % (setup["processors"], error.strerror)
    for line in orders:
        order = json.loads(line)
        if worker is None:
            say({"event": "failed", "reason": reason})
        elif order["do"] == "ready":
            say({"event": "ready", "processors": worker.processors})
        else:
            say(worker.answer(order))


signal.signal(signal.SIGHUP, lambda number, frame: agent.end())
signal.signal(signal.SIGTERM, lambda number, frame: agent.end())
signal.signal(signal.SIGINT, signal.SIG_IGN)
agent = Agent()
agent.serve()
