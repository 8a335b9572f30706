"""A site for each test, and one pool of workers for all of them."""

from collections.abc import Iterator

import pytest
from extractors_web import Site, serving

from detente.settings import Extraction
from extractors.pool import ExtractorPool


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as found:
        yield found


@pytest.fixture
def other_site() -> Iterator[Site]:
    """Another host, as politeness counts: another port."""
    with serving() as found:
        yield found


@pytest.fixture(scope="session")
def pool() -> Iterator[ExtractorPool]:
    with ExtractorPool(Extraction(workers=1)) as found:
        yield found
