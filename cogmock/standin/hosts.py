"""Where the social providers are found: at their own hosts, at the stand-ins, or at a URL from the settings."""

from __future__ import annotations

from cogmock.settings import Settings

PREFIX = "/_cogmock/idp"
"""Path under which the stand-ins are mounted."""

HOSTS = {
    "google": (
        "accounts.google.com",
        "oauth2.googleapis.com",
        "openidconnect.googleapis.com",
        "people.googleapis.com",
        "www.googleapis.com",
    ),
    "facebook": ("graph.facebook.com", "www.facebook.com"),
    "amazon": ("www.amazon.com", "api.amazon.com"),
    "apple": ("appleid.apple.com",),
}
"""Stand-in → the hosts whose paths it serves. The first names the provider in identity pools."""


def check(entries: tuple[str, ...]) -> None:
    """Raises ValueError for an entry of --social that leads no host of a social provider to a URL."""
    known = [host for hosts in HOSTS.values() for host in hosts]
    for entry in entries:
        host, _, url = entry.partition("=")
        if not url.startswith(("http://", "https://")):
            raise ValueError(
                f"--social {entry}: give HOST=URL, as in accounts.google.com=http://127.0.0.1:5000"
            )
        if host not in known:
            raise ValueError(
                f"--social {entry}: {host!r} is no host of a social provider: {', '.join(known)}"
            )


def where(settings: Settings, host: str) -> str:
    """The base URL that takes the place of `https://{host}`, without a trailing slash. Paths stay as they are.

    `--social HOST=URL` counts first; an entry for the first host of a provider covers its other hosts too. Then come
    the stand-ins, unless `--pretend off`. Hosts of no social provider are left as they are.
    """
    stand_in = next((name for name, hosts in HOSTS.items() if host in hosts), None)
    if stand_in is None:
        return f"https://{host}"
    entries = dict(entry.split("=", 1) for entry in settings.social if "=" in entry)
    configured = entries.get(host) or entries.get(HOSTS[stand_in][0])
    if configured:
        return configured.rstrip("/")
    return f"{settings.url}{PREFIX}/{stand_in}" if settings.pretend == "social" else f"https://{host}"
