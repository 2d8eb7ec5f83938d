"""An emulated gateway, and who calls it."""

from tests.pay import emulator  # noqa: F401 a fixture
from tests.sandbox.caller import caller  # noqa: F401 a fixture
