import pytest
from jsonapi import JsonApi


@pytest.fixture
def api():
    return JsonApi()
