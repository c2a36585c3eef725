"""The address to which the CSV file of a user import is sent: S3's, as far as a presigned PUT needs it."""

from __future__ import annotations

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.routing import Rule
from werkzeug.wrappers import Request, Response

from cogmock.core.call import Call
from cogmock.core.world import World
from cogmock.services import IMPORT_BUCKET


class Upload:
    cross_origin = False

    def answer(self, world: World, request: Request, pool_id: str, job_id: str, **_: str) -> Response:
        from cogmock.userpools.rules.importing.csv_file import LARGEST
        from cogmock.userpools.rules.importing.upload import Refusal

        request.max_content_length = LARGEST
        try:
            _take(world, request, pool_id, job_id)
        except RequestEntityTooLarge:
            message = "Your proposed upload exceeds the maximum allowed size"
            return _refused(400, "EntityTooLarge", message)
        except Refusal as refusal:
            return _refused(refusal.status, refusal.code, refusal.message)
        return Response(status=200)


def _take(world: World, request: Request, pool_id: str, job_id: str) -> None:
    from cogmock.userpools.rules.importing import upload

    content = request.get_data(cache=False)
    found = world.find_pool(pool_id)
    with Call(world, found[0] if found else world.visited("us-east-1"), world.entropy.uuid()) as call:
        job = found[1].import_jobs.get(job_id) if found else None
        encryption = request.headers.get("x-amz-server-side-encryption", "")
        upload.accept(call, job, request.args.get("X-Amz-Signature", ""), content, encryption)


def _refused(status: int, code: str, message: str) -> Response:
    from xml.sax.saxutils import escape

    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
    )
    return Response(body, status, content_type="application/xml")


RULES = [
    Rule(
        f"/{IMPORT_BUCKET}<region>/<account>/<pool_id>/<job_id>",
        methods=["PUT"],
        endpoint=Upload(),
    )
]
