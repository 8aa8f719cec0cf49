"""The peer of the networks' benchmark: the same network trained by PyTorch. Reads one line for each measurement that is
wanted and answers with one JSON line: images per second of a training step, and per second of the processors' time, eager and
compiled, channels last; and the most memory that the process had, in MiB."""

import argparse
import json
import resource
import sys
import time
from pathlib import Path

import torch
from torch import nn

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Tests/Reference"))
from networks_torch import ResidualCNN, full_point  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--width", type=int, default=16)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--steps", type=int, default=8)
    parser.add_argument("--kinds", default="eager,compiled")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(1)
    widths = [arguments.width << stage for stage in range(4)]
    images = torch.randn(arguments.batch, 3, 32, 32).contiguous(memory_format=torch.channels_last)
    labels = torch.arange(arguments.batch) % 10
    loss = nn.CrossEntropyLoss(label_smoothing=0.1)

    def steps(compiled):
        model = ResidualCNN(widths, full_point(widths)).to(memory_format=torch.channels_last)
        optimizer = torch.optim.SGD(model.parameters(), 0.01, momentum=0.9, nesterov=True, weight_decay=5e-4)
        run = torch.compile(model) if compiled else model

        def step():
            optimizer.zero_grad(set_to_none=True)
            loss(run(images), labels).backward()
            optimizer.step()

        for _ in range(3):
            step()
        return step

    kinds = {kind: steps(kind == "compiled") for kind in arguments.kinds.split(",")}
    print("ready", flush=True)
    for _ in sys.stdin:
        rates = {}
        for name, step in kinds.items():
            count, start, before = arguments.batch * arguments.steps, time.perf_counter(), time.process_time()
            for _ in range(arguments.steps):
                step()
            rates[name] = {"rate": count / (time.perf_counter() - start), "processor": count / (time.process_time() - before)}
        rates["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(json.dumps(rates), flush=True)


if __name__ == "__main__":
    main()
