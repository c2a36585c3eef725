"""The recipes of docs/ci-and-containers.md and the Dockerfile: what can be checked without a container."""

from __future__ import annotations

import dataclasses
import re
import subprocess
import sys
from pathlib import Path

import kubernetes_validate
import pytest
import yaml
from support.processes import free_port

from cogmock import services
from cogmock.cli.settings import variable_of
from cogmock.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "ci-and-containers.md").read_text(encoding="utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
FILES = dict(re.findall(r"```yaml\n# (\S+\.yaml)\n(.*?)```", PAGE, re.DOTALL))
OURS = {variable_of(field) for field in dataclasses.fields(Settings)} | {"COGMOCK_URL"}
THEIRS = {
    "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER",
    "AWS_ENDPOINT_URL_COGNITO_IDENTITY",
    "AWS_ENDPOINT_URL_STS",
    "AWS_ENDPOINT_URL_IAM",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
}


def test_there_are_the_recipes():
    assert set(FILES) == {
        "compose.yaml",
        "github.yaml",
        "gitlab.yaml",
        "kubernetes.yaml",
        "devcontainer.yaml",
    }


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_recipe_names_only_variables_that_there_are(name):
    assert yaml.safe_load_all(FILES[name])
    named = set(re.findall(r"\b(?:COGMOCK|AWS)_[A-Z_]+\b", FILES[name]))
    assert named <= OURS | THEIRS


@pytest.mark.parametrize(
    "manifest", list(yaml.safe_load_all(FILES["kubernetes.yaml"])), ids=lambda of: of["kind"]
)
def test_the_manifests_are_valid(manifest):
    kubernetes_validate.validate(manifest, "1.30", strict=True)


def test_the_recipe_for_aws_host_names_is_a_compose_file():
    page = (ROOT / "docs" / "aws-host-names.md").read_text(encoding="utf-8")
    recipe = yaml.safe_load(re.search(r"```yaml\n# compose-aws-names\.yaml\n(.*?)```", page, re.DOTALL)[1])
    server, site = recipe["services"]["cogmock"], recipe["services"]["site"]
    assert set(server["environment"]) <= OURS
    assert all(
        services.of_host(name) or re.fullmatch(services.DOMAIN_HOST, name)
        for name in server["networks"]["default"]["aliases"]
    )
    # The home folder of the image's user is the volume, so the authority lies below its cache folder.
    home = re.search(r"--home-dir (\S+)", DOCKERFILE)[1]
    assert f"cogmock:{home}" in server["volumes"]
    assert site["environment"]["NODE_EXTRA_CA_CERTS"] == "/cogmock/.cache/cogmock/ca.pem"


def test_the_port_of_the_probes_is_the_servers():
    assert set(re.findall(r"(?:port|containerPort): (\d+)", FILES["kubernetes.yaml"])) == {
        str(Settings().port)
    }


@pytest.mark.parametrize("job", ["github.yaml", "gitlab.yaml"])
def test_the_commands_of_a_job_run(job, tmp_path):
    """Those of cogmock, in a shell, with an empty document and a free port."""
    content = yaml.safe_load(FILES[job])
    steps = (
        [step.get("run") for step in content["jobs"]["test"]["steps"]]
        if "jobs" in content
        else content["test"]["script"]
    )
    own = [step for step in steps if step and "cogmock " in step and not step.startswith("pip ")]
    assert [re.search(r"cogmock (\w+)", step)[1] for step in own] == ["serve", "health", "env"]
    (tmp_path / "cogmock.yaml").write_text("{}", encoding="utf-8")
    script = "\n".join(own).replace("cogmock ", f"{sys.executable} -m cogmock ")
    ran = subprocess.run(
        ["bash", "-c", f"port={free_port()}; export COGMOCK_PORT=$port "
         f"COGMOCK_URL=http://localhost:$port GITHUB_ENV=env.txt\n{script}\nstatus=$?; kill %1; wait; exit $status"],
        cwd=tmp_path, capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.rpartition("ok, cogmock ")[1]


class TestDockerfile:
    def test_its_variables_are_settings(self):
        assert set(re.findall(r"^ +(COGMOCK_[A-Z_]+)=", DOCKERFILE, re.MULTILINE)) <= OURS

    def test_what_it_copies_is_there_and_not_ignored(self):
        ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
        for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE):
            *sources, _ = line.split()
            for source in sources:
                assert (ROOT / source).exists()
                assert f"!{source}" in ignored

    def test_it_runs_as_a_user_of_its_own_and_has_a_health_check(self):
        assert re.search(r"^USER cogmock$", DOCKERFILE, re.MULTILINE)
        assert 'CMD ["cogmock", "health"]' in DOCKERFILE

    def test_its_extras_and_its_python_are_those_of_the_package(self):
        import tomllib

        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        extras = re.search(r"/src\[([\w,]+)\]", DOCKERFILE)[1].split(",")
        assert set(extras) <= set(project["optional-dependencies"])
        version = re.search(r"python:(\d\.\d+)-slim", DOCKERFILE)[1]
        assert f"Programming Language :: Python :: {version}" in project["classifiers"]
