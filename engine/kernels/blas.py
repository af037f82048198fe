"""Where BLAS's matrix product lies: NumPy's own OpenBLAS where its wheel brings one, else SciPy's."""

from __future__ import annotations

import ctypes
from functools import cache

import numpy as np  # noqa: F401  (loads its BLAS)
from threadpoolctl import threadpool_info

SPELLINGS = ("scipy_{}_64_", "scipy_{}_", "{}_64_", "{}_")  # how builds of OpenBLAS name a Fortran function


@cache
def gemm_address(name: str) -> int:
    """The address of ``sgemm`` or ``dgemm``, in Fortran's calling convention; whole numbers may be 32 or 64 bits."""
    for library in threadpool_info():
        if library["internal_api"] == "openblas":
            loaded = ctypes.CDLL(library["filepath"])
            for spelling in SPELLINGS:
                function = getattr(loaded, spelling.format(name), None)
                if function is not None:
                    return int(ctypes.cast(function, ctypes.c_void_p).value or 0)
    return _of_scipy(name)


def _of_scipy(name: str) -> int:
    """SciPy hands out addresses in any build, but takes 0.2 s to import."""
    from scipy.linalg import cython_blas

    capsule = cython_blas.__pyx_capi__[name]
    name_of, pointer_of = ctypes.pythonapi.PyCapsule_GetName, ctypes.pythonapi.PyCapsule_GetPointer
    name_of.restype, name_of.argtypes = ctypes.c_char_p, [ctypes.py_object]
    pointer_of.restype, pointer_of.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    return int(pointer_of(capsule, name_of(capsule)))
