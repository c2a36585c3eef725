"""npm packages for Node.js and browser tests, installed once from `tests/clients/node/package.json`."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
from pathlib import Path

TESTS = Path(__file__).parent.parent
NODE = TESTS.parent / ".venvs" / "node-cognito"


def installed(name="node", folder=NODE):
    """The folder `node_modules` of `tests/clients/NAME/package.json`."""
    return made(folder, (TESTS / "clients" / name / "package.json").read_text())


def made(folder, wanted):
    """The folder `node_modules` of the text of a package.json.

    A lock file makes other processes wait; changed requirements reinstall it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stamp = folder / "made-from"
    with (folder.parent / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text() != wanted:
            (folder / "package.json").write_text(wanted)
            run(
                ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--fetch-retries=5"],
                cwd=folder,
            )
            stamp.write_text(wanted)
    return folder / "node_modules"


def bundled(modules, script, out):
    """Bundles a script and everything it imports into one file for a browser."""
    esbuild = [modules / ".bin" / "esbuild", script, "--bundle", "--log-level=warning", f"--outfile={out}"]
    run(esbuild, cwd=modules, env={**os.environ, "NODE_PATH": str(modules)})


def next_built(modules, app, env):
    """Builds a Next.js application once, beside the packages that it uses: its folder."""
    folder = modules.parent / app.name
    sources = sorted(path for path in app.rglob("*") if path.is_file())
    wanted = (modules.parent / "made-from").read_text() + "".join(path.read_text() for path in sources)
    stamp = folder / "built" / "made-from"
    with (modules.parent / f"{app.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text() != wanted:
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(app, folder)
            run([modules / ".bin" / "next", "build"], cwd=folder, env=env)
            stamp.write_text(wanted)
    return folder


def answered(modules, script, asked):
    """Runs a script of `tests/clients/node` with its parameters as JSON, and returns its JSON answer."""
    ran = subprocess.run(
        ["node", TESTS / "clients" / "node" / script, json.dumps(asked)],
        env={**os.environ, "NODE_PATH": str(modules), "NODE_NO_WARNINGS": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return json.loads(ran.stdout.strip().splitlines()[-1])


def run(command, **how):
    ran = subprocess.run(command, capture_output=True, text=True, check=False, **how)
    assert ran.returncode == 0, ran.stdout + ran.stderr
