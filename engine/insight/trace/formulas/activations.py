"""The activations in letters: a = f(z) and f′, for the eye; their numbers come from the kernels' own formulas."""

from __future__ import annotations

from typing import Final

from engine.insight.trace.record import LayerTrace
from engine.insight.trace.words import figure
from engine.kernels.activations import ACTIVATIONS

# name: (f with Z for its argument, f′ in z and a). P stands for the activation's own parameter.
WRITTEN: Final[dict[str, tuple[str, str]]] = {
    "linear": ("Z", "1"),
    "relu": ("max(0, Z)", "1 for z > 0, else 0"),
    "leaky_relu": ("max(P · Z, Z)", "1 for z > 0, else P"),
    "elu": ("Z for Z > 0, else P · (e^{z} − 1)", "1 for z > 0, else a + P"),
    "selu": ("1.0507 · (Z for Z > 0, else 1.6733 · (e^{z} − 1))", "1.0507 for z > 0, else a + 1.7581"),
    "gelu": ("Z · Φ(Z)", "Φ(z) + z · φ(z)"),
    "silu": ("Z · σ(Z)", "σ(z) + z · σ(z) · (1 − σ(z))"),
    "mish": ("Z · tanh(ln(1 + e^{z}))", "tanh(ln(1 + e^{z})) + z · (its slope)"),
    "tanh": ("tanh(Z)", "1 − a^{2}"),
    "sigmoid": ("σ(Z)", "a · (1 − a)"),
    "hard_sigmoid": ("min(max(Z/6 + ½, 0), 1)", "⅙ for 0 < a < 1, else 0"),
    "softplus": ("ln(1 + e^{z}), z = Z", "σ(z)"),
    "softsign": ("{Z}/{1 + |Z|}", "(1 − |a|)^{2}"),
    "sin": ("sin(Z)", "cos(z)"),
    "gaussian": ("e^{−z²}, z = Z", "−2 · z · a"),
    "softmax": ("{e^{z}}/{Σ e^{z}}, z = Z", "a · (1 − a)"),
}


def applied(layer: LayerTrace, z: str) -> str:
    """f of something, written out: ``tanh(0.35)``."""
    text = WRITTEN.get(layer.activation, (f"{layer.activation}(Z)", ""))[0]
    return text.replace("P", figure(layer.constant)).replace("Z", z)


def slope_text(layer: LayerTrace) -> str:
    return WRITTEN.get(layer.activation, ("", "its slope"))[1].replace("P", figure(layer.constant))


def slope_of(layer: LayerTrace, z: float, a: float) -> float:
    """f′(z), by the formula of the kernels, in double precision."""
    row = ACTIVATIONS[layer.activation]
    assert row.slope is not None
    return float(row.slope(z, a, layer.constant))
