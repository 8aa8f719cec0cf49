class NCNN(Runtime):
    title, package, suffix = "ncnn", "ncnn", ".ncnn.param"

    def convert(self, source, target):
        import subprocess

        import pnnx

        folder = tempfile.mkdtemp()
        try:
            model = os.path.join(folder, "m.onnx")
            shutil.copyfile(source, model)
            program = os.path.join(os.path.dirname(pnnx.__file__), "bin", "pnnx")
            found = program if os.path.exists(program) else shutil.which("pnnx") or "pnnx"
            done = subprocess.run([found, model], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            if not os.path.exists(os.path.join(folder, "m.ncnn.param")):
                raise ValueError("pnnx can't convert the model: " + last_line(done.stdout.decode("utf-8", "replace")))
            shutil.copyfile(os.path.join(folder, "m.ncnn.bin"), target[: -len(".part")].replace(".param", ".bin"))
            shutil.copyfile(os.path.join(folder, "m.ncnn.param"), target)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def load(self, path):
        import ncnn

        net = ncnn.Net()
        net.opt.num_threads = self.threads
        net.opt.use_vulkan_compute = False
        if net.load_param(path) != 0 or net.load_model(path.replace(".param", ".bin")) != 0:
            raise ValueError("ncnn can't load the model")
        with open(path) as file:
            shapes = [[int(part.split("=")[1]) for part in sorted(line.split()[5:])] for line in file if line.startswith("Input ")]
        names = list(net.input_names())
        sizes = self.options.get("input", [3, 32, 32])
        inputs = [ncnn.Mat(random_input(shape[::-1] if len(shape) == 3 else sizes)) for shape in shapes]
        outputs = list(net.output_names())

        def run():
            extractor = net.create_extractor()
            for name, value in zip(names, inputs):
                extractor.input(name, value)
            for name in outputs:
                extractor.extract(name)

        self.run = run


RUNTIMES["ncnn"] = NCNN
