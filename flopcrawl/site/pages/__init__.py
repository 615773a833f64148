"""The site's pages, and the routes to them. A page reads, renders, and keeps nothing."""

from __future__ import annotations

from typing import Any

from datasette.utils.asgi import Response


def arguments_of(request: Any) -> dict[str, str]:
    """The choices in a request's address, the last of each; empty ones are none."""
    return {key: request.args.getlist(key)[-1] for key in request.args if request.args.getlist(key)[-1]}


async def page(datasette: Any, request: Any, template: str, **context: Any) -> Response:
    """One of our pages."""
    return Response.html(await datasette.render_template(template, context, request=request))


def attachment(body: str | bytes, name: str, content_type: str) -> Response:
    """A download."""
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(body, content_type=content_type, headers=headers)
