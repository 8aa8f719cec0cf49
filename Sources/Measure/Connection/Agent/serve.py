class Agent:
    """Reads the runner's requests, keeps the cache of models and supervises the worker process."""

    def __init__(self):
        base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
        self.cache = os.path.join(base, "labbook-agent")
        self.input = b""
        self.heard, self.silence = time.monotonic(), RUNNER_SILENCE
        self.setup, self.worker, self.lock, self.part = None, None, None, None
        # The worker, and the processes that prepare models before anything is timed.
        self.processes, self.isPrepared = [], False

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
        for process in list(self.processes):
            self.finish(process)
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
        """Refers to models that are files of this machine. The worker checks their content before it reads them, unless they
        are still as they were when the runner read it."""
        for model, source in sorted(order["links"].items()):
            target = self.path(model)
            if model in order.get("stamps", {}):
                number, size, seconds, nanoseconds = order["stamps"][model]
                CHECKED[target] = (number, size, 10**9 * seconds + nanoseconds)
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
        for path in glob.glob(os.path.join(self.cache, "*.part")) + glob.glob(MEMORY_FOLDER + "/labbook-agent-*.part"):
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
        self.sweep()
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
        self.setup, self.isPrepared = order["setup"], False
        self.say(self.ask({"do": "ready"}, 120.0))

    def launch(self, setup):
        """Starts a process that works for this agent, with pipes to it."""
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
                for end in [orders[1], answers[0]] + [process[name] for process in self.processes for name in ("orders", "answers")]:
                    os.close(end)
                nothing = os.open(os.devnull, os.O_RDONLY)
                os.dup2(nothing, 0)
                os.dup2(errors.fileno(), 1)
                os.dup2(errors.fileno(), 2)
                work(setup, os.fdopen(orders[0]), answers[1])
            finally:
                os._exit(0)
        try:
            os.setpgid(pid, pid)
        except OSError:
            pass
        os.close(orders[0])
        os.close(answers[1])
        process = {"pid": pid, "orders": orders[1], "answers": answers[0], "errors": errors, "text": b""}
        self.processes.append(process)
        return process

    def finish(self, process, number=signal.SIGKILL):
        """Ends a process, and returns its exit status and its last line of output."""
        self.processes.remove(process)
        try:
            os.killpg(process["pid"], number)
        except OSError:
            pass
        os.close(process["orders"])
        os.close(process["answers"])
        _, status = os.waitpid(process["pid"], 0)
        try:
            # A converter that a crashed worker had started.
            os.killpg(process["pid"], signal.SIGKILL)
        except OSError:
            pass
        process["errors"].seek(0, os.SEEK_END)
        process["errors"].seek(max(0, process["errors"].tell() - 4096))
        said = last_line(process["errors"].read().decode("utf-8", "replace"))
        process["errors"].close()
        return status, said

    def stop_worker(self, number=signal.SIGKILL):
        worker, self.worker = self.worker, None
        return self.finish(worker, number) if worker else None

    def order(self, process, order):
        try:
            os.write(process["orders"], (json.dumps(order) + "\n").encode())
        except OSError:
            # The process has ended, which the end of its answers tells.
            pass

    def listen(self, processes):
        """Waits for at most a second for answers, reads what the runner sends, and returns the processes that have answered."""
        ready, _, _ = select.select([0] + [process["answers"] for process in processes], [], [], 1.0)
        if 0 in ready or time.monotonic() - self.heard > self.silence:
            self.fill(0)
        return [process for process in processes if process["answers"] in ready]

    def answers(self, process):
        """Returns the messages of a process whose pipe has bytes; None at its end."""
        data = os.read(process["answers"], 1 << 16)
        if not data:
            return None
        *lines, process["text"] = (process["text"] + data).split(b"\n")
        return [json.loads(line.decode()) for line in lines]

    def ask(self, order, seconds, conversion=CONVERSION_LIMIT):
        """Returns the worker's answer, or the cause of a failure. Forwards its other messages to the runner."""
        if not self.worker:
            self.worker = self.launch(self.setup)
        worker = self.worker
        self.order(worker, order)
        heard = told = time.monotonic()
        limit, isConverting = seconds, False
        while True:
            if isConverting and time.monotonic() - told > 10:
                # The runner hears from a device that converts for minutes.
                told = time.monotonic()
                self.say({"event": "converting"})
            if worker in self.listen([worker]):
                messages = self.answers(worker)
                if messages is None:
                    return self.crashed()
                heard = time.monotonic()
                for message in messages:
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

    def prepare(self, order):
        """Converts or optimises the models on all processors before any is timed. A model with which this fails is tried
        again in its visit, which reports the reason."""
        limit = order.get("conversion", CONVERSION_LIMIT)
        paths = sorted({self.path(each["model"]) for each in order["visits"]})
        missing = self.ask({"do": "unprepared", "paths": paths}, order["limit"], limit).get("paths", [])
        processors = self.setup.get("processors") or sorted(os.sched_getaffinity(0))
        count = min(len(missing), preparers(missing, len(processors)))
        if count < 2:
            return
        setup = dict(self.setup, processors=processors)
        idle, busy, told, total = [self.launch(setup) for _ in range(count)], [], time.monotonic(), len(missing)
        self.say({"event": "preparing", "done": 0, "of": total})
        while busy or (missing and idle):
            while missing and idle:
                process = idle.pop()
                process["since"] = time.monotonic()
                self.order(process, {"do": "prepare", "path": missing.pop()})
                busy.append(process)
            ready, now = self.listen(busy), time.monotonic()
            for process in list(busy):
                messages = self.answers(process) if process in ready else []
                if messages is None or now - process["since"] > limit:
                    # It crashed or takes too long. The others prepare the rest.
                    busy.remove(process)
                    self.finish(process)
                elif any(message["event"] not in ("converting", "prepared") for message in messages):
                    busy.remove(process)
                    idle.append(process)
            if now - told > 2:
                told = now
                self.say({"event": "preparing", "done": total - len(missing) - len(busy), "of": total})
        for process in idle:
            self.finish(process)
        self.say({"event": "preparing", "done": total, "of": total})

    def visit(self, order):
        if not self.isPrepared and len(order["visits"]) > 1 and not order.get("alone"):
            self.prepare(order)
            self.isPrepared = True
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


def preparers(paths, processors):
    """Returns the number of processes that may prepare models at once: one for each processor, as far as the memory
    suffices. A runtime needs several times a model's size for that."""
    sizes = [os.path.getsize(path) for path in paths if os.path.exists(path)]
    free = [int(line.split()[1]) << 10 for line in read("/proc/meminfo").splitlines() if line.startswith("MemAvailable")]
    most = sum(free) // ((256 << 20) + 8 * max(sizes, default=0))
    return min(processors, most)


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
