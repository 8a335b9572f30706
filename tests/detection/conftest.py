import pytest

from detection.coder import Coder, load_coder
from detente.desk import seeds


@pytest.fixture(scope="session")
def coder() -> Coder:
    """The shipped rules and actors."""
    return load_coder(seeds())
