#!/usr/bin/env python3
"""The networks of the spaces in PyTorch, with the same names of weights as in Sources/Networks.

usage: networks_torch.py numbers              prints the numbers that tests expect
       networks_torch.py read FILE POINT      reads our safetensors of a ResidualCNN and prints logits of a fixed image
       networks_torch.py write FILE POINT     writes random weights as safetensors

A supernet trained in PyTorch is saved by `safetensors.torch.save_file(model.state_dict(), path)`."""

import sys

import torch
from torch import nn
from torch.nn import functional


class ConvolutionUnit(nn.Module):
    def __init__(self, inputs, outputs, kernel, stride=1, groups=1):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False)
        self.bn = nn.BatchNorm2d(outputs)

    def forward(self, x):
        return self.bn(self.conv(x))


class BasicBlock(nn.Module):
    def __init__(self, inputs, inner, outputs, stride, has_shortcut):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, inner, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(inner)
        self.conv2 = nn.Conv2d(inner, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        if has_shortcut:
            self.shortcut = ConvolutionUnit(inputs, outputs, 1, stride)
        self.has_shortcut = has_shortcut

    def forward(self, x):
        y = functional.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return functional.relu(y + (self.shortcut(x) if self.has_shortcut else x))


class ResidualCNN(nn.Module):
    """`point` is the text form, such as "32 16 - | 64 40 64"; the stages' widths are a separate argument."""

    def __init__(self, widths, point, classes=10):
        super().__init__()
        self.stem = ConvolutionUnit(3, widths[0], 3)
        self.stages = nn.ModuleList()
        inputs = widths[0]
        for stage, (width, text) in enumerate(zip(widths, point.split("|"))):
            blocks = nn.ModuleDict()
            for block, choice in enumerate(text.split()):
                if choice == "-":
                    continue
                first = stage > 0 and block == 0
                blocks[str(block)] = BasicBlock(inputs, int(choice), width, 2 if first else 1, first)
                inputs = width
            self.stages.append(blocks)
        self.linear = nn.Linear(widths[-1], classes)

    def forward(self, x):
        x = functional.relu(self.stem(x))
        for blocks in self.stages:
            for block in blocks.values():
                x = block(x)
        return self.linear(x.mean((2, 3)))


class InvertedResidual(nn.Module):
    def __init__(self, inputs, inner, outputs, kernel, stride, has_skip):
        super().__init__()
        self.expand = ConvolutionUnit(inputs, inner, 1)
        self.depthwise = ConvolutionUnit(inner, inner, kernel, stride, inner)
        self.project = ConvolutionUnit(inner, outputs, 1)
        self.has_skip = has_skip

    def forward(self, x):
        y = self.project(functional.relu(self.depthwise(functional.relu(self.expand(x)))))
        return y + x if self.has_skip else y


class MobileNet(nn.Module):
    """`point` is the text form, such as "16k3 48k5 | 24k5 -"."""

    def __init__(self, widths, point, features, classes=10):
        super().__init__()
        self.stem = ConvolutionUnit(3, widths[0], 3)
        self.stages = nn.ModuleList()
        inputs = widths[0]
        for stage, (width, text) in enumerate(zip(widths, point.split("|"))):
            blocks = nn.ModuleDict()
            for block, choice in enumerate(text.split()):
                if choice == "-":
                    continue
                inner, kernel = map(int, choice.split("k"))
                has_skip = stage == 0 or block > 0
                blocks[str(block)] = InvertedResidual(
                    inputs, inner, width, kernel, 1 if has_skip else 2, has_skip)
                inputs = width
            self.stages.append(blocks)
        self.last = ConvolutionUnit(inputs, features, 1)
        self.linear = nn.Linear(features, classes)

    def forward(self, x):
        x = functional.relu(self.stem(x))
        for blocks in self.stages:
            for block in blocks.values():
                x = block(x)
        return self.linear(functional.relu(self.last(x)).mean((2, 3)))


class GroupedCNN(nn.Module):
    """The test space of the same name: 3 x 3 convolutions in groups of eight channels, and pooling after the stem and the
    first stage. `point` is the text form, such as "16 | 24"; `pool` is one of torch's functions, `window` its size."""

    def __init__(self, point, pool, window, classes=10):
        super().__init__()
        self.stem = ConvolutionUnit(3, 24, 3)
        self.stages = nn.ModuleList()
        for stage, choice in enumerate(point.split("|")):
            width = int(choice)
            block = nn.ModuleDict({
                "narrow": ConvolutionUnit(24, width, 1),
                "grouped": ConvolutionUnit(width, width, 3, stage + 1, width // 8),
                "widen": ConvolutionUnit(width, 24, 1),
            })
            self.stages.append(nn.ModuleDict({"0": block}))
        self.linear = nn.Linear(24, classes)
        self.pool = lambda x: pool(x, window)

    def forward(self, x):
        x = self.pool(functional.relu(self.stem(x)))
        for stage, blocks in enumerate(self.stages):
            block = blocks["0"]
            y = functional.relu(block["grouped"](functional.relu(block["narrow"](x))))
            y = block["widen"](y)
            x = functional.relu(y) if stage > 0 else self.pool(functional.relu(y + x))
        return self.linear(x.mean((2, 3)))


def full_point(widths, blocks=3):
    return " | ".join(" ".join([str(width)] * blocks) for width in widths)


def fixed_image(size=32):
    return (torch.arange(3 * size * size, dtype=torch.float32).reshape(1, 3, size, size) % 17 - 8) / 8


def formula_weights(model):
    """Makes weights from a formula: the k-th number of a tensor is a hash of k and the tensor's name."""
    with torch.no_grad():
        for name, tensor in model.state_dict().items():
            if name.endswith("num_batches_tracked"):
                continue
            seed = sum(map(ord, name))
            count = torch.arange(tensor.numel(), dtype=torch.int64)
            values = ((count * 7919 + seed * 104729) % 1009).to(torch.float64) / 1009 - 0.5
            fan = tensor[0].numel() if tensor.dim() > 1 else 1
            if tensor.dim() > 1:
                values = values * 4 / fan**0.5
            elif name.endswith("running_var") or "bn" in name and name.endswith("weight"):
                values = values * 0.5 + 1
            else:
                values = values * 0.2
            tensor.copy_(values.to(torch.float32).reshape(tensor.shape))


def expected_numbers():
    for widths, model, point in [
        ([8, 16], ResidualCNN, "8 - | 16 8"),
        ([16, 32, 64], ResidualCNN, "8 16 | 32 - | 24 64"),
        ([8, 16], lambda widths, point: MobileNet(widths, point, 24), "16k3 48k5 | 24k5 32k3"),
        ([16, 32], lambda widths, point: GroupedCNN(point, functional.max_pool2d, 2), "16 | 24"),
        ([16, 32], lambda widths, point: GroupedCNN(point, functional.avg_pool2d, 3), "8 | 32"),
    ]:
        model = model(widths, point)
        formula_weights(model)
        count = torch.arange(2 * 3 * 32 * 32, dtype=torch.int64)
        images = (((count * count * 31 + count * 7919) % 1021).to(torch.float32) / 510 - 1).reshape(2, 3, 32, 32)
        model.eval()
        show = lambda values: "[" + ", ".join(f"{value:.7g}" for value in values) + "]"
        with torch.no_grad():
            print(f"// {widths} {point}\ntestLogits:", show(model(images).flatten().tolist()))
        model.train()
        logits = model(images)
        print("trainingLogits:", show(logits.flatten().tolist()))
        loss = functional.cross_entropy(logits, torch.tensor([3, 8]), label_smoothing=0.1)
        loss.backward()
        print(f"loss: {loss.item():.7g}")
        norms = {name: parameter.grad.norm().item() for name, parameter in model.named_parameters()}
        print("gradientNorms: [" + ", ".join(f'"{name}": {norm:.6g}' for name, norm in norms.items()) + "]")
        print(f"stemMean: {model.stem.bn.running_mean[0]:.7g}, stemVariance: {model.stem.bn.running_var[0]:.7g}")
    # The schedule, and three steps of the optimiser on one number.
    weight = torch.nn.Parameter(torch.tensor([1.0]))
    optimizer = torch.optim.SGD([weight], lr=0.5, momentum=0.9, nesterov=True, weight_decay=0.1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.5, total_steps=10, cycle_momentum=False)
    rates, values = [], []
    for step in range(10):
        rates.append(optimizer.param_groups[0]["lr"])
        weight.grad = torch.tensor([0.3 * (step + 1)])
        optimizer.step()
        values.append(weight.item())
        if step < 9:
            schedule.step()
    print("rates:", rates)
    print("weights:", values)


def main():
    verb = sys.argv[1]
    if verb == "numbers":
        for widths, point in [
            ([32, 64, 128, 256], full_point([32, 64, 128, 256])),
            ([32, 64, 128, 256], "8 - - | 64 16 - | 32 - 128 | 64 256 -"),
        ]:
            print(point, sum(parameter.numel() for parameter in ResidualCNN(widths, point).parameters()))
        expected_numbers()
        return
    from safetensors.torch import load_file, save_file

    path, point = sys.argv[2:4]
    # A stage's width is its widest choice, provided that the point keeps a unit at full width.
    widths = [max(int(choice) for choice in stage.split() if choice != "-") for stage in point.split("|")]
    model = ResidualCNN(widths, point)
    if verb == "write":
        torch.manual_seed(1)
        model = ResidualCNN(widths, point)
        save_file(model.state_dict(), path)
    else:
        model.load_state_dict(load_file(path))
    model.eval()
    with torch.no_grad():
        print(" ".join(f"{value:.7g}" for value in model(fixed_image())[0].tolist()))


if __name__ == "__main__":
    main()
