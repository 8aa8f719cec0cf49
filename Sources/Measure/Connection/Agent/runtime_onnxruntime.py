class OnnxRuntime(Runtime):
    title, package, suffix = "ONNX Runtime", "onnxruntime", ".onnx"
    variants = ("onnxruntime-gpu", "onnxruntime-rocm", "onnxruntime-migraphx", "onnxruntime-openvino", "onnxruntime-qnn",
                "onnxruntime-cann", "onnxruntime-directml", "onnxruntime-training")
    kinds = {"tensor(float)": "float32", "tensor(float16)": "float16", "tensor(double)": "float64",
             "tensor(int64)": "int64", "tensor(int32)": "int32", "tensor(uint8)": "uint8", "tensor(int8)": "int8"}

    levels = {"none": "ORT_DISABLE_ALL", "basic": "ORT_ENABLE_BASIC", "extended": "ORT_ENABLE_EXTENDED", "all": "ORT_ENABLE_ALL"}

    def __init__(self, setup):
        super().__init__(setup)
        self.processor = instruction_sets()
        # The paths of prepared models that turned out to be of no use.
        self.useless = set()
        self.level = self.options.get("optimization", "all")
        if self.level not in self.levels:
            raise ValueError("optimization has to be one of " + ", ".join(sorted(self.levels)))
        self.provider = self.options.get("provider")
        if self.provider:
            import onnxruntime

            present = onnxruntime.get_available_providers()
            if self.provider not in present:
                raise ValueError("this ONNX Runtime has no %s, only %s" % (self.provider, ", ".join(present)))

    def session(self, path, level, profile=None, settings=()):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = self.threads
        options.inter_op_num_threads = 1
        options.graph_optimization_level = getattr(onnxruntime.GraphOptimizationLevel, self.levels[level])
        if profile:
            options.enable_profiling = True
            options.profile_file_prefix = profile
        for name, value in settings:
            if name == "path":
                options.optimized_model_filepath = value
            else:
                options.add_session_config_entry("session." + name, value)
        if not self.provider:
            return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        # If the provider can't be used, ONNX Runtime runs the model on the CPU, and only logs that.
        session = onnxruntime.InferenceSession(path, options, providers=[self.provider], enable_fallback=0)
        if session.get_providers()[:1] != [self.provider]:
            raise ValueError("ONNX Runtime can't use %s here, and would run the model on the CPU" % self.provider)
        # Versions that don't read enable_fallback would run it on the CPU after a failure of the provider.
        session.disable_fallback()
        return session

    def target(self, path):
        """Returns the path of the prepared model, whether it is there or not; None if this runtime doesn't prepare it."""
        target = "%s.%s-%s-%s.onnx" % (path, self.version, self.processor, self.level)
        return None if self.provider or target in self.useless else target

    def available(self, path):
        target = self.target(path)
        if not target:
            return path
        return target if os.path.exists(target) else None

    def prepared(self, path):
        """Returns the path of the model as this runtime optimises it, with memory-mapped weights in the layout of its
        kernels. It loads in a tenth of the time and runs the same nodes."""
        self.source = path
        target = self.target(path)
        if not target:
            return unchanged(path)
        if not os.path.exists(target):
            unchanged(path)
            self.converting()
            name = os.path.basename(target)
            folder = None
            try:
                folder = build_folder(target, os.path.getsize(path))
                self.session(path, self.level, settings=[
                    ("path", os.path.join(folder, name)), ("save_external_prepacked_constant_initializers", "1"),
                    ("optimized_model_external_initializers_file_name", name + ".bin"),
                    ("optimized_model_external_initializers_min_size_in_bytes", "64")])
                # Another host with this home folder may have prepared the model meanwhile, and have mapped its weights.
                if not os.path.exists(target):
                    if os.path.exists(os.path.join(folder, name + ".bin")):
                        self.store(os.path.join(folder, name + ".bin"), target + ".bin")
                    self.store(os.path.join(folder, name), target)
            except Exception:
                # Older versions don't support it, and a full disk prevents it.
                self.useless.add(target)
                return path
            finally:
                if folder:
                    shutil.rmtree(folder, ignore_errors=True)
        return target

    def store(self, made, target):
        """Moves a file into the cache."""
        part = unfinished(target)
        try:
            shutil.move(made, part)
            keep(part, target)
        finally:
            if os.path.exists(part):
                os.unlink(part)

    def opened(self, path, profile=None):
        """Makes a session of the path that `prepared` returned. The first load of a prepared model is also its check."""
        isSuspect = path != self.source and path not in self.useless
        if isSuspect:
            try:
                return self.session(path, "none", profile)
            except Exception:
                self.useless.add(path)
        session = self.session(unchanged(self.source), self.level, profile)
        if isSuspect:
            # If the original couldn't be loaded either, the prepared model wouldn't be the cause.
            for name in (path, path + ".bin"):
                try:
                    os.unlink(name)
                except OSError:
                    pass
        return session

    def feed(self, session):
        return {value.name: random_input(value.shape, self.kinds.get(value.type, "float32")) for value in session.get_inputs()}

    def load(self, path):
        session = self.opened(path)
        feed = self.feed(session)
        self.run = lambda: session.run(None, feed)

    def profile(self, path, runs):
        folder = scratch(path)
        try:
            session = self.opened(path, os.path.join(folder, "profile"))
            feed = self.feed(session)
            whole = timed(lambda: session.run(None, feed), runs + 3)[3:]
            with open(session.end_profiling()) as file:
                events = json.load(file)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        operators, run = {}, 0
        for event in sorted(events, key=lambda event: event.get("ts", 0)):
            if event.get("name") == "model_run":
                run = event["ts"]
            if event.get("cat") == "Node" and event["name"].endswith("_kernel_time"):
                key = (event["name"][: -len("_kernel_time")], event["args"].get("op_name", ""))
                operators.setdefault(key, []).append((event["dur"] * 1000, (event["ts"] - run) * 1000))
        # The first runs of the profile are warm-up, too.
        return whole, [
            [*key, *(statistics.median(values) for values in zip(*times[3:]))] for key, times in operators.items() if times[3:]]


RUNTIMES["onnxruntime"] = OnnxRuntime
