"""Shapes and precisions over which kernels are tested."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st

both = pytest.mark.parametrize("dtype", [np.float32, np.float64])


few = settings(max_examples=12, deadline=None)


rows, groups, widths = st.integers(1, 5), st.integers(1, 3), st.integers(1, 19)


seeds = st.integers(0, 1000)
