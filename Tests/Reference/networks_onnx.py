#!/usr/bin/env python3
"""Checks exported networks by onnx.checker and runs them in ONNX Runtime.

    make runtimes
    swift test --filter ONNXRuntimeTests

usage: networks_onnx.py SIZE COUNT IMAGES MODEL...

IMAGES has COUNT normalised images as little-endian single-precision numbers (COUNT x 3 x SIZE x SIZE). For each model a line:
the logits of all images."""

import os
import sys

# Before ONNX Runtime is loaded, which would send events to its makers.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import numpy as np
import onnx
import onnxruntime

size, count = map(int, sys.argv[1:3])
images = np.fromfile(sys.argv[3], "<f4").reshape(count, 3, size, size)
for path in sys.argv[4:]:
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    logits = session.run(["logits"], {"images": images})[0]
    print(" ".join(f"{value:.9g}" for value in logits.flatten()))
