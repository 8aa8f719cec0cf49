class MNN(Runtime):
    title, package, suffix = "MNN", "MNN", ".mnn"
    needs = ("numpy",)

    def __init__(self, setup):
        super().__init__(setup)
        self.backend = self.options.get("backend", "CPU")
        if self.backend not in ("CPU", "AUTO"):
            import MNN

            # Without the backend, MNN would run models on the CPU, and only print that.
            _, isThere = MNN.Interpreter.createRuntime(({"backend": self.backend, "numThread": self.threads},))
            if not isThere[0]:
                raise ValueError("this MNN can't use the backend %s here" % self.backend)

    def convert(self, source, target):
        # MNN.tools.mnnconvert would call a telemetry client. This is the converter that it wraps.
        import _tools

        _tools.mnnconvert(["mnnconvert", "-f", "ONNX", "--modelFile", source, "--MNNModel", target, "--bizCode", "labbook"])
        if not os.path.exists(target) or os.path.getsize(target) == 0:
            raise ValueError("MNN can't convert the model")

    def session(self, path):
        import MNN

        interpreter = MNN.Interpreter(path)
        session = interpreter.createSession({
            "backend": self.backend, "numThread": self.threads, "precision": self.options.get("precision", "high")})
        for tensor in interpreter.getSessionInputAll(session).values():
            shape = tensor.getShape()
            values = random_input(shape)
            tensor.copyFrom(MNN.Tensor(shape, MNN.Halide_Type_Float, values, MNN.Tensor_DimensionType_Caffe))
        return interpreter, session

    def load(self, path):
        interpreter, session = self.session(path)
        self.run = lambda: interpreter.runSession(session)

    def profile(self, path, runs):
        interpreter, session = self.session(path)
        operators = {}
        order = []
        began, run = [0], [0]

        def before(tensors, info):
            began[0] = time.perf_counter_ns()
            return True

        def after(tensors, info):
            spent = time.perf_counter_ns() - began[0]
            key = (info.getName(), info.getType())
            if key not in operators:
                order.append(key)
            operators.setdefault(key, []).append((spent, began[0] - run[0]))
            return True

        def once():
            run[0] = time.perf_counter_ns()
            interpreter.runSessionWithCallBackInfo(session, before, after)

        whole = timed(once, runs + 3)[3:]
        return whole, [[*key, *(statistics.median(values) for values in zip(*operators[key][3:]))] for key in order]


RUNTIMES["mnn"] = MNN
