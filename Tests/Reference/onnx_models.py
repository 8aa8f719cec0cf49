"""Makes the ONNX models of Tests/Resources/ONNX, and prints their sizes by ONNX's own shape inference: the numbers
that ONNXOperatorTests.swift quotes.

    python3 -m venv /tmp/onnx && /tmp/onnx/bin/pip install onnx==1.23.2
    /tmp/onnx/bin/python Tests/Reference/onnx_models.py

Weights are checked with the model and then removed: the files refer to external data, as exporters do for large weights.
"""
import json
import math
from pathlib import Path

import numpy as np
import onnx
import onnx.reference
from onnx import TensorProto, helper, numpy_helper

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "Tests/Resources/ONNX"


class Builder:
    """A builder of graphs, in which each operator returns the name of its output."""

    def __init__(self, opset, ir_version=8):
        self.opset, self.ir_version = opset, ir_version
        self.nodes, self.weights, self.inputs, self.outputs, self.functions = [], [], [], [], []
        self.domains = []

    def input(self, name, shape, type=TensorProto.FLOAT):
        self.inputs.append(helper.make_tensor_value_info(name, type, shape))
        return name

    def op(self, type, *inputs, outputs=1, name=None, domain="", **attributes):
        number = len(self.nodes)
        names = [f"t{number}" if i == 0 else f"t{number}_{i}" for i in range(outputs)]
        self.nodes.append(
            helper.make_node(type, list(inputs), names, name=f"{type}_{number}" if name is None else name, domain=domain,
                             **attributes))
        return names[0] if outputs == 1 else names

    def weight(self, *shape, type=np.float32):
        return self.constant(np.zeros(shape, type))

    def constant(self, values, type=None):
        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.asarray(values, type), name))
        return name

    def ints(self, *values):
        return self.constant(values, np.int64)

    def output(self, value, name, shape=None):
        self.nodes.append(helper.make_node("Identity", [value], [name]))
        self.outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))

    def model(self, check=True):
        graph = helper.make_graph(self.nodes, "graph", self.inputs, self.outputs, self.weights)
        sets = [helper.make_opsetid("", self.opset)] + [helper.make_opsetid(d, 1) for d in self.domains]
        model = helper.make_model(
            graph, opset_imports=sets, ir_version=self.ir_version, functions=self.functions, producer_name="labbook-tests")
        if check:
            # The checker needs the outputs' shapes. The files don't contain them, so that the importer has to infer them.
            onnx.checker.check_model(onnx.shape_inference.infer_shapes(model, strict_mode=True, data_prop=True))
        return model


def save(model, name):
    """Writes the model without its large weights."""
    model = onnx.ModelProto.FromString(model.SerializeToString())
    for tensor in model.graph.initializer:
        if len(tensor.raw_data) > 64:
            tensor.ClearField("raw_data")
            tensor.data_location = TensorProto.EXTERNAL
            entry = tensor.external_data.add()
            entry.key, entry.value = "location", "weights.bin"
    path = FOLDER / f"{name}.onnx"
    path.write_bytes(model.SerializeToString(deterministic=True))
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes")


def inferred(model):
    """The shape of each output for one sample, by ONNX's shape inference."""
    fixed = onnx.ModelProto.FromString(model.SerializeToString())
    for value in fixed.graph.input:
        for axis in value.type.tensor_type.shape.dim:
            if axis.dim_param:
                axis.dim_value = 1
    fixed = onnx.shape_inference.infer_shapes(fixed, check_type=True, strict_mode=True, data_prop=True)
    return [[axis.dim_value for axis in value.type.tensor_type.shape.dim] for value in fixed.graph.output]


def computed(model):
    """Returns the same shapes by running the model, for shapes that inference doesn't find."""
    shapes = {value.name: [axis.dim_value or 1 for axis in value.type.tensor_type.shape.dim] for value in model.graph.input}
    arrays = {name: np.zeros(shape, np.float32) for name, shape in shapes.items()}
    return [list(array.shape) for array in onnx.reference.ReferenceEvaluator(model).run(None, arrays)]


# Channels are the second axis. After a matrix product they are the last axis, and a transposition moves them.
CHANNEL_AXES = {"matmul of tokens": 2, "matmul of two": 2, "transpose": 3, "groups": 2}


def size(name, shape):
    """Returns channels, height and width."""
    if name in CHANNEL_AXES:
        shape = list(shape)
        shape.insert(1, shape.pop(CHANNEL_AXES[name]))
    if len(shape) < 2:
        return math.prod(shape), 1, 1
    width = shape[-1] if len(shape) > 3 else 1
    return shape[1], shape[0] * math.prod(shape[2:]) // width, width


def operators():
    b = Builder(22, ir_version=10)
    x = b.input("x", ["N", 8, 15, 12])
    line = b.input("line", ["N", 4, 30])
    tokens = b.input("tokens", ["N", 10, 6])
    same = b.input("same", ["N", 8, 1, 12])

    def case(name, value):
        b.output(value, name)

    case("conv", b.op("Conv", x, b.weight(16, 8, 3, 3), b.weight(16), pads=[1, 1, 1, 1]))
    case("conv without padding", b.op("Conv", x, b.weight(16, 8, 3, 3)))
    case("conv, stride 2", b.op("Conv", x, b.weight(16, 8, 3, 3), pads=[1, 1, 1, 1], strides=[2, 2]))
    case("conv, window 1x5", b.op("Conv", x, b.weight(4, 8, 1, 5), pads=[0, 2, 0, 2], strides=[1, 2]))
    case("conv, dilation 2", b.op("Conv", x, b.weight(16, 8, 3, 3), dilations=[2, 2]))
    case("conv, 4 groups", b.op("Conv", x, b.weight(16, 2, 3, 3), group=4))
    case("conv, depthwise", b.op("Conv", x, b.weight(8, 1, 3, 3), group=8, kernel_shape=[3, 3], pads=[1, 1, 1, 1]))
    case("conv, pads of two sides", b.op("Conv", x, b.weight(16, 8, 3, 3), pads=[0, 1, 1, 0], strides=[2, 2]))
    case("conv, SAME_UPPER", b.op("Conv", x, b.weight(16, 8, 3, 3), auto_pad="SAME_UPPER", strides=[2, 2]))
    case("conv, VALID", b.op("Conv", x, b.weight(16, 8, 3, 3), auto_pad="VALID", strides=[2, 2]))
    case("conv along a line", b.op("Conv", line, b.weight(8, 4, 5), strides=[2]))
    case("transposed conv", b.op("ConvTranspose", x, b.weight(8, 6, 4, 4), strides=[2, 2], pads=[1, 1, 1, 1]))
    case("transposed conv, output padding",
         b.op("ConvTranspose", x, b.weight(8, 3, 3, 3), group=2, strides=[2, 3], output_padding=[1, 2], dilations=[2, 1]))
    case("transposed conv, output shape", b.op("ConvTranspose", x, b.weight(8, 6, 3, 3), strides=[2, 2], output_shape=[31, 25]))
    case("transposed conv, SAME_UPPER", b.op("ConvTranspose", x, b.weight(8, 6, 3, 3), strides=[2, 2], auto_pad="SAME_UPPER"))

    case("max pool", b.op("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1]))
    case("max pool, ceil", b.op("MaxPool", x, kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1))
    # Before version 22, ONNX's inference counts a window that begins after the end, which no runtime computes.
    case("max pool, ceil, window behind the end",
         b.op("MaxPool", x, kernel_shape=[2, 2], strides=[2, 3], pads=[1, 1, 1, 1], ceil_mode=1))
    case("max pool, dilation", b.op("MaxPool", x, kernel_shape=[3, 2], dilations=[2, 3]))
    case("max pool with indices", b.op("MaxPool", x, kernel_shape=[2, 2], outputs=2)[0])
    case("average pool", b.op("AveragePool", x, kernel_shape=[3, 3], strides=[1, 2], auto_pad="SAME_LOWER"))
    case("global average pool", b.op("GlobalAveragePool", x))
    case("global max pool", b.op("GlobalMaxPool", x))
    case("mean over positions", b.op("ReduceMean", x, b.ints(2, 3), keepdims=0))
    case("mean over channels", b.op("ReduceMean", x, b.ints(1)))
    case("sum over the last axis", b.op("ReduceSum", x, b.ints(-1), keepdims=0))
    case("index of the maximum", b.op("Cast", b.op("ArgMax", x, axis=1), to=TensorProto.FLOAT))

    case("batch norm", b.op("BatchNormalization", x, *[b.weight(8) for _ in range(4)]))
    case("instance norm", b.op("InstanceNormalization", x, b.weight(8), b.weight(8)))
    case("layer norm", b.op("LayerNormalization", tokens, b.weight(6), b.weight(6)))
    case("relu", b.op("Relu", x))
    case("leaky relu", b.op("LeakyRelu", x, alpha=0.1))
    case("prelu", b.op("PRelu", x, b.weight(8, 1, 1)))
    case("clip", b.op("Clip", x, b.constant(np.float32(0)), b.constant(np.float32(6))))
    case("clip from below", b.op("Clip", x, b.constant(np.float32(-1))))
    case("hard swish", b.op("HardSwish", x))
    case("silu", b.op("Mul", x, b.op("Sigmoid", x)))
    case("softmax", b.op("Softmax", tokens, axis=-1))
    case("add", b.op("Add", x, x))
    case("add, broadcast", b.op("Add", same, x))
    case("sub of weights", b.op("Sub", x, b.weight(8, 1, 1)))
    case("div by a number", b.op("Div", x, b.constant(np.float32(2))))
    case("sum of three", b.op("Sum", x, same, x))

    case("gemm", b.op("Gemm", b.op("Flatten", b.op("GlobalAveragePool", x)), b.weight(10, 8), b.weight(10), transB=1))
    case("matmul of tokens", b.op("MatMul", tokens, b.weight(6, 7)))
    case("matmul of two", b.op("MatMul", tokens, b.op("Transpose", tokens, perm=[0, 2, 1])))
    case("concat", b.op("Concat", x, b.op("Relu", x), axis=1))
    case("concat of rows", b.op("Concat", x, same, axis=-2))
    case("flatten", b.op("Flatten", x))
    case("reshape", b.op("Reshape", x, b.ints(0, 4, 2, 15, -1)))
    case("channel shuffle", b.op("Reshape", b.op("Transpose", b.op("Reshape", x, b.ints(0, 4, 2, 15, 12)), perm=[0, 2, 1, 3, 4]),
                                 b.ints(0, -1, 15, 12)))
    case("squeeze", b.op("Squeeze", b.op("GlobalAveragePool", x), b.ints(2, -1)))
    case("unsqueeze", b.op("Unsqueeze", line, b.ints(-1)))
    case("transpose", b.op("Transpose", x, perm=[0, 2, 3, 1]))
    case("slice", b.op("Slice", x, b.ints(1, -4), b.ints(2**63 - 1, -1), b.ints(2, 3), b.ints(3, 1)))
    case("slice backwards", b.op("Slice", x, b.ints(-1), b.ints(-2**63), b.ints(3), b.ints(-2)))
    parts = b.op("Split", x, b.ints(3, 5), axis=1, outputs=2)
    case("split, first", parts[0])
    case("split, second", parts[1])
    case("split into 4", b.op("Split", x, axis=2, num_outputs=4, outputs=4)[3])
    case("pad", b.op("Pad", x, b.ints(0, 0, 1, 2, 0, 0, 3, 4)))
    case("pad of axes", b.op("Pad", x, b.ints(1, 2), "", b.ints(-1)))
    case("gather", b.op("Gather", x, b.ints(0, 3, 5), axis=1))
    case("expand", b.op("Expand", same, b.ints(1, 1, 5, 1)))
    case("tile", b.op("Tile", x, b.ints(1, 2, 1, 3)))
    case("depth to space", b.op("DepthToSpace", x, blocksize=2))
    case("space to depth", b.op("SpaceToDepth", x, blocksize=3))
    case("resize by factors", b.op("Resize", x, "", b.constant([1, 1, 2, 1.5], np.float32)))
    case("resize to sizes", b.op("Resize", x, "", "", b.ints(1, 8, 7, 9)))
    case("resize of axes, not larger", b.op("Resize", x, "", "", b.ints(33, 20), axes=[2, 3], keep_aspect_ratio_policy="not_larger"))
    case("dropout", b.op("Dropout", x))
    model = b.model()
    save(model, "operators")
    return model


def old_operators():
    """A model as in files of 2018: arguments are attributes, weights are inputs, too, and broadcasting needs an axis."""
    b = Builder(6, ir_version=3)
    x = b.input("x", [1, 8, 15, 12])

    def weight(*shape):
        name = b.weight(*shape)
        return b.input(name, shape)

    b.output(b.op("Add", x, weight(8), broadcast=1, axis=1), "add along the channels")
    b.output(b.op("Slice", x, axes=[1, 2], starts=[2, -3], ends=[2**63 - 1, -1]), "slice")
    b.output(b.op("Pad", x, pads=[0, 0, 1, 1, 0, 0, 2, 2]), "pad")
    b.output(b.op("Clip", x, min=0.0, max=6.0), "clip")
    b.output(b.op("Squeeze", b.op("GlobalAveragePool", x), axes=[2, 3]), "squeeze")
    b.output(b.op("Unsqueeze", x, axes=[2]), "unsqueeze")
    b.output(b.op("Split", x, axis=1, split=[2, 6], outputs=2)[1], "split")
    b.output(b.op("ReduceMean", x, axes=[2, 3], keepdims=0), "mean over positions")
    b.output(b.op("BatchNormalization", x, *[weight(8) for _ in range(4)], is_test=1), "batch norm")
    b.output(b.op("Dropout", x, is_test=1), "dropout")
    b.output(b.op("Gemm", b.op("Flatten", x), weight(1440, 10), weight(10), broadcast=1), "gemm")
    model = b.model()
    save(model, "old-operators")
    b = Builder(8, ir_version=3)
    x = b.input("x", [1, 8, 15, 12])
    b.output(b.op("Upsample", x, scales=[1.0, 1.0, 2.0, 2.0], mode="nearest"), "upsample")
    upsampled = b.model()
    save(upsampled, "upsample")
    return model, upsampled


def shape_arithmetic():
    """The nodes that PyTorch's exporters write for views and interpolations of unknown sizes."""
    b = Builder(17)
    x = b.input("x", ["N", 8, 16, 12])

    def size(axis):
        return b.op("Gather", b.op("Shape", x), b.constant(axis, np.int64), axis=0)

    def listed(value):
        return b.op("Unsqueeze", value, b.ints(0))

    # x.view(x.size(0), -1)
    rows = b.op("Concat", listed(size(0)), b.ints(-1), axis=0)
    b.output(b.op("Reshape", x, rows), "view")
    # x.view(n, 2, c // 2, h, w).transpose(1, 2).flatten(1, 2)
    half = b.op("Div", size(1), b.constant(2, np.int64))
    shape = b.op("Concat", listed(size(0)), b.ints(2), listed(b.op("Cast", half, to=TensorProto.INT64)),
                 b.op("Slice", b.op("Shape", x), b.ints(2), b.ints(4), b.ints(0)), axis=0)
    b.output(b.op("Transpose", b.op("Reshape", x, shape), perm=[0, 2, 1, 3, 4]), "groups")
    # interpolate(scale_factor=1.5) in opset 9 and 10
    scaled = b.op("Floor", b.op("Mul", b.op("Cast", b.op("Shape", x, start=2), to=TensorProto.FLOAT),
                                b.constant([1.5, 1.5], np.float32)))
    wanted = b.op("Concat", b.op("Shape", x, end=2), b.op("Cast", scaled, to=TensorProto.INT64), axis=0)
    b.output(b.op("Resize", x, "", "", wanted), "interpolate")
    # pad(x, (1, 2)): pairs from the last axis to the first are reversed
    pairs = b.op("Reshape", b.op("Concat", b.ints(1, 2), b.op("ConstantOfShape", b.ints(6), value=numpy_helper.from_array(np.zeros(1, np.int64))), axis=0), b.ints(-1, 2))
    turned = b.op("Slice", pairs, b.ints(-1), b.ints(-2**63 + 1), b.ints(0), b.ints(-1))
    b.output(b.op("Pad", x, b.op("Reshape", b.op("Transpose", turned, perm=[1, 0]), b.ints(-1))), "pad")
    # expand(-1, -1, 16, -1) of a row
    row = b.op("ReduceMax", x, axes=[2])
    asked = b.ints(-1, -1, 16, -1)
    ones = b.op("ConstantOfShape", b.op("Shape", asked), value=numpy_helper.from_array(np.ones(1, np.int64)))
    b.output(b.op("Expand", row, b.op("Where", b.op("Equal", asked, b.ints(-1)), ones, asked)), "expand")
    # Constants as nodes, and weights that are computed
    kernel = b.op("ConstantOfShape", b.ints(8, 8, 3, 3))
    weights = b.op("Transpose", b.op("Mul", kernel, b.op("Constant", value_float=0.5)), perm=[1, 0, 2, 3])
    b.output(b.op("Conv", x, weights, pads=[1, 1, 1, 1]), "conv")
    model = b.model()
    save(model, "shape-arithmetic")
    return model


def pruned_resnet(line):
    """The network of a line of architectures.jsonl: batch norms are folded into the convolutions."""
    architecture = json.loads(line)
    b = Builder(17)
    nodes = architecture["nodes"]
    sources = [[source for source, target in architecture["edges"] if target == i] for i in range(len(nodes))]
    values = []
    for node, inputs in zip(nodes, sources):
        inputs = [values[i] for i in inputs]
        channels, before = node["out_channels"], node["in_channels"]
        match node["op"]:
            case "input":
                values.append(b.input("image", ["batch", before, node["height"], node["width"]]))
            case "conv":
                kernel, stride = node["kernel"], node["stride"]
                pads = [(kernel - 1) // 2] * 4
                weights = b.weight(channels, before, kernel, kernel)
                values.append(b.op("Conv", *inputs, weights, b.weight(channels), kernel_shape=[kernel] * 2,
                                   strides=[stride] * 2, pads=pads))
            case "linear":
                flat = b.op("Flatten", *inputs)
                values.append(b.op("Gemm", flat, b.weight(channels, before), b.weight(channels), transB=1))
            case "output":
                b.output(*inputs, "scores")
                values.append(None)
            case other:
                values.append(b.op({"relu": "Relu", "add": "Add", "global_avg_pool": "GlobalAveragePool"}[other], *inputs))
    save(b.model(), f"pruned-resnet-{architecture['id']}")


def optimised():
    """The node that ONNX Runtime fuses from a convolution, an addition and an activation."""
    b = Builder(17)
    b.domains = ["com.microsoft"]
    x = b.input("x", [1, 8, 6, 6])
    first = b.op("FusedConv", x, b.weight(8, 8, 3, 3), b.weight(8), domain="com.microsoft", pads=[1, 1, 1, 1],
                 activation="Clip", activation_params=[0.0, 6.0])
    second = b.op("FusedConv", first, b.weight(8, 8, 3, 3), b.weight(8), x, domain="com.microsoft", pads=[1, 1, 1, 1],
                  activation="Relu")
    third = b.op("QuickGelu", second, domain="com.microsoft", alpha=1.0)
    b.output(b.op("FusedGemm", b.op("Flatten", third), b.weight(288, 4), b.weight(4), domain="com.microsoft",
                  activation="LeakyRelu", activation_alpha=0.1), "y")
    save(b.model(check=False), "fused")


def unusable():
    """Files that can't be imported for different reasons, and some that can be imported with additional arguments."""
    def small(name, opset=17, check=False, shape=("N", 8, 6, 6), output="y"):
        b = Builder(opset)
        return b, b.input("x", list(shape))

    b, x = small("unknown-operator")
    b.domains = ["com.example"]
    b.output(b.op("GridSampler", x, b.weight(1, 6, 6, 2), domain="com.example", name="warp"), "y", [1, 8, 6, 6])
    save(b.model(check=False), "unknown-operator")

    b, x = small("misspelt-operator")
    b.output(b.op("Conv2", x, b.weight(8, 8, 3, 3), name=""), "y")
    save(b.model(check=False), "misspelt-operator")

    b, x = small("control-flow")
    branch = helper.make_graph([helper.make_node("Relu", ["x"], ["z"])], "branch", [],
                               [helper.make_tensor_value_info("z", TensorProto.FLOAT, None)])
    b.input("flag", [], TensorProto.BOOL)
    b.output(b.op("If", "flag", name="choose", then_branch=branch, else_branch=branch), "y")
    save(b.model(check=False), "control-flow")

    b, x = small("open-sizes", shape=("N", 3, "height", "width"))
    b.output(b.op("Conv", x, b.weight(8, 3, 3, 3), strides=[2, 2]), "y")
    save(b.model(), "open-sizes")

    b, x = small("unordered")
    b.output(b.op("Relu", b.op("Sigmoid", x)), "y")
    model = b.model()
    model.graph.node.insert(0, model.graph.node.pop(1))
    save(model, "unordered")

    b, x = small("wrong-weights")
    b.output(b.op("Conv", x, b.weight(8, 3, 3, 3), name="stem"), "y")
    save(b.model(check=False), "wrong-weights")

    b, x = small("unknown-shape")
    wanted = b.op("NonZero", b.op("Shape", x))
    b.output(b.op("Reshape", x, wanted, name="view"), "y")
    save(b.model(check=False), "unknown-shape")

    b, x = small("function")
    b.domains = ["local"]
    b.functions = [helper.make_function("local", "Swish", ["a"], ["b"], [helper.make_node("Sigmoid", ["a"], ["s"]),
                                        helper.make_node("Mul", ["a", "s"], ["b"])], [helper.make_opsetid("", 17)])]
    b.output(b.op("Swish", x, domain="local", name="act"), "y")
    save(b.model(check=False), "function")

    b, x = small("declared-shape")
    b.domains = ["com.example"]
    b.nodes.append(helper.make_node("Deform", [x, b.weight(12, 8, 3, 3)], ["d"], name="deform", domain="com.example",
                                    strides=[2, 2]))
    b.output("d", "y")
    model = b.model(check=False)
    model.graph.value_info.append(helper.make_tensor_value_info("d", TensorProto.FLOAT, ["N", 12, 3, 3]))
    save(model, "declared-shape")

    b, x = small("window-too-large")
    b.output(b.op("AveragePool", x, kernel_shape=[7, 7], name="pool"), "y")
    save(b.model(check=False), "window-too-large")

    b, x = small("constant-output")
    b.output(b.op("Constant", value_float=1.0), "y")
    save(b.model(), "constant-output")


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    lines = (ROOT / "notebooks/data/pruned-resnet/architectures.jsonl").read_text().splitlines()
    for position in (0, 300, 599):
        pruned_resnet(lines[position])
    optimised()
    unusable()
    for model, shapes in [(operators(), inferred), *((model, inferred) for model in old_operators()),
                          (shape_arithmetic(), computed)]:
        print()
        for value, shape in zip(model.graph.output, shapes(model), strict=True):
            assert all(shape), (value.name, shape)
            print(f'    Size("{value.name}", {", ".join(map(str, size(value.name, shape)))}),')


if __name__ == "__main__":
    main()
