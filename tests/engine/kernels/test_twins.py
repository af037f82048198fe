"""Kernels beside their twins, over random shapes, in both precisions."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.kernels import blocks, combine, elementwise, embedding, maxout, normalise
from engine.kernels.affine import BLAS_FROM, affine_kernels
from engine.kernels.recurrent import recur_kernels
from tests.engine.kernels import twins
from tests.engine.kernels.calling import Bench, close, normal
from tests.engine.kernels.shapes import both, few, groups, rows, seeds, widths

NOBODY = -1  # the offset of a gradient that nobody needs


@both
@few
@given(n=rows, groups=groups, k=widths, m=widths, seed=seeds)
def test_that_affine_equals_its_twin(dtype: type, n: int, groups: int, k: int, m: int, seed: int) -> None:
    _affine(dtype, n, groups, k, m, seed)


@both
def test_that_affine_equals_its_twin_where_blas_computes_it(dtype: type) -> None:
    assert BLAS_FROM <= 40 * 40 * 40
    _affine(dtype, 20, 2, 40, 40, 1)


def _affine(dtype: type, n: int, groups: int, k: int, m: int, seed: int) -> None:
    x, w, b = normal(seed, n * groups, k), normal(seed + 1, k, m), normal(seed + 2, m)
    dy = normal(seed + 3, n * groups, m)
    for wanted in (True, False):
        bench = Bench(dtype, n)
        shared = (
            bench.act(x), bench.room(n * groups, m), bench.par(w), bench.par(b), bench.par([0.0]), k, m, groups
        )  # fmt: skip
        dx = bench.room(n * groups, k) if wanted else NOBODY
        dw, db = bench.room(k, m, arena="par"), bench.room(m, arena="par")
        forward, backward = affine_kernels("tanh")
        bench.call(forward, *shared)
        bench.call(backward, *shared, dx, bench.act(dy), dw, db)
        y = np.tanh(x @ w + b)
        expected = twins.affine_gradients(x, w, dy * (1 - y**2))
        near = close(dtype) if dtype is np.float64 else {"rtol": 1e-4, "atol": 3e-5}
        np.testing.assert_allclose(bench[shared[1]], y, **near)
        np.testing.assert_allclose(bench.get(dw, "par"), expected[1], **near)
        np.testing.assert_allclose(bench.get(db, "par"), expected[2], **near)
        if wanted:
            np.testing.assert_allclose(bench[dx], expected[0], **near)


@both
@few
@given(n=rows, size=widths, seed=seeds)
def test_that_sums_and_products_equal_their_twins(dtype: type, n: int, size: int, seed: int) -> None:
    a, b, dy = normal(seed, n, size), normal(seed + 1, n, size), normal(seed + 2, n, size)
    for forward, backward, y, da, db in (
        (combine.add, combine.add_backward, a + b, dy, dy),
        (combine.multiply, combine.multiply_backward, a * b, dy * b, dy * a),
    ):
        bench = Bench(dtype, n)
        shared = (bench.act(a), bench.act(b), bench.room(n, size), size)
        into, d = (bench.room(n, size), bench.room(n, size)), bench.act(dy)
        bench.call(forward, *shared)
        bench.call(backward, *shared, *into, d)
        np.testing.assert_allclose(bench[shared[2]], y, **close(dtype))
        np.testing.assert_allclose(bench[into[0]], da, **close(dtype))
        np.testing.assert_allclose(bench[into[1]], db, **close(dtype))
        bench.call(backward, *shared, NOBODY, NOBODY, d)
    bench = Bench(dtype, n)
    first, second, into_sum = bench.act(a), bench.act(b), bench.room(n, size)
    bench.call(combine.add_gradients, into_sum, first, second, size)
    bench.call(combine.add_gradients, first, first, second, size)
    np.testing.assert_allclose(bench[into_sum], a + b, **close(dtype))
    np.testing.assert_allclose(bench[first], a + b, **close(dtype))


@both
@few
@given(n=rows, blocks_=groups, span=widths, before=st.integers(0, 4), after=st.integers(0, 4), seed=seeds)
def test_that_blocks_are_copied_into_and_out_of_larger_ones(
    dtype: type, n: int, blocks_: int, span: int, before: int, after: int, seed: int
) -> None:
    whole = before + span + after
    small, large = normal(seed, n, blocks_, span), normal(seed + 1, n, blocks_, whole)
    bench = Bench(dtype, n)
    x, y = bench.act(small), bench.act(large)
    bench.call(blocks.copy_blocks, x, span, 0, y, whole, before, span, blocks_, 0)
    expected = large.copy()
    expected[:, :, before : before + span] = small
    np.testing.assert_array_equal(bench[y], expected)
    out = bench.room(n, blocks_, span)
    bench.call(blocks.copy_blocks, y, whole, before, out, span, 0, span, blocks_, 0)
    np.testing.assert_array_equal(bench[out], small)
    bench.call(blocks.copy_blocks, x, span, 0, y, whole, before, span, blocks_, 1)
    expected = np.zeros_like(large)
    expected[:, :, before : before + span] = small
    np.testing.assert_array_equal(bench[y], expected)


@both
@few
@given(n=rows, places=st.integers(1, 6), m=widths, seed=seeds)
def test_that_an_average_over_places_equals_its_twin(dtype: type, n: int, places: int, m: int, seed: int) -> None:
    x, dy = normal(seed, n, places, m), normal(seed + 1, n, m)
    bench = Bench(dtype, n)
    shared = (bench.act(x), bench.room(n, m), places, m)
    dx = bench.room(n, places, m)
    bench.call(blocks.average, *shared)
    bench.call(blocks.average_backward, *shared, dx, bench.act(dy))
    np.testing.assert_allclose(bench[shared[1]], x.mean(axis=1, dtype=np.float64), **close(dtype))
    np.testing.assert_allclose(bench[dx], np.repeat(dy[:, None] / places, places, axis=1), **close(dtype))


@both
@few
@given(n=rows, pieces=st.integers(2, 4), m=widths, seed=seeds)
def test_that_maxout_equals_its_twin(dtype: type, n: int, pieces: int, m: int, seed: int) -> None:
    z, dy = normal(seed, n, pieces, m), normal(seed + 1, n, m)
    z[0] = 0.5  # a tie: one piece alone gets the gradient
    bench = Bench(dtype, n)
    shared = (bench.act(z), bench.room(n, m), 1, pieces, m)
    dz = bench.room(n, pieces, m)
    bench.call(maxout.maxout, *shared)
    bench.call(maxout.maxout_backward, *shared, dz, bench.act(dy))
    np.testing.assert_array_equal(bench[shared[1]], twins.maxout(z))
    np.testing.assert_array_equal(bench[dz], twins.maxout_gradient(z, dy))


@both
@few
@given(n=rows, groups=groups, m=widths, seed=seeds)
def test_that_prelu_equals_its_twin(dtype: type, n: int, groups: int, m: int, seed: int) -> None:
    x, a, dy = normal(seed, n * groups, m), normal(seed + 1, m), normal(seed + 2, n * groups, m)
    dx, da = twins.prelu_gradients(x, a, dy)
    for wanted in (True, False):
        bench = Bench(dtype, n)
        shared = (bench.act(x), bench.room(n * groups, m), bench.par(a), groups, m)
        into, slope = bench.room(n * groups, m) if wanted else NOBODY, bench.room(m, arena="par")
        bench.call(elementwise.prelu, *shared)
        bench.call(elementwise.prelu_backward, *shared, into, bench.act(dy), slope)
        np.testing.assert_allclose(bench[shared[1]], twins.prelu(x, a), **close(dtype))
        np.testing.assert_allclose(bench.get(slope, "par"), da, **close(dtype))
        if wanted:
            np.testing.assert_allclose(bench[into], dx, **close(dtype))


@both
@few
@given(n=rows, groups=groups, m=st.integers(1, 8), seed=seeds, training=st.booleans())
def test_that_batch_norm_equals_its_twin(dtype: type, n: int, groups: int, m: int, seed: int, training: bool) -> None:
    epsilon, momentum = 0.01, 0.75
    x, dy = 2 * normal(seed, n * groups, m) + 3, normal(seed + 1, n * groups, m)
    gamma, beta = normal(seed + 2, m), normal(seed + 3, m)
    mean, variance = normal(seed + 4, m), np.abs(normal(seed + 5, m)) + 1
    bench = Bench(dtype, n, training)
    running = bench.par(mean), bench.par(variance)
    shared = (
        bench.act(x), bench.room(n * groups, m), bench.par(gamma), bench.par(beta), *running, bench.par([epsilon]),
        bench.par([momentum]), bench.room(m), bench.room(m), groups, m,
    )  # fmt: skip
    dx, dgamma, dbeta = bench.room(n * groups, m), bench.room(m, arena="par"), bench.room(m, arena="par")
    bench.call(normalise.batch_norm, *shared)
    bench.call(normalise.batch_norm_backward, *shared, dx, bench.act(dy), dgamma, dbeta)

    def forward(x: twins.Array, gamma: twins.Array = gamma, beta: twins.Array = beta) -> twins.Array:
        if training:
            return twins.batch_norm(x, gamma, beta, epsilon)
        return twins.normalise(x, mean, variance, gamma, beta, epsilon)

    near = {"rtol": 1e-3, "atol": 1e-3} if dtype is np.float32 else {"rtol": 1e-7, "atol": 1e-8}
    np.testing.assert_allclose(bench[shared[1]], forward(x), **near)
    np.testing.assert_allclose(bench[dx], twins.differences(forward, x, dy), **near)
    by_gamma = twins.differences(lambda g: forward(x, gamma=g), gamma, dy)
    by_beta = twins.differences(lambda b: forward(x, beta=b), beta, dy)
    np.testing.assert_allclose(bench.get(dgamma, "par"), by_gamma, **near)
    np.testing.assert_allclose(bench.get(dbeta, "par"), by_beta, **near)
    kept = momentum if training else 1.0
    np.testing.assert_allclose(bench.get(running[0], "par"), kept * mean + (1 - kept) * x.mean(axis=0), **close(dtype))
    np.testing.assert_allclose(
        bench.get(running[1], "par"), kept * variance + (1 - kept) * x.var(axis=0), **close(dtype)
    )
    bench.call(normalise.batch_norm_backward, *shared, NOBODY, bench.act(dy), dgamma, dbeta)


@both
@few
@given(n=rows, groups=groups, m=st.integers(1, 8), seed=seeds)
def test_that_layer_norm_equals_its_twin(dtype: type, n: int, groups: int, m: int, seed: int) -> None:
    epsilon = 0.01
    x, dy = 2 * normal(seed, n * groups, m) + 3, normal(seed + 1, n * groups, m)
    gamma, beta = normal(seed + 2, m), normal(seed + 3, m)
    bench = Bench(dtype, n)
    shared = (
        bench.act(x), bench.room(n * groups, m), bench.par(gamma), bench.par(beta), bench.par([epsilon]),
        bench.room(n * groups), bench.room(n * groups), groups, m,
    )  # fmt: skip
    dx, dgamma, dbeta = bench.room(n * groups, m), bench.room(m, arena="par"), bench.room(m, arena="par")
    bench.call(normalise.layer_norm, *shared)
    bench.call(normalise.layer_norm_backward, *shared, dx, bench.act(dy), dgamma, dbeta)
    near = {"rtol": 1e-3, "atol": 1e-3} if dtype is np.float32 else {"rtol": 1e-7, "atol": 1e-8}
    np.testing.assert_allclose(bench[shared[1]], twins.layer_norm(x, gamma, beta, epsilon), **near)
    for got, by in (
        (bench[dx], twins.differences(lambda x: twins.layer_norm(x, gamma, beta, epsilon), x, dy)),
        (bench.get(dgamma, "par"), twins.differences(lambda g: twins.layer_norm(x, g, beta, epsilon), gamma, dy)),
        (bench.get(dbeta, "par"), twins.differences(lambda b: twins.layer_norm(x, gamma, b, epsilon), beta, dy)),
    ):
        np.testing.assert_allclose(got, by, **near)
    bench.call(normalise.layer_norm_backward, *shared, NOBODY, bench.act(dy), dgamma, dbeta)


@both
@few
@given(n=rows, groups=groups, tokens=st.integers(1, 6), m=widths, seed=seeds)
def test_that_embedding_equals_its_twin(dtype: type, n: int, groups: int, tokens: int, m: int, seed: int) -> None:
    ids = np.random.default_rng(seed).integers(0, tokens, n * groups)
    w, dy = normal(seed, tokens, m), normal(seed + 1, n * groups, m)
    bench = Bench(dtype, n)
    shared = (bench.act(ids), bench.room(n * groups, m), bench.par(w), tokens, m, groups)
    dw = bench.room(tokens, m, arena="par")
    bench.call(embedding.embed, *shared)
    bench.call(embedding.embed_backward, *shared, bench.act(dy), dw)
    np.testing.assert_array_equal(bench[shared[1]], w[ids])
    np.testing.assert_allclose(bench.get(dw, "par"), twins.embed_gradient(ids, tokens, dy), **close(dtype))


def test_that_an_id_outside_the_vocabulary_reads_nothing_outside_the_table() -> None:
    bench = Bench(np.float32, 4)
    w = np.array([[1.0], [2.0], [3.0]])
    y = bench.room(4, 1)
    bench.call(embedding.embed, bench.act([-7, 3, 1e9, np.nan]), y, bench.par(w), 3, 1, 1)
    assert bench[y].ravel().tolist() == [1.0, 3.0, 3.0, 1.0]


@both
@few
@given(n=rows, steps=st.integers(1, 5), m=st.integers(1, 7), seed=seeds, activation=st.sampled_from(["tanh", "relu"]))
def test_that_a_recurrent_cell_equals_its_twin(
    dtype: type, n: int, steps: int, m: int, seed: int, activation: str
) -> None:
    _recur(dtype, n, steps, m, seed, activation)


@both
def test_that_a_recurrent_cell_equals_its_twin_where_blas_computes_it(dtype: type) -> None:
    assert BLAS_FROM <= 40 * 40 * 40
    _recur(dtype, 40, 4, 40, 1, "tanh")


def _recur(dtype: type, n: int, steps: int, m: int, seed: int, activation: str) -> None:
    z, u, dh = normal(seed, n, steps, m), normal(seed + 1, m, m, scale=0.3), normal(seed + 2, n, steps, m)
    bench = Bench(dtype, n)
    shared = (bench.act(z), bench.room(n, steps, m), bench.par(u), bench.par([0.0]), steps, m)
    dz, du = bench.room(n, steps, m), bench.room(m, m, arena="par")
    forward, backward = recur_kernels(activation)
    bench.call(forward, *shared)
    bench.call(backward, *shared, dz, bench.act(dh), du)

    def f(z: twins.Array) -> twins.Array:
        return twins.ACTIVATIONS[activation](z, 0.0)

    near = {"rtol": 1e-4, "atol": 1e-5} if dtype is np.float32 else close(dtype)
    np.testing.assert_allclose(bench[shared[1]], twins.recur(z, u, f), **near)
    # a corner of ReLU would spoil the differences, and many units take long
    if activation == "tanh" and m <= 7:
        near = {"rtol": 1e-3, "atol": 1e-4} if dtype is np.float32 else {"rtol": 1e-7, "atol": 1e-9}
        by_z = twins.differences(lambda z: twins.recur(z, u, f), z, dh)
        by_u = twins.differences(lambda u: twins.recur(z, u, f), u, dh)
        np.testing.assert_allclose(bench[dz], by_z, **near)
        np.testing.assert_allclose(bench.get(du, "par"), by_u, **near)
