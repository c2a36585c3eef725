"""The web site, a WSGI application. Access is decided elsewhere: by S3 for articles, before the API for letters."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from wsgiref.types import WSGIApplication

from werkzeug import Request, Response
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.utils import redirect

from examples.articles import pages
from examples.articles.provision import Settings
from examples.articles.readers import Reader, Readers

COOKIE = "reader"
STYLE = Path(__file__).with_name("static") / "style.css"

ROUTES = Map(
    [
        Rule("/", endpoint="front", methods=["GET"]),
        Rule("/articles/<slug>", endpoint="article", methods=["GET"]),
        Rule("/letters", endpoint="letters", methods=["GET"]),
        Rule("/letters", endpoint="write", methods=["POST"]),
        Rule("/sign-in", endpoint="sign_in_form", methods=["GET"]),
        Rule("/sign-in", endpoint="sign_in", methods=["POST"]),
        Rule("/sign-out", endpoint="sign_out", methods=["POST"]),
        Rule("/subscribe", endpoint="subscribe", methods=["POST"]),
        Rule("/style.css", endpoint="style", methods=["GET"]),
    ]
)


def application(settings: Settings) -> WSGIApplication:
    paper = Paper(Readers(settings))

    @Request.application
    def answer(request: Request) -> Response | HTTPException:
        try:
            endpoint, values = ROUTES.bind_to_environ(request.environ).match()
            view: Callable[..., Response] = getattr(paper, endpoint)
            return view(request, **values)
        except NotFound:
            reader = paper.reader(request)
            return html(
                pages.message(reader.name, "There is no such page", "It may have moved, or never was."), 404
            )
        except HTTPException as error:
            return error

    return answer


class Paper:
    """Each method is a page; its name is the endpoint of a route."""

    def __init__(self, readers: Readers) -> None:
        self._readers = readers
        self._guest = Reader()

    def reader(self, request: Request) -> Reader:
        """Guests share one identity; public pages need no more."""
        found = self._readers.find(request.cookies.get(COOKIE, ""))
        return found if found.name else self._guest

    def front(self, request: Request) -> Response:
        reader = self.reader(request)
        return html(pages.front(reader.name, self._index(reader)))

    def article(self, request: Request, slug: str) -> Response:
        reader = self.reader(request)
        about = next((each for each in self._index(reader) if each["slug"] == slug), None)
        if about is None:
            raise NotFound
        text = self._readers.article(reader, f"{about['shelf']}/{slug}.txt")
        if text is None:
            return html(pages.closed(reader.name, about), 403)
        picture = self._readers.picture(reader, f"{about['shelf']}/{slug}.svg")
        return html(pages.article(reader.name, about, text, picture))

    def letters(self, request: Request) -> Response:
        reader = self.reader(request)
        return html(pages.letters(reader.name, self._readers.letters(), self._readers.drawer(reader)))

    def write(self, request: Request) -> Response:
        reader, text = self.reader(request), request.form.get("text", "")
        if not self._readers.write(reader, text) and not reader.name:
            return redirect("/sign-in?next=/letters", 303)
        return redirect("/letters", 303)

    def sign_in_form(self, request: Request) -> Response:
        return html(pages.sign_in(self.reader(request).name, request.args.get("next", "/")))

    def sign_in(self, request: Request) -> Response:
        name, back = request.form.get("name", ""), request.form.get("next", "/")
        cookie = self._readers.sign_in(name, request.form.get("password", ""))
        if cookie is None:
            return html(pages.sign_in("", back, name=name, failed=True), 401)
        answer = redirect(own_path(back), 303)
        answer.set_cookie(COOKIE, cookie, httponly=True, samesite="Lax")
        return answer

    def sign_out(self, request: Request) -> Response:
        self._readers.forget(request.cookies.get(COOKIE, ""))
        answer = redirect("/", 303)
        answer.delete_cookie(COOKIE)
        return answer

    def subscribe(self, request: Request) -> Response:
        reader, back = self.reader(request), own_path(request.form.get("next", "/"))
        if not reader.name:
            return redirect(f"/sign-in?next={back}", 303)
        self._readers.subscribe(reader)
        return redirect(back, 303)

    def style(self, _request: Request) -> Response:
        return Response(STYLE.read_bytes(), mimetype="text/css", headers={"Cache-Control": "max-age=60"})

    def _index(self, reader: Reader) -> list[dict[str, Any]]:
        index: list[dict[str, Any]] = json.loads(self._readers.article(reader, "free/index.json") or "[]")
        return index


def own_path(path: str) -> str:
    """A path of this site to return to; never a URL of another site."""
    plain = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if plain else "/"


def html(text: str, status: int = 200) -> Response:
    headers = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src http: https:; form-action 'self'",
    }
    return Response(text, status, headers, mimetype="text/html")
