"""Every kernel of the library behind one compiled module: arrays in, arrays out, the way generated code drives them.

Each kernel's state and room begin as bytes of 0x7f, huge numbers and set flags: a `reset` that forgets a field shows.
"""

from __future__ import annotations

import importlib.util
import os
import shlex
import subprocess
import sys
import sysconfig
from pathlib import Path

import numpy as np

from stratc.dsl.stdlib import catalogue

FLAGS = ("-O2", "-ffp-contract=off", "-fPIC")

HEAD = """# cython: language_level=3
from libc.stdint cimport uintptr_t
from libc.stdlib cimport free, malloc
from libc.string cimport memset
"""

DRIVER = """
from {stem} cimport {camel}State, {stem}_push, {stem}_reset, {stem}_room

def {stem}(uintptr_t source, uintptr_t target, long bars{params}):
    cdef double* x = <double*>source
    cdef double* y = <double*>target
    cdef size_t wanted = sizeof(double) * ({stem}_room({whole}) + 1)
    cdef double* room = <double*>malloc(wanted)
    cdef {camel}State* s = <{camel}State*>malloc(sizeof({camel}State))
    cdef long i
    memset(room, 0x7F, wanted)
    memset(s, 0x7F, sizeof({camel}State))
    with nogil:
        {stem}_reset(s, room{args})
        for i in range(bars):
            y[i] = {stem}_push(s, {inputs})
{others}    free(s)
    free(room)
"""


def write_driver(stem):
    indicator = catalogue.lookup(stem)
    others = [f"            y[{k} * bars + i] = s.{out.name}\n" for k, out in enumerate(indicator.outputs) if k]
    return DRIVER.format(
        stem=stem,
        camel="".join(word.capitalize() for word in stem.split("_")),
        params="".join(f", {'long' if param.whole else 'double'} {param.name}" for param in indicator.params),
        whole=", ".join(param.name for param in indicator.params if param.whole),
        args="".join(f", {param.name}" for param in indicator.params),
        inputs=", ".join(f"x[{k} * bars + i]" for k, _ in enumerate(indicator.inputs)),
        others="".join(others),
    )


def compile_kernels(folder: Path):
    """The module, built in `folder`; a compiler's complaint is raised with its text."""
    for stem in catalogue.names():
        (folder / f"{stem}.pxd").write_text(catalogue.kernel(stem))
    (folder / "drivers.pyx").write_text(HEAD + "".join(map(write_driver, catalogue.names())))
    library = folder / f"drivers{sysconfig.get_config_var('EXT_SUFFIX')}"
    default = sysconfig.get_config_var("CC")
    link = sysconfig.get_config_var("LDSHARED").replace(default, os.environ.get("CC") or default, 1)
    translate = [sys.executable, "-m", "cython", "-X", "cdivision=True", "drivers.pyx"]
    build = [*shlex.split(link), *FLAGS, "-I", sysconfig.get_path("include"), "drivers.c", "-o", str(library), "-lm"]
    for command in (translate, build):
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr + done.stdout)
    spec = importlib.util.spec_from_file_location("drivers", library)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def drive(module, indicator, rows, params):
    """The outputs of the compiled kernel, one row each."""
    source = np.ascontiguousarray(np.array(rows, dtype=np.float64))
    bars = source.shape[1]
    target = np.full((len(indicator.outputs), bars), 777.0)
    getattr(module, indicator.name)(source.ctypes.data, target.ctypes.data, bars, *params)
    return target
