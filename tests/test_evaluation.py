"""How figures are chosen: only for gains beyond chance."""

import numpy as np
import pytest

from evaluation.chance import beyond_chance, standard_error


def test_the_standard_error_is_the_spread_over_the_root_of_the_number() -> None:
    assert standard_error(np.array([1.0, -1.0, 1.0, -1.0])) == pytest.approx((4 / 3) ** 0.5 / 2)


@pytest.mark.parametrize(
    ("gains", "better"),
    [
        ([0.0, 0.0, 0.0, 0.0], False),
        ([1.0, -1.0, 1.0, -1.0, 0.5], False),
        ([0.01, 0.011, 0.009, 0.01], True),
        ([-0.01, -0.011, -0.009, -0.01], False),
    ],
)
def test_a_gain_counts_that_is_larger_than_its_standard_error(gains: list[float], better: bool) -> None:
    assert beyond_chance(np.array(gains)) is better
