import pytest

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("version", ["3_1", "4_2", "5_0", "5_1", "newest"])
def test_beside_moto(passes, version):
    passes(f"moto_{version}", "moto_checks.py")
