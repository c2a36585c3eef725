"""APIs that cogmock guards: those of API Gateway (REST and HTTP APIs) and of AppSync, in front of a local server."""

from __future__ import annotations

from dataclasses import field

from cogmock.lazy_dataclass import dataclass

DEFAULT_STAGE = "$default"
"""The stage that stands in no path."""
DEFAULT_ROUTE = "$default"
"""The path of a route for all requests that match no other one."""


@dataclass(slots=True)
class ApiRoute:
    """A method and path of an API, and who may call it."""

    path: str
    """As `/articles/{id}` or `/admin/{proxy+}`, or DEFAULT_ROUTE."""
    method: str = "ANY"
    authorizer: str = "none"
    """cognito, jwt, iam or none."""
    scopes: list[str] = field(default_factory=list)
    """A token must have one of them, where there are any."""
    audience: list[str] = field(default_factory=list)
    """Ids of the app clients whose tokens are accepted, in place of those of the API."""

    @property
    def key(self) -> str:
        """As API Gateway names routes: `GET /articles/{id}`."""
        return self.path if self.path == DEFAULT_ROUTE else f"{self.method} {self.path}"


@dataclass(slots=True)
class ApiCors:
    """How preflight requests are answered: the members of `Cors` of CreateApi (API Gateway, HTTP APIs)."""

    allow_origins: list[str] = field(default_factory=list)
    allow_methods: list[str] = field(default_factory=list)
    allow_headers: list[str] = field(default_factory=list)
    expose_headers: list[str] = field(default_factory=list)
    allow_credentials: bool = False
    max_age: int | None = None
    """Seconds; None sends no such header."""


@dataclass(slots=True, eq=False, repr=False)
class GuardedApi:
    """One API. `id` is unique in a world: it names the API in host names and paths."""

    id: str
    kind: str
    """rest, http or appsync."""
    region: str
    account: str
    upstream: str
    """The URL of the server behind. For appsync it is that of its GraphQL endpoint."""
    stage: str = DEFAULT_STAGE
    pool_id: str = ""
    """The user pool whose tokens are accepted; empty where no token is."""
    audience: list[str] = field(default_factory=list)
    """Ids of the app clients whose tokens are accepted; empty for all clients of the pool."""
    routes: list[ApiRoute] = field(default_factory=list)
    cors: ApiCors | None = None
    policy: str = ""
    """The resource policy of a REST API as JSON text; empty where it has none."""
    timeout: float = 29.0
    """Seconds within which the server behind must answer."""
    schema: str = ""
    """The GraphQL schema of an AppSync API."""
    authorizers: list[str] = field(default_factory=list)
    """Of an AppSync API: cognito or iam, the default mode first."""
    introspection: bool = True
    """Whether an AppSync API answers introspection queries."""
    number: int = 0

    @property
    def service(self) -> str:
        """The service in ARNs and signatures."""
        return "appsync" if self.kind == "appsync" else "execute-api"
