import pytest

from tests.support.sale import Sale


@pytest.fixture
def sale() -> Sale:
    return Sale()
