"""Every optimizer's first steps, worked by hand: w = 1, gradients in turn, the weight after each step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from engine.kernels import optimizers
from engine.kernels.contract import Kernel
from tests.engine.kernels.calling import Bench


@dataclass(frozen=True)
class Worked:
    """A sequence written down below; ``slots`` and ``scalars``: how many arrays and numbers the kernel keeps."""

    kernel: Kernel
    rate: float
    slots: int
    scalars: int
    constants: tuple[float, ...]
    gradients: tuple[float, ...]
    weights: tuple[float, ...]


WORKED = {
    # w -= α·g: 1 - 0.05, - 0.025, + 0.1
    "descend": Worked(optimizers.descend, 0.1, 0, 0, (), (0.5, 0.25, -1.0), (0.95, 0.925, 1.025)),
    # v = 0.9·v + g = 0.5; 0.45 + 0.25 = 0.7; 0.63 - 1 = -0.37
    # w = 1 - 0.05 = 0.95; 0.95 - 0.07 = 0.88; 0.88 + 0.037 = 0.917
    "momentum": Worked(optimizers.momentum, 0.1, 1, 0, (0.9,), (0.5, 0.25, -1.0), (0.95, 0.88, 0.917)),
    # v as above; steps g + 0.9·v = 0.5 + 0.45 = 0.95; 0.25 + 0.63 = 0.88; -1 - 0.333 = -1.333
    # w = 1 - 0.095 = 0.905; 0.905 - 0.088 = 0.817; 0.817 + 0.1333 = 0.9503
    "nesterov": Worked(optimizers.nesterov, 0.1, 1, 0, (0.9,), (0.5, 0.25, -1.0), (0.905, 0.817, 0.9503)),
    # ρ = 0.75, ε = 0.05: s = 0.25·0.16 = 0.04; 0.03 + 0.25·0.04 = 0.04; 0.03
    # w = 1 - 0.1·0.4/(0.2 + 0.05) = 0.84; 0.84 - 0.1·0.2/0.25 = 0.76; no gradient, no step
    "rmsprop": Worked(optimizers.rmsprop, 0.1, 1, 0, (0.75, 0.05), (0.4, 0.2, 0.0), (0.84, 0.76, 0.76)),
    # ε = 0.1: s = 0.09; 0.09 + 0.16 = 0.25; 0.25 + 1.44 = 1.69, with roots 0.3, 0.5, 1.3
    # w = 1 - 0.1·0.3/0.4 = 0.925; 0.925 - 0.1·0.4/0.6 = 0.8583333; + 0.1·1.2/1.4 = 0.9440476
    "adagrad": Worked(optimizers.adagrad, 0.1, 1, 0, (0.1,), (0.3, 0.4, -1.2), (0.925, 0.858333333, 0.944047619)),
    # ρ = 0.5, ε = 0.01, α = 1: s = 0.5·0.16 = 0.08; d = √(0.01/0.09)·0.4 = 0.4/3 = 0.1333333; w = 0.8666667
    # u = 0.5·0.0177778 = 0.0088889
    # s = 0.04 + 0.02 = 0.06; d = √(0.0188889/0.07)·0.2 = √0.2698413·0.2 = 0.5194625·0.2 = 0.1038925; w = 0.7627742
    "adadelta": Worked(optimizers.adadelta, 1.0, 2, 0, (0.5, 0.01), (0.4, 0.2), (0.866666667, 0.762774170)),
    # β = (0.5, 0.75), ε = 0.1
    # 1: m = 0.2, v = 0.04; m̂ = 0.2/0.5 = 0.4, v̂ = 0.04/0.25 = 0.16; w = 1 - 0.1·0.4/(0.4 + 0.1) = 0.92
    # 2: m = 0.1 - 0.2 = -0.1, v = 0.03 + 0.04 = 0.07; m̂ = -0.1/0.75, v̂ = 0.07/0.4375 = 0.16; w + 0.1·0.1333333/0.5
    # 3: m = -0.05 + 0.4 = 0.35, v = 0.0525 + 0.16 = 0.2125; m̂ = 0.35/0.875 = 0.4, v̂ = 0.2125/0.578125 = 0.3675676
    #    √v̂ = 0.6062736; w = 0.9466667 - 0.1·0.4/0.7062736 = 0.9466667 - 0.0566353
    "adam": Worked(optimizers.adam, 0.1, 2, 2, (0.5, 0.75, 0.1), (0.4, -0.4, 0.8), (0.92, 0.946666667, 0.890031384)),
    # as Adam with 1: m̂ = 0.5·0.2/(1 - 0.5²) + 0.5·0.4/0.5 = 0.1333333 + 0.4; w = 1 - 0.1·0.5333333/0.5
    # 2: m̂ = -0.5·0.1/(1 - 0.5³) - 0.5·0.4/(1 - 0.5²) = -0.0571429 - 0.2666667; w = 0.8933333 + 0.1·0.3238095/0.5
    "nadam": Worked(optimizers.nadam, 0.1, 2, 2, (0.5, 0.75, 0.1), (0.4, -0.4), (0.893333333, 0.958095238)),
}


def run(worked: Worked, dtype: type, starts: Sequence[float], turns: Sequence[Sequence[float]]) -> np.ndarray:
    """The weights (step, weight) when the gradients of every step are ``turns[step]``."""
    bench = Bench(dtype, 1)
    size = len(starts)
    w, dw = bench.par(starts), bench.par(np.zeros(size))
    arguments = [w, dw, size, bench.par([worked.rate])]
    arguments += [bench.par(np.zeros(size)) for _ in range(worked.slots)]
    if worked.scalars:
        arguments.append(bench.par(np.zeros(worked.scalars)))
    if worked.constants:
        arguments.append(bench.par(worked.constants))
    seen = []
    for gradients in turns:
        bench.arenas["par"][dw : dw + size] = gradients
        bench.call(worked.kernel, *arguments)
        seen.append(bench.get(w, "par"))
    return np.array(seen)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", WORKED)
def test_that_an_optimizer_steps_as_one_works_out_by_hand(name: str, dtype: type) -> None:
    worked = WORKED[name]
    weights = run(worked, dtype, [1.0], [[g] for g in worked.gradients])
    assert weights[:, 0] == pytest.approx(worked.weights, abs=2e-7 if dtype is np.float32 else 1e-9)


@pytest.mark.parametrize("name", WORKED)
def test_that_every_weight_goes_its_own_way(name: str) -> None:
    # 37 weights: whole vector registers and a rest; those without a gradient, as in the padding, stay as they are
    worked = WORKED[name]
    factors = np.where(np.arange(37) % 5 == 0, 0.0, np.linspace(-3, 3, 37))
    together = run(worked, np.float64, np.linspace(-1, 1, 37), [g * factors for g in worked.gradients])
    for i in (0, 1, 8, 36):
        alone = run(worked, np.float64, [np.linspace(-1, 1, 37)[i]], [[g * factors[i]] for g in worked.gradients])
        assert together[:, i] == pytest.approx(alone[:, 0], rel=1e-13)
    assert together[-1, 0] == -1.0


def test_that_adams_first_step_is_the_learning_rate_whatever_the_gradient() -> None:
    # m̂/√v̂ = g/|g| at the first step: the corrections do what they are for
    worked = Worked(optimizers.adam, 0.001, 2, 2, (0.9, 0.999, 1e-8), (), ())
    weights = run(worked, np.float32, [1.0] * 4, [[1e-5, -1e-3, 1.0, 1e8]])
    assert weights[0] == pytest.approx([0.999, 1.001, 0.999, 0.999], abs=2e-6)


def test_that_adams_corrections_are_exact_over_thousands_of_steps() -> None:
    bench = Bench(np.float64, 1)
    scalars = bench.par([0.0, 0.0])
    arguments = (bench.par([1.0]), bench.par([0.0]), 1, bench.par([0.001]), bench.par([0.0]), bench.par([0.0]), scalars)
    constants = bench.par([0.9, 0.999, 1e-8])
    for _ in range(1000):
        bench.call(optimizers.adam, *arguments, constants)
    assert bench.get(scalars, "par") == pytest.approx([1 - 0.9**1000, 1 - 0.999**1000], rel=1e-12)
