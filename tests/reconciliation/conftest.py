"""The counter at which these tests pay."""

from tests.pay import counter, emulator  # noqa: F401 fixtures
