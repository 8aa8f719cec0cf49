"""Exports one small CNN by PyTorch's two exporters and has ONNX Runtime optimise it: the files exported-*.onnx of
Tests/Resources/ONNX.

    python3 -m venv /tmp/torch && /tmp/torch/bin/pip install torch==2.15.0 onnx==1.23.2 onnxscript onnxruntime==1.31.1
    /tmp/torch/bin/python Tests/Reference/onnx_exported_models.py

It prints PyTorch's own count of floating-point operations (convolutions and linear layers, two for each multiplication and
addition) and the sizes that flow between the layers.
"""
import os
from pathlib import Path

# Before ONNX Runtime is loaded, which would send events to its makers.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnx
import onnxruntime
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

FOLDER = Path(__file__).parent.parent / "Resources/ONNX"


class SqueezeExcitation(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.reduce, self.expand = nn.Conv2d(channels, 2, 1), nn.Conv2d(2, channels, 1)

    def forward(self, x):
        return x * F.hardsigmoid(self.expand(F.relu(self.reduce(F.adaptive_avg_pool2d(x, 1)))))


class SmallNetwork(nn.Module):
    """A small network with all kinds of layers of mobile CNNs."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 8, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(8), nn.ReLU6())
        self.depthwise = nn.Sequential(nn.Conv2d(8, 8, 5, padding=2, groups=8, bias=False), nn.BatchNorm2d(8), nn.SiLU())
        self.excite = SqueezeExcitation(8)
        self.dilated = nn.Conv2d(4, 4, 3, padding=2, dilation=2)
        self.up = nn.ConvTranspose2d(8, 4, 2, stride=2)
        self.classify = nn.Sequential(nn.Dropout(0.2), nn.Linear(4 * 4 * 4, 10))

    def forward(self, x):
        x = self.stem(x)
        x = x + self.excite(self.depthwise(x))
        left, right = x.chunk(2, dim=1)
        x = torch.cat([left, F.relu(self.dilated(right))], dim=1)
        # Channel shuffle.
        n, c, h, w = x.size()
        x = x.view(n, 2, c // 2, h, w).transpose(1, 2).reshape(n, c, h, w)
        x = F.max_pool2d(x, 3, stride=2, ceil_mode=True)
        x = F.interpolate(self.up(x), scale_factor=0.5)
        x = F.hardswish(x)
        return self.classify(x.view(x.size(0), -1))


def strip(path):
    """Removes the source location of each operator."""
    model = onnx.load(path)
    del model.metadata_props[:]
    for item in [model.graph, *model.graph.node, *model.graph.value_info, *model.graph.input, *model.graph.output]:
        item.ClearField("doc_string")
        del item.metadata_props[:]
    path.write_bytes(model.SerializeToString(deterministic=True))
    print(path.name, path.stat().st_size, "bytes")


def main():
    torch.manual_seed(0)
    network = SmallNetwork().eval()
    image = torch.zeros(1, 3, 16, 16)
    with FlopCounterMode(display=False) as counter:
        network(image)
    print("FLOPs", counter.get_total_flops())
    hooks = [module.register_forward_hook(lambda _, inputs, output, name=name: print(name, list(output.shape)))
             for name, module in network.named_modules()]
    network(image)
    for hook in hooks:
        hook.remove()

    def export(name, **options):
        path = FOLDER / f"exported-{name}.onnx"
        torch.onnx.export(network, (image,), path, input_names=["image"], output_names=["scores"], **options)
        strip(path)
        return path

    script = export("torchscript", dynamo=False, opset_version=13, dynamic_axes={"image": {0: "batch"}, "scores": {0: "batch"}})
    export("plain", dynamo=False, opset_version=11, do_constant_folding=False,
                          training=torch.onnx.TrainingMode.PRESERVE)
    export("dynamo", dynamo=True, external_data=False, dynamic_shapes={"x": {0: torch.export.Dim("batch")}}, verbose=False)

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(FOLDER / "exported-onnxruntime.onnx")
    options.log_severity_level = 3
    onnxruntime.InferenceSession(script, options, providers=["CPUExecutionProvider"])
    strip(FOLDER / "exported-onnxruntime.onnx")


if __name__ == "__main__":
    main()
