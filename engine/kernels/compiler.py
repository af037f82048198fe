"""From a template to object code, by Numba: specialised for a real type, compiled, given a plain C entry."""

from __future__ import annotations

import dis
from types import FunctionType
from typing import Any

import llvmlite.binding as llvm
import numba
import numpy as np
from numba import types
from numba.core import compiler
from numba.core.cpu_options import FastMathOptions
from numba.core.registry import cpu_target

from engine.kernels import primitives
from engine.kernels.contract import FASTMATH, Formula, Kernel, Primitive, Template

ENTRIES = {"kernel": 4, "run": 6, "section": 6}  # arguments of each signature

_formulas: dict[tuple[Any, str, type], Any] = {}


def specialised(template: Template, dtype: type) -> FunctionType:
    """The template's function with ``real`` and all that it calls bound for ``dtype``, under a name of its own."""
    function = template.function
    if isinstance(template, Formula) and template.double is not None and dtype is np.float64:
        function = template.double
    scope = function.__globals__ | template.bindings | {"real": dtype}
    for name in _global_names(function):
        meaning = scope.get(name)
        if isinstance(meaning, Formula):
            scope[name] = compiled(meaning, dtype)
        elif isinstance(meaning, Primitive):
            real_pointer = meaning.name == "real_pointer"
            scope[name] = primitives.real_pointers[dtype] if real_pointer else getattr(primitives, meaning.name)
    called = f"{template.name or template.function.__name__}_{np.dtype(dtype).name}"
    return FunctionType(function.__code__.replace(co_name=called, co_qualname=called), scope, called)


def _global_names(function: FunctionType) -> set[str]:
    """Globals that a function reads; ``co_names`` would add attributes: `math.exp` is not our `exp`."""
    return {step.argval for step in dis.get_instructions(function) if step.opname == "LOAD_GLOBAL"}


def compiled(formula: Formula, dtype: type) -> Any:
    """A formula as Numba inlines it into kernels; it can be called from Python, too."""
    key = (formula.function, formula.name, dtype)
    if key not in _formulas:
        njit = numba.njit(nogil=True, fastmath=FASTMATH, error_model="numpy")
        _formulas[key] = njit(specialised(formula, dtype))
    return _formulas[key]


def compile_kernel(kernel: Kernel, dtype: type, title: str) -> tuple[bytes, list[str]]:
    """Machine code of a kernel for this processor, with a C function called ``title``.

    Returns:
        The object file, and the names of the C library's functions that it calls.
    """
    whole, reals = types.int64, primitives.REALS[dtype]
    arguments: tuple[Any, ...] = (whole,) * ENTRIES[kernel.signature]
    if kernel.signature == "kernel":
        arguments = (primitives.INTS, primitives.INTS, reals, reals)
    result = whole if kernel.signature == "run" else types.void
    flags = compiler.Flags()
    flags.no_cpython_wrapper = flags.no_cfunc_wrapper = True
    flags.error_model = "numpy"
    if not kernel.strict:
        flags.fastmath = FastMathOptions(FASTMATH)
    cpu_target.typing_context.refresh()
    cpu_target.target_context.refresh()
    done = compiler.compile_extra(
        cpu_target.typing_context, cpu_target.target_context, specialised(kernel, dtype), arguments, result, flags, {}
    )
    return _object_code(done.library, done.fndesc.llvm_func_name, title, len(arguments), kernel.signature)


def _object_code(library: Any, native: str, title: str, count: int, signature: str) -> tuple[bytes, list[str]]:
    """The library with an entry that C can call, optimised again, without what the entry does not reach.

    Numba's own wrapper would bring Python's error handling along, and so Numba's runtime; kernels never raise.
    """
    kind = "ptr" if signature == "kernel" else "i64"
    parameters = ", ".join(f"{kind} %a{i}" for i in range(count))
    returns = "i64" if signature == "run" else "void"
    entry = f"""
declare i32 @"{native}"(ptr, ptr, {", ".join([kind] * count)})
define {returns} @"{title}"({parameters}) {{
  %result = alloca i64
  %error = alloca ptr
  %status = call i32 @"{native}"(ptr %result, ptr %error, {parameters})
  {"%value = load i64, ptr %result" if returns == "i64" else ""}
  ret {"i64 %value" if returns == "i64" else "void"}
}}
"""
    module = llvm.parse_assembly(str(library._final_module))
    module.link_in(llvm.parse_assembly(entry))
    for function in module.functions:
        if not function.is_declaration and function.name != title:
            function.linkage = llvm.Linkage.internal
    machine = library.codegen._tm
    options = llvm.create_pipeline_tuning_options(speed_level=3)
    builder = llvm.create_pass_builder(machine, options)
    builder.getModulePassManager().run(module, builder)
    needs = [f.name for f in module.functions if f.is_declaration and not f.name.startswith("llvm.")]
    return bytes(machine.emit_object(module)), needs
