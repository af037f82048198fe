"""Compiled kernels as object code: kept on disk, loaded into the process by LLVM's linker, without Numba.

LLVM itself is imported where it is used: its library is large, and a window is to show before it is read.
"""

from __future__ import annotations

import hashlib
import json
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.kernels.cache import cache_folder

if TYPE_CHECKING:
    from engine.kernels.contract import Kernel


@cache
def _linker() -> Any:
    """The engine that holds all loaded code; it must live as long as the process."""
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = llvm.Target.from_default_triple()
    machine = target.create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=_features(), opt=3, codemodel="jitdefault", jit=True
    )
    return llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)


@cache
def _features() -> str:
    import llvmlite.binding as llvm

    return str(llvm.get_host_cpu_features().flatten())


@cache
def _folder() -> Path | None:
    """Where this version's code for this processor is kept; None where nothing can be written."""
    import llvmlite
    import llvmlite.binding as llvm

    return cache_folder(llvmlite.__version__, llvm.get_host_cpu_name(), _features())


def address_of(kernel: Kernel, dtype: type) -> int:
    """Load a kernel's code, after compiling it when the cache does not have it."""
    import llvmlite.binding as llvm

    code, linker = code_of(kernel, dtype), _linker()
    linker.add_object_file(llvm.ObjectFileRef.from_data(code))
    linker.finalize_object()
    return int(linker.get_function_address(kernel.title(dtype)))


def code_of(kernel: Kernel, dtype: type) -> bytes:
    """A kernel's code, from the cache, or compiled and put there."""
    path = _path(kernel, dtype)
    code = _read(path) if path else None
    if code is None:
        from engine.kernels.compiler import compile_kernel

        code, needs = compile_kernel(kernel, dtype, kernel.title(dtype))
        if path:
            _write(path, code, needs)
    return code


def is_kept(kernel: Kernel, dtype: type) -> bool:
    """Whether the cache has a file of it; True where there is no cache that one could put it in."""
    path = _path(kernel, dtype)
    return path is None or path.exists()


def _path(kernel: Kernel, dtype: type) -> Path | None:
    folder = _folder()
    return folder / f"{kernel.title(dtype)}.o" if folder else None


def _read(path: Path) -> bytes | None:
    """The code in a file of the cache, whole and with all that it calls at hand; else None, and it is compiled anew."""
    import llvmlite.binding as llvm

    try:
        head, _, code = path.read_bytes().partition(b"\n")
        told = json.loads(head)
        sound = told["sha256"] == hashlib.sha256(code).hexdigest()
    except (OSError, ValueError, TypeError, KeyError):
        return None
    # LLVM ends the process where a name is unknown: ask before
    return code if sound and all(llvm.address_of_symbol(name) for name in told["needs"]) else None


def _write(path: Path, code: bytes, needs: list[str]) -> None:
    """Keep code for the next process; several may write at once. A full disk costs the cache, nothing else."""
    head = json.dumps({"sha256": hashlib.sha256(code).hexdigest(), "needs": needs}).encode()
    unfinished = path.with_suffix(f".{os.getpid()}")
    try:
        unfinished.write_bytes(head + b"\n" + code)
        os.replace(unfinished, path)
    except OSError:
        unfinished.unlink(missing_ok=True)
