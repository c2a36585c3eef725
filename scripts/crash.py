"""Kills servers at random moments under load, and checks that nothing that was acknowledged is missing.

    python -m scripts.crash                    # 200 kills of a server with --state FILE
    python -m scripts.crash --store postgres   # 200 kills of the server that writes; the one that stands by takes over

Each client works on users of its own, one call after the other, so what must be there after a kill is known exactly:
all that was acknowledged, and either the state before or after the one call that was under way.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from scripts.postgres import Postgres

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "Corr3ct-Horse!"
CLIENTS = 8
MOST = 40
"""Users that a client has at a time."""
LONGEST = 0.8
"""Seconds of load before a kill, at most."""
SCOPE = "AKIA/20260101/us-east-1/cognito-idp/aws4_request"
AUTHORIZATION = f"AWS4-HMAC-SHA256 Credential={SCOPE}, SignedHeaders=host, Signature=0"


class Refused(Exception):
    """The server answered with an error."""


class Server:
    """A `cogmock serve`, from its start until it is killed."""

    def __init__(self, place: str, port: int = 0) -> None:
        command = [sys.executable, "-m", "cogmock", "serve", "--port", str(port), "--state", place]
        command += ["--log-level", "error"]
        self.began = time.monotonic()
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        line = self.process.stdout.readline() if self.process.stdout else ""
        found = re.search(r":(\d+)", line)
        if found is None:
            raise SystemExit(f"the server did not start: {line!r}")
        self.port = int(found[1])
        self.seconds = time.monotonic() - self.began

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def health(self) -> str:
        connection = http.client.HTTPConnection("localhost", self.port, timeout=5)
        try:
            connection.request("GET", "/_cogmock/health")
            status: str = json.loads(connection.getresponse().read())["status"]
        finally:
            connection.close()
        return status

    def wait(self) -> None:
        """Until it answers calls."""
        while self.health() != "ok":
            time.sleep(0.02)


class Session:
    """Calls over one connection."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("localhost", port, timeout=30)

    def call(self, operation: str, **params: Any) -> dict[str, Any]:
        headers = {
            "X-Amz-Target": f"AWSCognitoIdentityProviderService.{operation}",
            "Content-Type": "application/x-amz-json-1.1",
            "Authorization": AUTHORIZATION,
        }
        self._connection.request("POST", "/", json.dumps(params), headers)
        response = self._connection.getresponse()
        answer: dict[str, Any] = json.loads(response.read())
        if response.status != 200:
            raise Refused(f"{operation}: {answer}")
        return answer

    def messages(self) -> set[str]:
        """The users that messages went to."""
        self._connection.request("GET", "/_cogmock/messages")
        found = json.loads(self._connection.getresponse().read())["messages"]
        return {message["username"] for message in found}

    def close(self) -> None:
        self._connection.close()


class Client:
    """Creates, changes, deletes and signs in users of its own until its server is gone."""

    def __init__(self, number: int, pool: str, client: str, seed: int) -> None:
        self.number, self.pool, self.client = number, pool, client
        self.users: dict[str, str] = {}
        """User → the name that the last acknowledged change gave it."""
        self.signed_up: list[str] = []
        self.refresh_token = ""
        self.under_way: tuple[str, str | None] | None = None
        """User and new name (None: deleted) of the call that has no answer yet."""
        self.acknowledged = 0
        self._random = random.Random(seed)
        self._count = 0

    def run(self, port: int) -> None:
        session = Session(port)
        try:
            while True:
                self._step(session)
        except (OSError, http.client.HTTPException, ValueError):
            return  # it was killed
        finally:
            session.close()

    def _step(self, session: Session) -> None:
        choice = self._random.random()
        if len(self.users) < 2 or (choice < 0.35 and len(self.users) < MOST):
            self._create(session)
        elif choice < 0.65:
            self._change(session, self._random.choice(list(self.users)), f"name {self._random.random()}")
        elif choice < 0.85:
            self._change(session, self._random.choice(list(self.users)), None)
        elif choice < 0.95:
            self._sign_up(session)
        else:
            self._sign_in(session)

    def _create(self, session: Session) -> None:
        self._count += 1
        user, name = f"c{self.number}-{self._count}", "new"
        self.under_way = (user, name)
        attributes = [{"Name": "name", "Value": name}]
        session.call(
            "AdminCreateUser",
            UserPoolId=self.pool,
            Username=user,
            UserAttributes=attributes,
            MessageAction="SUPPRESS",
        )
        self._done(user, name)

    def _change(self, session: Session, user: str, name: str | None) -> None:
        self.under_way = (user, name)
        about = {"UserPoolId": self.pool, "Username": user}
        if name is None:
            session.call("AdminDeleteUser", **about)
        else:
            session.call(
                "AdminUpdateUserAttributes", **about, UserAttributes=[{"Name": "name", "Value": name}]
            )
        self._done(user, name)

    def _sign_up(self, session: Session) -> None:
        self._count += 1
        user = f"s{self.number}-{self._count}"
        email = [{"Name": "email", "Value": f"{user}@example.com"}]
        session.call("SignUp", ClientId=self.client, Username=user, Password=PASSWORD, UserAttributes=email)
        self.acknowledged += 1
        self.signed_up = [*self.signed_up[-20:], user]

    def _sign_in(self, session: Session) -> None:
        answer = session.call(
            "InitiateAuth",
            ClientId=self.client,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": "ada", "PASSWORD": PASSWORD},
        )
        self.refresh_token = answer["AuthenticationResult"]["RefreshToken"]
        self.acknowledged += 1

    def _done(self, user: str, name: str | None) -> None:
        if name is None:
            del self.users[user]
        else:
            self.users[user] = name
        self.under_way = None
        self.acknowledged += 1

    def missing(self, there: dict[str, str], mailed: set[str], session: Session) -> list[str]:
        """What was acknowledged and is not so. What was under way counts as it was found."""
        if self.under_way is not None:
            user, name = self.under_way
            self.under_way = None
            if there.get(user) == name:
                self.users.pop(user, None)
                if name is not None:
                    self.users[user] = name
        found = {user: name for user, name in there.items() if user.startswith(f"c{self.number}-")}
        faults = [
            f"{user}: {self.users.get(user)!r} was acknowledged, {found.get(user)!r} is there"
            for user in self.users.keys() | found.keys()
            if self.users.get(user) != found.get(user)
        ]
        faults += [f"{user} signed up and is gone" for user in self.signed_up if user not in there]
        faults += [f"the message to {user} is gone" for user in self.signed_up if user not in mailed]
        if self.refresh_token:
            try:
                session.call(
                    "InitiateAuth",
                    ClientId=self.client,
                    AuthFlow="REFRESH_TOKEN_AUTH",
                    AuthParameters={"REFRESH_TOKEN": self.refresh_token},
                )
            except Refused as refused:
                faults.append(f"a refresh token is void: {refused}")
        return faults


def everybody(session: Session, pool: str) -> dict[str, str]:
    """Username → the attribute name, of all users."""
    found: dict[str, str] = {}
    token: dict[str, str] = {}
    while True:
        page = session.call("ListUsers", UserPoolId=pool, **token)
        for user in page["Users"]:
            attributes = {each["Name"]: each["Value"] for each in user["Attributes"]}
            found[user["Username"]] = attributes.get("name", "")
        if "PaginationToken" not in page:
            return found
        token = {"PaginationToken": page["PaginationToken"]}


def prepared(port: int) -> tuple[str, str]:
    """A pool with a user, and its client."""
    session = Session(port)
    pool = session.call("CreateUserPool", PoolName="crash", AutoVerifiedAttributes=["email"])["UserPool"][
        "Id"
    ]
    flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    made = session.call("CreateUserPoolClient", UserPoolId=pool, ClientName="c", ExplicitAuthFlows=flows)
    session.call("AdminCreateUser", UserPoolId=pool, Username="ada", MessageAction="SUPPRESS")
    session.call("AdminSetUserPassword", UserPoolId=pool, Username="ada", Password=PASSWORD, Permanent=True)
    session.close()
    return pool, made["UserPoolClient"]["ClientId"]


def trial(options: argparse.Namespace, place: str) -> int:
    """The exit status: 1 where something was missing."""
    chance = random.Random(options.seed)
    server = Server(place)
    spare = Server(place) if options.store == "postgres" else None
    pool, client = prepared(server.port)
    clients = [Client(number, pool, client, options.seed + number) for number in range(CLIENTS)]
    faults: list[str] = []
    back: list[float] = []
    began = time.monotonic()
    for kill in range(1, options.kills + 1):
        threads = [threading.Thread(target=each.run, args=(server.port,)) for each in clients]
        for thread in threads:
            thread.start()
        time.sleep(chance.random() * LONGEST)
        killed = time.monotonic()
        server.kill()
        for thread in threads:
            thread.join()
        server, spare = (spare, None) if spare is not None else (Server(place), None)
        server.wait()
        back.append(time.monotonic() - killed)
        session = Session(server.port)
        there, mailed = everybody(session, pool), session.messages()
        for each in clients:
            faults += [f"after kill {kill}: {fault}" for fault in each.missing(there, mailed, session)]
        session.close()
        if options.store == "postgres":
            spare = Server(place)
        if kill % 20 == 0:
            done = sum(each.acknowledged for each in clients)
            print(f"{kill} kills, {done:,} acknowledged changes, {len(faults)} missing", flush=True)
    server.kill()
    if spare is not None:
        spare.kill()
    done = sum(each.acknowledged for each in clients)
    print(
        f"{options.store}: {options.kills} kills in {time.monotonic() - began:.0f} s, "
        f"{done:,} acknowledged changes, {len(faults)} missing; "
        f"answering again after {statistics.median(back):.2f} s (median), {max(back):.2f} s (max)"
    )
    print("\n".join(faults[:20]))
    return 1 if faults else 0


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--store", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="cogmock-crash-")
    cluster = None
    try:
        if options.store == "sqlite":
            return trial(options, f"{folder}/state.db")
        cluster = Postgres(folder)
        return trial(options, cluster.database())
    finally:
        if cluster is not None:
            cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
