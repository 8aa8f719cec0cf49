class LiteRT(Runtime):
    title, package, suffix = "LiteRT", "ai-edge-litert", ".tflite"
    converter = "onnx2tf"

    @staticmethod
    def find_converter():
        from importlib.util import find_spec

        return find_spec("onnx2tf")

    def convert(self, source, target):
        import subprocess

        if not self.find_converter():
            raise ValueError("LiteRT reads .tflite files only, and %s has no onnx2tf, which converts ONNX models" % sys.executable)
        import numpy

        folder = scratch(source)
        try:
            # onnx2tf compares outputs on sample images. It would download them unless this file is in its folder.
            images = numpy.random.RandomState(0).random_sample((20, 128, 128, 3)).astype("float32")
            numpy.save(os.path.join(folder, "calibration_image_sample_data_20x128x128x3_float32.npy"), images)
            shutil.copyfile(source, os.path.join(folder, "m.onnx"))
            done = subprocess.run(
                [sys.executable, "-m", "onnx2tf", "-i", "m.onnx", "-o", "out", "--not_use_onnxsim", "--non_verbose"], cwd=folder,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            result = os.path.join(folder, "out", "m_float32.tflite")
            if not os.path.exists(result):
                raise ValueError("onnx2tf can't convert the model: " + last_line(done.stdout.decode("utf-8", "replace")))
            shutil.copyfile(result, target)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def load(self, path):
        from ai_edge_litert.interpreter import Interpreter

        interpreter = Interpreter(model_path=path, num_threads=self.threads)
        interpreter.allocate_tensors()
        for value in interpreter.get_input_details():
            interpreter.set_tensor(value["index"], random_input(value["shape"].tolist(), value["dtype"].__name__))
        self.run = interpreter.invoke


RUNTIMES["litert"] = LiteRT
