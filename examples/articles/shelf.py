"""A minimal S3 that returns the files of a folder, without authorization: only cogmock should reach it."""

from __future__ import annotations

import hashlib
import mimetypes
from pathlib import Path
from wsgiref.types import WSGIApplication

from werkzeug import Request, Response
from werkzeug.security import safe_join

BUCKET = "lantern"


def application(folder: Path) -> WSGIApplication:
    @Request.application
    def answer(request: Request) -> Response:
        bucket, _, key = request.path.lstrip("/").partition("/")
        place = safe_join(str(folder), key)
        if bucket != BUCKET or not key or place is None or not Path(place).is_file():
            return Response("<Error><Code>NoSuchKey</Code></Error>", 404, mimetype="application/xml")
        content = Path(place).read_bytes()
        kind = mimetypes.guess_type(place)[0] or "text/plain"
        etag = hashlib.sha256(content).hexdigest()[:32]
        return Response(content, headers={"ETag": f'"{etag}"', "Content-Type": kind})

    return answer
