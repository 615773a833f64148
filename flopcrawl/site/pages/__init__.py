"""The site's pages, and the routes to them. A page reads, renders, and keeps nothing."""

from __future__ import annotations

from typing import Any

from datasette.utils.asgi import Response


def arguments_of(request: Any) -> dict[str, str]:
    """The choices in a request's address, the last of each; empty ones are none."""
    return {key: request.args.getlist(key)[-1] for key in request.args if request.args.getlist(key)[-1]}


async def render(datasette: Any, template: str, **context: Any) -> str:
    """One of our templates as text. They await nothing, and so need none of what Datasette does for each of its own."""
    data = await datasette.jinja_env.globals["standing"]()
    text: str = datasette.jinja_env.plain.get_template(template).render(data=data, **context)
    return text


async def page(datasette: Any, request: Any, template: str, **context: Any) -> Response:
    """One of our pages."""
    return Response.html(await render(datasette, template, request=request, **context))


def attachment(body: str | bytes, name: str, content_type: str) -> Response:
    """A download."""
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(body, content_type=content_type, headers=headers)
