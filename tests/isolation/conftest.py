import pytest

from tenants.registry.app import App
from tests.isolation.world import World, build_world


@pytest.fixture
def world(db: None, amal: App, thurayya: App) -> World:
    return build_world(amal, thurayya)
