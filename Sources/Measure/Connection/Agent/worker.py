class Worker:
    """Loads one model at a time, warms it up and times it."""

    def __init__(self, setup, say):
        self.setup, self.say = setup, say
        self.processors = setup.get("processors") or last_processors(setup["threads"])
        os.sched_setaffinity(0, self.processors)
        # If the system allows it, the worker gets a high priority, and is killed first if memory runs out.
        for change in (lambda: os.nice(-10), self.volunteer):
            try:
                change()
            except OSError:
                pass
        if setup.get("memory"):
            limit = int(setup["memory"]) << 20
            resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
        self.runtime = RUNTIMES[setup["runtime"]](setup)
        self.runtime.converting = lambda: say({"event": "converting"})
        # The code makes no reference cycles, and a garbage collection during a run would be part of the measured time.
        gc.disable()
        self.load = Load()
        # A worker that follows one that crashed goes on with its probe and its patience.
        self.best_probe = setup.get("probe")
        self.isDisturbed = False
        self.patience = setup.get("patience", 600.0)

    def volunteer(self):
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("1000")

    def probe(self):
        """Returns the nanoseconds of a fixed piece of work. It shows whether the processor is slower than before."""
        best = None
        for _ in range(3):
            began = time.perf_counter_ns()
            total = 0
            for value in range(1500):
                total += value * value
            spent = time.perf_counter_ns() - began
            best = spent if best is None else min(best, spent)
        return best

    def wait_for_quiet(self):
        """Waits while other processes keep processors busy, at most `patience` seconds in total, and reports it."""
        limit = self.setup.get("quiet", 0.15)
        began = told = last = time.perf_counter()
        while self.patience > 0:
            time.sleep(Load.WINDOW)
            others, steal = self.load.look()
            if others <= limit and steal <= 0.01:
                break
            now = time.perf_counter()
            self.patience -= now - last
            last = now
            if now - told > 2 or told == began:
                told = now
                self.say({"event": "waiting", "others": round(others, 2), "by": busiest(), "patience": round(self.patience, 1)})
        return time.perf_counter() - began

    def unprepared(self, order):
        return {"event": "unprepared", "paths": [path for path in order["paths"] if not self.runtime.available(path)]}

    def prepare(self, order):
        self.runtime.prepared(order["path"])
        return {"event": "done"}

    def prepared(self, order):
        path = self.runtime.prepared(order["path"])
        self.say({"event": "prepared"})
        return path

    def warm_up(self):
        """Runs the model until three runs are no faster than the three before, and returns the nanoseconds of each."""
        warm = []
        while len(warm) < 50:
            warm += timed(self.runtime.run, 3)
            if len(warm) >= 6 and statistics.median(warm[-6:-3]) <= 1.03 * statistics.median(warm[-3:]):
                break
        return warm

    def visit(self, order):
        began = time.perf_counter_ns()
        waiting = self.wait_for_quiet() if self.isDisturbed else 0.0
        # The previous model is released before the next one is converted or loaded.
        self.runtime.run = None
        path = self.prepared(order)
        if self.load.age() > Load.WINDOW:
            # A converter's process is none of the other programs that disturb a measurement.
            self.load = Load()
        ready = time.perf_counter_ns()
        self.runtime.load(path)
        loaded = time.perf_counter_ns() - ready
        warm = self.warm_up()
        before = clocks(self.processors)
        probe, stalled, start = self.probe(), waited(), time.perf_counter_ns()
        # The timed runs take so long that loading and probing are a small part. Conversion (once only) isn't counted.
        # A model that loads slowly doesn't take more than half of its time limit for that.
        wanted = order.get("factor", 0.0) * (start - ready - sum(warm)) - sum(warm)
        wanted = min(wanted, 0.5e9 * order["limit"] - (start - began))
        runs = []
        while len(runs) < order["runs"] or (sum(runs) < wanted and len(runs) < order["most"]):
            runs += timed(self.runtime.run, 5)
        spent, stalled = time.perf_counter_ns() - start, waited() - stalled
        others, steal = self.load.look()
        after = clocks(self.processors)
        self.best_probe = min(probe, self.best_probe or probe)
        spoilt = []
        if stalled > 0.01 * spent * self.setup["threads"]:
            spoilt.append("other processes ran on its processors")
        if others > self.setup.get("quiet", 0.15):
            spoilt.append("other processes kept %.1f processors busy" % others)
        if steal > 0.01:
            spoilt.append("the hypervisor took %.0f %% of the time" % (100 * steal))
        if after["throttled"] > before["throttled"] or before["limited"] or after["limited"]:
            spoilt.append("the processor was throttled")
        # Each processor is compared with itself: those of one device may have different clocks.
        if any(now < 0.95 * then for then, now in zip(before["clock"], after["clock"])):
            spoilt.append("the processor's clock fell")
        if probe > 1.15 * self.best_probe:
            spoilt.append("the processor was slower than before")
        self.isDisturbed = bool(spoilt)
        return {"event": "visit", "load": loaded, "warm": [len(warm), sum(warm)], "runs": runs, "stalled": stalled,
                "others": round(others, 3), "steal": round(steal, 4), "probe": probe, "clock": after["clock"], "heat": after["heat"],
                "spoilt": spoilt, "waiting": round(waiting, 3), "wall": time.perf_counter_ns() - began - int(waiting * 1e9)}

    def convert(self, order):
        """The model's files in the runtime's own form."""
        path = self.prepared(order)
        if not path.endswith(self.runtime.suffix) or self.runtime.suffix == ".onnx":
            raise ValueError("%s reads ONNX files as they are" % self.runtime.title)
        stem = path[: -len(self.runtime.suffix)]
        self.runtime.packed(stem)
        files = [name for name in glob.glob(glob.escape(stem) + self.runtime.suffix.split(".param")[0] + "*") if not name.endswith(".part")]
        return {"event": "converted", "files": len(files), "paths": sorted(files)}

    def profile(self, order):
        path = self.prepared(order)
        self.runtime.load(path)
        self.warm_up()
        # Blocks of runs without and with the profiler alternate, so that a change of the processor's clock affects both alike.
        plain, whole, operators = [], [], {}
        blocks = min(5, order["runs"])
        for block in range(blocks):
            # The time limit of a model holds for each block, since a profile has more runs than a visit.
            self.say({"event": "prepared"})
            runs = (block + 1) * order["runs"] // blocks - len(plain)
            # The model that the profiler ran has displaced this one from the caches.
            plain += timed(self.runtime.run, runs + 3)[3:]
            try:
                times, steps = self.runtime.profile(path, runs)
            except NoProfiler:
                continue
            whole += times
            for name, kind, *values in steps:
                operators.setdefault((name, kind), []).append(values)
        return {"event": "profile", "plain": plain, "profiled": whole,
                "operators": [[*key, *(statistics.median(values) for values in zip(*parts))] for key, parts in operators.items()]}

    def answer(self, order):
        try:
            return getattr(self, order["do"])(order)
        except MemoryError:
            return {"event": "failed", "reason": "memory ran out"}
        except Exception as error:
            text = " ".join(str(error).split())[:300] or type(error).__name__
            return {"event": "failed", "reason": "memory ran out" if "bad_alloc" in text else text}
