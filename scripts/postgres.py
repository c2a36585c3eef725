"""A PostgreSQL cluster in a temporary folder, from the programs that are installed."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from scripts.ports import free_port

INSTALLED = Path("/usr/lib/postgresql")
"""Where Debian's packages put the programs, which are not on the PATH."""
ACCOUNT = "postgres"
"""Who runs it where the caller is root: PostgreSQL refuses to run as root."""


def programs() -> Path | None:
    """The folder of the server's programs; None where there are none."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(INSTALLED.glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


class Postgres:
    """One cluster in a temporary folder, on a free port of the loopback interface."""

    def __init__(self, folder: str) -> None:
        found = programs()
        if found is None:
            raise SystemExit("no PostgreSQL server is installed (Debian: apt-get install postgresql)")
        self.programs = found
        self.folder = Path(folder)
        self.port = free_port()
        self._databases = 0
        if os.getuid() == 0:
            account = pwd.getpwnam(ACCOUNT)
            os.chown(folder, account.pw_uid, account.pw_gid)
        self._run(
            "initdb", "-D", self.data, "-U", "cogmock", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C"
        )
        settings = (
            f"port={self.port}\nlisten_addresses='127.0.0.1'\nunix_socket_directories='{folder}'\nfsync=off\n"
        )
        self._run("sh", "-c", f"cat >> {self.data}/postgresql.conf", text=settings)
        self.start()

    @property
    def data(self) -> str:
        return str(self.folder / "data")

    def start(self) -> None:
        self._run("pg_ctl", "-D", self.data, "-l", str(self.folder / "log"), "-w", "start")

    def stop(self, mode: str = "immediate") -> None:
        self._run("pg_ctl", "-D", self.data, "-m", mode, "-w", "stop")

    def database(self) -> str:
        """The URL of a new database."""
        self._databases += 1
        name = f"test{self._databases}"
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "cogmock", name)
        return f"postgresql://cogmock:secret@127.0.0.1:{self.port}/{name}"

    def execute(self, url: str, statement: str) -> Any:
        import psycopg

        with psycopg.connect(url, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else None

    def _run(self, program: str, *arguments: str, text: str | None = None) -> None:
        path = self.programs / program
        command = [str(path) if path.exists() else program, *arguments]
        if os.getuid() == 0:
            command = ["setpriv", f"--reuid={ACCOUNT}", f"--regid={ACCOUNT}", "--clear-groups", *command]
        # The server goes on with the files of the one who started it, so it must not have our pipes.
        with tempfile.TemporaryFile("w+") as output:
            status = subprocess.run(
                command,
                check=False,
                input=text,
                stdout=output,
                stderr=output,
                text=True,
                cwd="/",
                timeout=180,
            ).returncode
            output.seek(0)
            if status:
                raise RuntimeError(f"{program}: {output.read()}")
