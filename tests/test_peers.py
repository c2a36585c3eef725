"""`make peers` runs the tests of a checkout that are marked as verified, against a server of its own."""

from __future__ import annotations

import tarfile

import pytest

from scripts import peers

TESTS = """
import boto3, os, pytest

@pytest.mark.aws_verified
def test_verified():
    assert os.environ["MOTO_TEST_ALLOW_AWS_REQUEST"] == "true"
    idp = boto3.client("cognito-idp", "us-west-2")
    assert idp.meta.endpoint_url.startswith("http://localhost:")
    assert idp.create_user_pool(PoolName="peer")["UserPool"]["Id"].startswith("us-west-2_")

def test_of_moto_alone():
    raise AssertionError("it is not marked")

@pytest.mark.aws_verified
def test_more():
    assert {holds}
"""


@pytest.fixture
def checkout(tmp_path):
    def made(*, holds):
        folder = tmp_path / "tests" / "test_cognitoidp"
        folder.mkdir(parents=True)
        (folder / "test_peer.py").write_text(TESTS.format(holds=holds))
        (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = aws_verified\n")
        return tmp_path

    return made


@pytest.mark.slow
@pytest.mark.parametrize(("holds", "status"), [(True, 0), (False, 1)])
def test_the_verified_tests_decide(checkout, holds, status):
    assert peers.run(checkout(holds=holds), "-p", "no:cogmock") == status


def test_a_folder_that_is_no_checkout_is_told(tmp_path):
    with pytest.raises(SystemExit, match="Name a checkout of moto's repository"):
        peers.run(tmp_path)


def test_a_source_distribution_is_unpacked_once(checkout, tmp_path, monkeypatch):
    downloads = tmp_path / "downloads"
    monkeypatch.setattr(peers, "DOWNLOADS", downloads)
    asked = []

    def fetch(wanted):
        asked.append(wanted)
        downloads.mkdir()
        with tarfile.open(downloads / f"moto-{wanted}.tar.gz", "w:gz") as made:
            made.add(checkout(holds=True) / "tests", f"moto-{wanted}/tests")
        peers.unpack(downloads)

    monkeypatch.setattr(peers, "fetch", fetch)
    for _ in range(2):
        folder = peers.downloaded("9.8.7")
        assert (folder / "tests" / "test_cognitoidp" / "test_peer.py").is_file()
    assert asked == ["9.8.7"]
    assert [each.name for each in downloads.iterdir()] == ["moto-9.8.7"]


def test_what_pip_cannot_download_is_told(tmp_path, monkeypatch, capfd):
    monkeypatch.setattr(peers, "DOWNLOADS", tmp_path / "downloads")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(SystemExit, match=r"could not download the source distribution of moto 9\.8\.7"):
        peers.downloaded("9.8.7")
    assert "9.8.7" in capfd.readouterr().err
