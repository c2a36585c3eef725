"""What each figure is to reach, and whether it does."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Aim:
    """A limit: at most so much, or with `least` at least so much."""

    limit: float
    least: bool = False

    def __str__(self) -> str:
        return f"{'≥' if self.least else '≤'} {self.limit:,g}"

    def verdict(self, figure: float) -> str:
        met = figure >= self.limit if self.least else figure <= self.limit
        return "met" if met else "missed"


# Times of boto3 alone.
SUITE = {"test": Aim(0.75), "session": Aim(0.9), "import": Aim(1.4)}

# Milliseconds of CPU beyond boto3's own.
COLD = Aim(30)

# Microseconds of CPU beyond boto3's own. Of InitiateAuth, 480 are two signatures.
CALLS = {
    "GetUser": Aim(45),
    "InitiateAuth, password": Aim(560),
    "AdminSetUserPassword": Aim(40),
    "AdminGetUser": Aim(35),
    "AdminCreateUser": Aim(60),
    "CreateUserPoolClient": Aim(60),
    "DescribeUserPool": Aim(50),
    "CreateUserPool": Aim(80),
    "ListUsers, 60": Aim(300),
}

# Times of the requests a second that the best of the other servers answers, at 1, 8 and 64 connections. Signatures
# bound InitiateAuth.
RATES = {
    "GetUser": (5, 5, 5),
    "AdminGetUser": (5.4, 6, 4.7),
    "ListUsers": (5, 4.1, 4.2),
    "InitiateAuth": (2.1, 2.2, 2.4),
    "AdminCreateUser": (5, 5, 5),
}

# At 64 connections: the 99th percentile in medians, and milliseconds of the slowest request.
TAIL, SLOWEST = Aim(3), Aim(100)

# Part of the time of the fastest other server; MiB.
START, MEMORY = Aim(0.5), Aim(40)

# Part of the time that boto3 waits for the fastest other server.
OVER_HTTP = {"GetUser": Aim(0.65)}

# Errors, and connections that the server closed.
FAILURES = Aim(0)

# In a pool of 1,000,000 users.
WHOLE = {"bytes per user": Aim(1072)}
PREFIX_MICROSECONDS = Aim(5_000)
CALL_MICROSECONDS = Aim(50_000)
