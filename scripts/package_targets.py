"""Reads the targets of Package.swift with `swift package dump-package`."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Target:
    name: str
    # "regular", "executable", "test" or "system"
    kind: str
    # The names of the targets of this package that it depends on.
    dependencies: list
    # The names of the products of other packages that it depends on.
    products: list
    isOptimised: bool

    @property
    def folder(self):
        return ROOT / ("Tests" if self.kind == "test" else "Sources") / self.name


def targets():
    """Returns the targets in the manifest's order."""
    command = ["swift", "package", "--package-path", str(ROOT), "dump-package"]
    package = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    names = {target["name"] for target in package["targets"]}
    found = []
    for target in package["targets"]:
        listed = [next(iter(dependency.values()))[0] for dependency in target["dependencies"]]
        flags = [flag for setting in target["settings"] for flag in setting["kind"].get("unsafeFlags", {}).get("_0", [])]
        found.append(
            Target(
                target["name"], target["type"], [name for name in listed if name in names],
                [name for name in listed if name not in names], "-O" in flags or "-O3" in flags))
    return found


def outline(targets):
    """Returns the content of the picture of the targets as text, with a line for each target."""
    return "\n".join(
        f"{target.name}{' -O' if target.isOptimised else ''}: {' '.join(target.dependencies + sorted(target.products))}"
        for target in targets if target.kind != "test")
