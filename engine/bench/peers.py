"""The same steps in PyTorch, JAX and scikit-learn, written as their users write them when they want speed."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from time import perf_counter
from typing import Any

import numpy as np

from engine.bench.nets import ROWS, Net

Contestant = Callable[[int], float]


def pytorch(net: Net) -> Contestant:
    """Eager, with Adam's fused-over-tensors implementation."""
    import torch

    torch.set_num_threads(1)
    layers: list[Any] = []
    for i, (k, m) in enumerate(zip(net.widths[:-1], net.widths[1:], strict=True)):
        layers += [torch.nn.Linear(k, m)] + ([torch.nn.ReLU()] if i < len(net.widths) - 2 else [])
    model = torch.nn.Sequential(*layers)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, foreach=True)
    x, y = torch.randn(ROWS, net.widths[0]), torch.randn(ROWS, net.widths[-1])
    order = torch.randperm(ROWS)

    def run(steps: int) -> float:
        began = perf_counter()
        for i in range(steps):
            at = (i * net.batch) % (ROWS - net.batch)
            rows = order[at : at + net.batch]
            optimizer.zero_grad()
            torch.nn.functional.mse_loss(model(x[rows]), y[rows]).backward()
            optimizer.step()
        return perf_counter() - began

    run(10)
    return run


def jax(net: Net) -> Contestant:
    """One `jit` over `lax.scan` of whole steps; its time to compile is not counted."""
    import jax.numpy as jnp
    from jax import block_until_ready, jit, lax, nn, random, tree, value_and_grad

    key = random.PRNGKey(0)
    pairs = list(zip(net.widths[:-1], net.widths[1:], strict=True))
    params = [(random.normal(key, (k, m)) * np.sqrt(2 / k), jnp.zeros(m)) for k, m in pairs]
    x, y = random.normal(key, (ROWS, net.widths[0])), random.normal(key, (ROWS, net.widths[-1]))
    order = random.permutation(key, ROWS)

    def loss(params: Any, x: Any, y: Any) -> Any:
        for i, (w, b) in enumerate(params):
            x = x @ w + b
            x = nn.relu(x) if i < len(params) - 1 else x
        return jnp.mean((x - y) ** 2)

    def step(carry: Any, i: Any) -> Any:
        params, m, v, t = carry
        rows = lax.dynamic_slice(order, ((i * net.batch) % (ROWS - net.batch),), (net.batch,))
        value, grad = value_and_grad(loss)(params, x[rows], y[rows])
        t = t + 1
        m = tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, grad)
        v = tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, grad)
        params = tree.map(
            lambda p, m, v: p - 1e-3 * (m / (1 - 0.9**t)) / (jnp.sqrt(v / (1 - 0.999**t)) + 1e-8), params, m, v
        )
        return (params, m, v, t), value

    zeros = tree.map(jnp.zeros_like, params)
    state: list[Any] = [(params, zeros, zeros, jnp.float32(0))]
    programs: dict[int, Any] = {}

    def run(steps: int) -> float:
        if steps not in programs:
            programs[steps] = jit(lambda carry: lax.scan(step, carry, jnp.arange(steps)))
            block_until_ready(programs[steps](state[0]))
        began = perf_counter()
        state[0], _ = block_until_ready(programs[steps](state[0]))
        return perf_counter() - began

    return run


def scikit_learn(net: Net) -> Contestant:
    """MLPRegressor, whole epochs."""
    from sklearn.neural_network import MLPRegressor

    rng = np.random.default_rng(0)
    x = rng.standard_normal((ROWS, net.widths[0])).astype(np.float32)
    y = rng.standard_normal((ROWS, net.widths[-1])).astype(np.float32)
    target = y.ravel() if net.widths[-1] == 1 else y

    def run(steps: int) -> float:
        epochs = max(1, steps * net.batch // ROWS)
        model = MLPRegressor(
            hidden_layer_sizes=net.widths[1:-1],
            batch_size=net.batch,
            max_iter=epochs,
            tol=0,
            n_iter_no_change=10**6,
            alpha=0,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            began = perf_counter()
            model.fit(x, target)
        return (perf_counter() - began) * steps / (epochs * -(-ROWS // net.batch))

    return run


@dataclass(frozen=True)
class Peer:
    """A program to compare with. ``share``: the steps it is given, as a part of ours: it is slower."""

    name: str
    module: str
    make: Callable[[Net], Contestant]
    share: float

    @property
    def there(self) -> bool:
        return find_spec(self.module) is not None


PEERS = (
    Peer("PyTorch", "torch", pytorch, 0.02),
    Peer("JAX", "jax", jax, 1.0),
    Peer("scikit-learn", "sklearn", scikit_learn, 0.05),
)
