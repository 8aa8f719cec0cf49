class NCNN(Runtime):
    title, package, suffix = "ncnn", "ncnn", ".ncnn.param"
    needs = ("numpy",)
    # Only ONNX models need it. Its wheel requires PyTorch, of which the program in it uses nothing.
    converter, installing = "pnnx", "-m pip install --no-deps pnnx==20261020"

    # A model's files, of which `packed` makes one. ncnn's own two don't contain the shapes of the inputs.
    parts = (".ncnn.json", ".ncnn.bin", ".ncnn.param")
    largest = 4 << 30

    @staticmethod
    def find_converter():
        """Returns the path of pnnx, or None."""
        from importlib.util import find_spec

        # The Python module of pnnx would import PyTorch. The program in the same folder has no dependencies.
        module = find_spec("pnnx")
        return os.path.join(module.submodule_search_locations[0], "pnnx") if module else shutil.which("pnnx")

    def converted(self, path):
        # Packed files are the same for every version.
        return path + self.suffix if path.endswith(".zip") else super().converted(path)

    def convert(self, source, target):
        if source.endswith(".zip"):
            self.unpack(source, target)
        else:
            self.convert_onnx(source, target)

    def packed(self, stem):
        """Packs the converted files of a model into one, which can be measured elsewhere."""
        import zipfile

        target = stem + ".ncnn.zip"
        written = unfinished(target)
        with zipfile.ZipFile(written, "w") as file:
            for part in self.parts:
                with open(stem + part, "rb") as content:
                    # With the files' own dates, equal models would differ.
                    file.writestr(zipfile.ZipInfo("m" + part, (1980, 1, 1, 0, 0, 0)), content.read())
        keep(written, target)

    def unpack(self, source, target):
        import zipfile
        import zlib

        try:
            with zipfile.ZipFile(source) as file:
                if sum(part.file_size for part in file.infolist()) > self.largest:
                    raise ValueError("the model is larger than 4 GiB")
                contents = [file.read("m" + part) for part in self.parts]
        except (zipfile.BadZipFile, zlib.error, KeyError, RuntimeError) as error:
            raise ValueError("the zip file is not a model that labbook convert packed: %s" % error)
        for part, content in zip(self.parts, contents):
            written = unfinished(source + part) if part != self.suffix else target
            with open(written, "wb") as file:
                file.write(content)
            if written != target:
                keep(written, source + part)

    def convert_onnx(self, source, target):
        import subprocess

        program = self.find_converter()
        if not program:
            raise ValueError("pnnx, which converts ONNX models for ncnn, is missing; install it: %s %s" % (sys.executable, self.installing))
        stem = self.converted(source)[: -len(self.suffix)]
        folder = scratch(source)
        try:
            model = os.path.join(folder, "m.onnx")
            shutil.copyfile(source, model)
            done = subprocess.run([program, model], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            if not os.path.exists(os.path.join(folder, "m.ncnn.param")):
                raise ValueError("pnnx can't convert the model: " + last_line(done.stdout.decode("utf-8", "replace")))
            shapes = re.findall(r"pnnx\.Input .*?#\w+=\(([\d,]+)\)", read(os.path.join(folder, "m.pnnx.param")))
            with open(os.path.join(folder, "m.ncnn.json"), "w") as file:
                json.dump([[int(size) for size in shape.split(",")] for shape in shapes], file)
            for suffix in (".ncnn.json", ".ncnn.bin"):
                keep(os.path.join(folder, "m" + suffix), stem + suffix)
            shutil.copyfile(os.path.join(folder, "m.ncnn.param"), target)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def load(self, path):
        import ncnn

        net = ncnn.Net()
        net.opt.num_threads = self.threads
        net.opt.use_vulkan_compute = False
        if self.options.get("fp16") == "false":
            net.opt.use_fp16_packed = net.opt.use_fp16_storage = net.opt.use_fp16_arithmetic = False
        if net.load_param(path) != 0 or net.load_model(path[: -len(".param")] + ".bin") != 0:
            raise ValueError("ncnn can't load the model")
        with open(path[: -len(".param")] + ".json") as file:
            shapes = json.load(file)
        names = list(net.input_names())
        # A Mat of an array uses the array's memory without holding it, so each is copied.
        arrays = [random_input(shape[1:]) for shape in shapes]
        inputs = [ncnn.Mat(array).clone() for array in arrays]
        outputs = list(net.output_names())

        def run():
            extractor = net.create_extractor()
            for name, value in zip(names, inputs):
                extractor.input(name, value)
            for name in outputs:
                extractor.extract(name)

        self.run = run


RUNTIMES["ncnn"] = NCNN
