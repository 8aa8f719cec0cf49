class LiteRT(Runtime):
    title, package, suffix = "LiteRT", "ai-edge-litert", ".tflite"

    def load(self, path):
        from ai_edge_litert.interpreter import Interpreter

        interpreter = Interpreter(model_path=path, num_threads=self.threads)
        interpreter.allocate_tensors()
        for value in interpreter.get_input_details():
            interpreter.set_tensor(value["index"], random_input(value["shape"].tolist(), value["dtype"].__name__))
        self.run = interpreter.invoke


RUNTIMES["litert"] = LiteRT
