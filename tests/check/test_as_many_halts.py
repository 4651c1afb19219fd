"""What the check lets through, the engine keeps: the two limits are one."""

import pytest

from stratc.compiler.check.sense.limits import HALTS_MAX
from stratc.runtime.engine import codes
from tests.check.programs import codes as codes_of
from tests.check.programs import complete

pytestmark = pytest.mark.fast


def test_one_limit():
    assert HALTS_MAX == codes.HALTS


@pytest.mark.parametrize("count", [8, 9, 11])
def test_every_halt_beyond_the_limit_is_told(count):
    halts = "\n".join(f"halt when close < {20 - at} USD, until released" for at in range(count))
    assert codes_of(complete(halts)).count("T394") == max(0, count - HALTS_MAX)
