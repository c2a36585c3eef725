"""Fixtures of this folder: a visitor of the stand-in providers."""

from __future__ import annotations

import pytest
from support.standin_visitor import Visitor


@pytest.fixture
def visitor(cognito):
    return Visitor(cognito)
