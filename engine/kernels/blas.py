"""Where BLAS's matrix product lies: SciPy's OpenBLAS, the only one that a wheel hands out by address."""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path
from types import ModuleType

MODULE = "scipy.linalg.cython_blas"


def cython_blas() -> ModuleType:
    """SciPy's extension module by itself: the package around it takes 0.2 s to import and is not needed.

    It is put where an import finds it, because Numba asks for it, too, when it compiles or loads for the first time.
    """
    if MODULE in sys.modules:
        return sys.modules[MODULE]
    import scipy

    spec = PathFinder.find_spec(MODULE, [str(Path(scipy.__file__).parent / "linalg")])
    if spec is None or spec.loader is None:
        raise ImportError(f"this SciPy has no {MODULE}")
    module = sys.modules[MODULE] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def gemm_address(name: str) -> int:
    """The address of ``sgemm`` or ``dgemm``, in Fortran's calling convention."""
    capsule = cython_blas().__pyx_capi__[name]
    name_of, pointer_of = ctypes.pythonapi.PyCapsule_GetName, ctypes.pythonapi.PyCapsule_GetPointer
    name_of.restype, name_of.argtypes = ctypes.c_char_p, [ctypes.py_object]
    pointer_of.restype, pointer_of.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    return int(pointer_of(capsule, name_of(capsule)))
