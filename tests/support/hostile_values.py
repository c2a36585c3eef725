"""Hostile values: URLs that nearly match a registered one, markup, and bytes that are not valid text."""

from __future__ import annotations

from urllib.parse import urlsplit

from cogmock.oauth.endpoints import Endpoint
from cogmock.web.routes import routes
from support.browser import FORM
from support.http import ask

_RULES = [rule for rule in routes(domain=True).iter_rules() if isinstance(rule.endpoint, Endpoint)]
_IN_JSON = {"/oauth2/token", "/oauth2/revoke", "/oauth2/userInfo", "/oauth2/register"}
_OF_PROVIDERS = {"/oauth2/idpresponse", "/saml2/idpresponse", "/saml2/logout"}
"""The paths that identity providers answer to; only the parameter `state` tells the sign-in."""

PATHS = [rule.rule for rule in _RULES]
"""Every endpoint and page of a domain, from the routes, so that new ones are tested automatically."""
SHOWN_TO_EVERYBODY = [path for path in PATHS if path not in _IN_JSON | _OF_PROVIDERS]
FORMS = [rule.rule for rule in _RULES if "POST" in rule.methods and rule.rule not in _IN_JSON | _OF_PROVIDERS]

MARKUP = {
    "script": "<script>alert(1)</script>",
    "attribute": '"><img src=x onerror=alert(1)>',
    "single": "'><svg onload=alert(1)>",
    "handler": '" autofocus onfocus=alert(1) x="',
    "style": "</style><script>alert(1)</script>",
    "title": "</title><script>alert(1)</script>",
    "textarea": "</textarea><iframe srcdoc='<script>alert(1)</script>'>",
    "template": "{{7*7}}${7*7}<%=7*7%>#{7*7}",
    "javascript": "javascript:alert(1)",
    "entity": "&lt;script&gt;&#60;script&#62;",
    "utf-7": "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "full width": "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
    "base": "<base href=https://evil.example/>",
    "meta": '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
    "form": '<form action="https://evil.example/"><input name=password>',
}

STRANGE = {
    "nul": "%00",
    "line": "a%0d%0aSet-Cookie:%20evil=1%0d%0a%0d%0a<script>",
    "unicode line": "a%E2%80%A8%E2%80%A9%C2%85b",
    "bad utf-8": "%ff%fe%80",
    "overlong": "%c0%af%c0%ae",
    "surrogate": "%ed%a0%80",
    "broken percent": "%zz%",
    "twice encoded": "%2525252e",
    "deep": "%25" * 3000,
    "right to left": "%E2%80%AEgnp.exe",
    "astral": "%F0%9F%92%A9" * 20,
    "brackets": "[][][]{}{}",
    "number": "-1e999",
    "long": "x" * 20_000,
    "format": "%25s%25n{0.__class__}",
    "empty": "",
}
"""Percent-encoded values, as they are in a query or a form."""


def near(url):
    """URLs that resemble this one. None is equal to it."""
    parts = urlsplit(url)
    host, path = parts.netloc, parts.path
    port = f":{parts.port}" if parts.port else ""
    base = f"{parts.scheme}://{host}"
    found = {
        "case of the path": base + path.swapcase(),
        "case of the scheme": url.replace(parts.scheme, parts.scheme.upper(), 1),
        "case of the host": url.replace("localhost", "LOCALHOST"),
        "slash behind": url + "/",
        "two slashes": base + "/" + path,
        "no path": base,
        "shorter": url[:-1],
        "longer": url + "x",
        "dot": base + "/." + path,
        "traversal": base + path + "/..",
        "traversal back": base + "/x/.." + path,
        "encoded traversal": base + path + "/%2e%2e/evil",
        "another port": url.replace(port, ":9999") if port else base + ":9999" + path,
        "no port": url.replace(port, "") if port else base + ":80" + path,
        "port with zeros": url.replace(port, f":0{parts.port}") if port else base + ":" + path,
        "another scheme": url.replace(parts.scheme, "https" if parts.scheme == "http" else "http", 1),
        "no scheme": f"//{host}{path}",
        "path alone": path,
        "encoded letter": base + "/%" + path[1:2].encode().hex() + path[2:],
        "encoded slash": base + "%2f" + path[1:],
        "encoded twice": url.replace("/", "%252f"),
        "user": f"{parts.scheme}://{host}@evil.example{path}",
        "user of it": f"{parts.scheme}://evil@{host}{path}",
        "sub domain": f"{parts.scheme}://{parts.hostname}.evil.example{port}{path}",
        "behind a host": f"{parts.scheme}://evil.example/{url}",
        "fragment": url + "#",
        "fragment with more": url + "#@evil.example/",
        "query": url + "?",
        "query with more": url + "?next=https://evil.example/",
        "parameter of the path": url + ";a=b",
        "back slash": f"{parts.scheme}:\\\\{host}{path}",
        "back slash host": f"{parts.scheme}://evil.example\\@{host}{path}",
        "back slash path": base + "\\" + path[1:],
        "space behind": url + " ",
        "space before": " " + url,
        "tab": url + "\t",
        "no-break space": url + "\u00a0",
        "zero width": url + "\u200b",
        "line": url + "\n",
        "line with a header": url + "\r\nLocation: https://evil.example/",
        "nul": url + "\x00",
        "nul before more": url + "\x00.evil.example",
        "full width host": url.replace("localhost", "\uff4cocalhost"),
        "other alphabet": url.replace("a", "\u0430"),
        "combined": url + "\u0301",
        "soft hyphen": url.replace("local", "local\u00ad"),
        "ideographic dot": f"{parts.scheme}://{parts.hostname}\u3002evil{port}{path}",
        "idn": f"{parts.scheme}://xn--lcalhost-54a{port}{path}",
        "number for the host": url.replace("localhost", "2130706433"),
        "loopback": url.replace("localhost", "127.0.0.1"),
        "ipv6": url.replace("localhost", "[::1]"),
        "dot behind the host": url.replace("localhost", "localhost."),
        "javascript": "javascript://" + host + path + "%0aalert(1)",
        "data": "data:text/html,<script>alert(1)</script>",
        "wildcard": f"{parts.scheme}://*{port}{path}",
        "two": f"{url} {url}",
        "list": f"{url},https://evil.example/",
    }
    return {name: value for name, value in found.items() if value != url}


def sent(
    application, method, path, query="", body=b"", *, headers=None, content_type=FORM, host="localhost:4577"
):
    """The answer to a request whose query and body are sent without encoding."""
    url = f"{path}?{query}" if query else path
    data = body if isinstance(body, bytes) else body.encode()
    return ask(application, method, url, data, host=host, headers=headers, content_type=content_type)


def plain(answer):
    """Asserts what is true of every answer: no status 500, and no injected header."""
    assert answer.status < 500, answer.body
    for name, value in answer.pairs:
        assert name.lower() != "evil"
        assert value.isascii(), (name, value)
        assert not set("\r\n\0") & set(value), (name, value)
    assert not any(line.startswith("evil") for line in answer.all("set-cookie"))
    return answer
