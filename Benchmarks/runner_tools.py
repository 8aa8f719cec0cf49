"""The same notebook for Labbook and for other tools: five cells of small array work with one plot.

The last cell prints a number that every edit changes, so that each report can be checked for being the right one. With a
pause, the cell above the plot takes that many seconds."""

import json
import os
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The tools' environment, in which LABBOOK_PEERS comes first on the search path.
ENVIRONMENT = dict(os.environ)
if "LABBOOK_PEERS" in ENVIRONMENT:
    ENVIRONMENT["PATH"] = f"{ENVIRONMENT['LABBOOK_PEERS']}/bin:{ENVIRONMENT['PATH']}"


def program(name):
    """Returns the path of a program, or None."""
    return shutil.which(name, path=ENVIRONMENT["PATH"])


def python_cells(edit, pause):
    return [
        "import time\nimport numpy as np\nimport matplotlib\nmatplotlib.use('agg')\nimport matplotlib.pyplot as plt\n"
        "x = np.linspace(0, 10, 1000)",
        "y = np.sin(x) + np.random.default_rng(1).normal(0, 0.1, 1000)",
        f"time.sleep({pause})\nsmooth = np.convolve(y, np.ones(25) / 25, mode='same')",
        "figure, axes = plt.subplots()\naxes.plot(x, y)\naxes.plot(x, smooth)\nplt.show()",
        f"print('edit {edit}:', round(float(smooth.mean()) + {edit}, 4))",
    ]


class Tool:
    """A tool with its own working folder."""

    program, name, caches = "", "", []
    install = "pip install"

    def __init__(self, folder):
        self.folder = folder

    def installed(self):
        return program(self.program) is not None

    def prepare(self):
        """Removes all stored results."""
        for name in self.caches:
            for path in self.folder.glob(name):
                shutil.rmtree(path) if path.is_dir() else path.unlink()

    def write(self, name, text):
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text(text)


class Labbook(Tool):
    """Labbook with `formats: []`, because the other tools write a page only."""

    name, caches = "labbook", [".labbook", "reports/*"]
    report = "reports/n/index.html"
    front_matter = "---\nformats: []\n---\n\n"

    def installed(self):
        return True

    def edit(self, edit, pause):
        cells = [
            "let x = (0..<1000).map { Double($0) / 100 }",
            "var _random = SeededGenerator(seed: 1)\n"
            "let y = x.map { sin($0) + Double.random(in: -0.1...0.1, using: &_random) }",
            f"usleep({int(pause * 1_000_000)})\n"
            "let smooth = y.indices.map { i in\n"
            "  let window = y[max(0, i - 12)...min(y.count - 1, i + 12)]\n"
            "  return window.reduce(0, +) / Double(window.count)\n}",
            'show(Chart.lines([Series(label: "y", x: x, y: y), Series(label: "smooth", x: x, y: smooth)]))',
            f'print("edit {edit}:", smooth.reduce(0, +) / 1000 + {edit})',
        ]
        self.cells(cells)

    def cells(self, cells):
        (self.folder / "reports").mkdir(parents=True, exist_ok=True)
        fences = [f"```swift {{#c{number}}}\n{cell}\n```\n" for number, cell in enumerate(cells, 1)]
        self.write("n.md", self.front_matter + "# Smoothing\n\n" + "\n".join(fences))

    def command(self):
        return [os.environ.get("LABBOOK", str(ROOT / ".build/debug/labbook")), "run", "n.md"]


class LabbookOnPaper(Labbook):
    """Labbook with its default formats, which include one tall picture and a PDF."""

    name, front_matter = "labbook, with PNG and PDF", ""


class Nbconvert(Tool):
    name, program, report, caches = "nbconvert --execute", "jupyter-nbconvert", "n.html", ["n.html"]
    install = "pip install nbconvert ipykernel numpy matplotlib"

    def edit(self, edit, pause):
        cells = [
            {"cell_type": "code", "id": f"c{number}", "metadata": {}, "execution_count": None, "outputs": [],
             "source": cell}
            for number, cell in enumerate(python_cells(edit, pause), 1)
        ]
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        self.write("n.ipynb", json.dumps({"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}))

    def command(self):
        return [program(self.program), "--to", "html", "--execute", "--log-level", "ERROR", "n.ipynb"]


class Marimo(Tool):
    name, program, report, caches = "marimo export html, cached cells", "marimo", "n.html", ["n.html", "__marimo__"]
    install = "pip install marimo numpy matplotlib"

    def edit(self, edit, pause):
        head, noise, smooth, plot, last = python_cells(edit, pause)
        text = "import marimo\n\napp = marimo.App()\n"

        def cell(arguments, body, returned, cache=None):
            if cache:
                body = f"with mo.persistent_cache(name='{cache}'):\n" + "\n".join(
                    "    " + line for line in body.splitlines())
            lines = "\n".join("    " + line for line in body.splitlines())
            return f"\n\n@app.cell\ndef _({arguments}):\n{lines}\n    return {returned}\n"

        text += cell("", f"import marimo as mo\n{head}", "mo, np, plt, time, x")
        text += cell("mo, np, x", noise, "(y,)", "noise")
        text += cell("mo, np, time, y", smooth, "(smooth,)", "smooth")
        text += cell("plt, smooth, x, y", plot.replace("plt.show()", "figure"), "")
        text += cell("smooth", last, "")
        self.write("n.py", text)

    def command(self):
        return [program(self.program), "export", "html", "n.py", "-o", "n.html", "--force", "--no-sandbox"]


class MystNB(Tool):
    name, program, report, caches = "MyST-NB, cache", "sphinx-build", "out/index.html", ["out"]
    install = "pip install myst-nb sphinx ipykernel numpy matplotlib"

    def edit(self, edit, pause):
        self.write("conf.py", "extensions = ['myst_nb']\nnb_execution_mode = 'cache'\nproject = 'n'\n")
        fences = [f"```{{code-cell}} python\n{cell}\n```\n" for cell in python_cells(edit, pause)]
        head = "---\nfile_format: mystnb\nkernelspec:\n  name: python3\n---\n\n# Smoothing\n\n"
        self.write("index.md", head + "\n".join(fences))

    def command(self):
        return [program(self.program), "-q", "-b", "html", ".", "out"]


class RMarkdown(Tool):
    name, program, report = "R Markdown, cache and autodep", "Rscript", "n.html"
    caches = ["n.html", "n_cache", "n_files"]
    install = "apt install r-base-core r-cran-rmarkdown r-cran-codetools pandoc"

    def edit(self, edit, pause):
        cells = [
            "x <- seq(0, 10, length.out = 1000)",
            "set.seed(1)\ny <- sin(x) + rnorm(1000, 0, 0.1)",
            f"Sys.sleep({pause})\nsmooth <- stats::filter(y, rep(1 / 25, 25))",
            "plot(x, y, type = 'l')\nlines(x, smooth, col = 'red')",
            f"cat('edit {edit}:', round(mean(smooth, na.rm = TRUE) + {edit}, 4))",
        ]
        fences = [f"```{{r c{number}}}\n{cell}\n```\n" for number, cell in enumerate(cells, 1)]
        setup = "```{r setup, include=FALSE}\nknitr::opts_chunk$set(cache = TRUE, autodep = TRUE)\n```\n"
        self.write("n.Rmd", "---\ntitle: Smoothing\noutput: html_document\n---\n\n" + "\n".join([setup] + fences))

    def command(self):
        return [program(self.program), "-e", "rmarkdown::render('n.Rmd', quiet = TRUE)"]


class Codebraid(Tool):
    name, program, report, caches = "codebraid", "codebraid", "n.html", ["n.html", "_codebraid", "plot.png"]
    install = "pip install codebraid numpy matplotlib; apt install pandoc"

    def edit(self, edit, pause):
        cells = [cell.replace("plt.show()", "figure.savefig('plot.png')") for cell in python_cells(edit, pause)]
        fences = [f"```{{.python .cb-run}}\n{cell}\n```\n" for cell in cells]
        fences.insert(4, "![Smoothing](plot.png)\n")
        self.write("n.md", "# Smoothing\n\n" + "\n".join(fences))

    def command(self):
        return [program(self.program), "pandoc", "-f", "markdown", "-t", "html", "--standalone", "--metadata",
                "title=n", "--overwrite", "-o", "n.html", "n.md"]


PEERS = [Nbconvert, Marimo, MystNB, RMarkdown, Codebraid]
