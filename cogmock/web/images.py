"""The images of SetUICustomization at the address that ImageUrl names. AWS serves them at a CloudFront domain."""

from __future__ import annotations

from werkzeug.routing import Rule
from werkzeug.wrappers import Request, Response

from cogmock.core.world import World
from cogmock.web.replies import nothing_at, path_of, response

PNG = b"\x89PNG"
KNOWN = "The image of a UI customization is at the ImageUrl that GetUICustomization answers."


class Image:
    cross_origin = False

    def answer(self, world: World, request: Request, pool_id: str, client_id: str, version: str) -> Response:
        found = world.find_pool(pool_id)
        made = found[1].customizations.get(client_id) if found else None
        if made is None or not made.image or version != made.version:
            return response(nothing_at(path_of(request.environ), KNOWN))
        kind = "image/png" if made.image.startswith(PNG) else "image/jpeg"
        return Response(made.image, content_type=kind, headers={"X-Content-Type-Options": "nosniff"})


RULES = [Rule("/<pool_id>/<client_id>/<version>/assets/images/image.jpg", methods=["GET"], endpoint=Image())]
