"""Sign-in by an identity provider: OpenID Connect, authorization code with PKCE, by Authlib. The session is our own.

Streamlit's own sign-in would leave a cookie that nobody can take back for thirty days, and that our routes do not see.
"""

import hmac
import logging
from typing import Any, Final

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.starlette_client import OAuth
from httpx2 import HTTPError
from joserfc.errors import JoseError
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from components import gate, signin
from components.routes import plain
from data import accounts, identity
from data.access import Refused
from data.linkage.decisions import secret
from data.wording import N_

log: Final = logging.getLogger("padan")

ADDRESS: Final = "/masuk/oidc"
BACK: Final = "/kembali"
MINUTES: Final = 10
"""How long somebody may take at the provider's."""
SIGNED: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""How an ID token may be signed: with a key that only the provider has."""
FAILED: Final = (
    N_("The sign-in did not work"),
    N_("The identity provider did not confirm who you are. Try again; if it stays so, ask your administrator."),
)


def _client(provider: identity.Provider) -> Any:
    return OAuth().register(
        "provider",
        client_id=provider.client_id,
        client_secret=provider.client_secret,
        server_metadata_url=provider.metadata,
        client_kwargs={"scope": provider.scope, "code_challenge_method": "S256", "timeout": 10},
    )


async def _start(request: Request) -> Response:
    provider = await run_in_threadpool(identity.provider)
    if provider is None:
        return Response(status_code=404)
    request.session["next"] = gate.own_path(request.query_params.get("next", ""))
    back = provider.redirect or str(request.base_url).rstrip("/") + ADDRESS + BACK
    try:
        answer: Response = await _client(provider).authorize_redirect(request, back)
    except (AuthlibBaseError, HTTPError, ValueError, KeyError) as error:
        return _failed(error)
    return answer


async def _back(request: Request) -> Response:
    provider = await run_in_threadpool(identity.provider)
    if provider is None:
        return Response(status_code=404)
    target = gate.own_path(request.session.pop("next", ""))
    client = _client(provider)
    try:
        told = await client.load_server_metadata()
        if told.get("issuer") != provider.issuer:
            raise KeyError("issuer")
        offered = told.get("id_token_signing_alg_values_supported") or ["RS256"]
        told["id_token_signing_alg_values_supported"] = [one for one in offered if one in SIGNED]
        token = await client.authorize_access_token(request)
        claims = dict(token["userinfo"])
        more = dict(await client.userinfo(token=token)) if told.get("userinfo_endpoint") else {}
        # What the token says was signed; the rest is only believed about the same person.
        claims = more | claims if more.get("sub") == claims["sub"] else claims
    except (AuthlibBaseError, JoseError, HTTPError, ValueError, KeyError) as error:
        return _failed(error)
    finally:
        request.session.clear()
    try:
        person = identity.person(provider, claims)
        session = await run_in_threadpool(accounts.sign_in_provided, gate.STORE, person, gate.address_of(request))
    except Refused as refused:
        return plain(403, FAILED[0], str(refused), **refused.values)
    return signin.welcome(request, session, target)


def _failed(error: Exception) -> Response:
    """The provider's words stay out of the log and off the page: they may quote what somebody typed."""
    log.warning("sign-in by the identity provider failed: %s", type(error).__name__)
    return plain(502 if isinstance(error, HTTPError) else 403, *FAILED)


class _Kept(SessionMiddleware):
    """What a browser keeps while its user is at the provider's, signed with a key of the store."""

    def __init__(self, app: Any) -> None:
        key = hmac.digest(secret(gate.STORE).encode(), b"oidc", "sha256").hex()
        # The way back comes from another site: with "strict" the browser would not bring the cookie along.
        super().__init__(app, key, session_cookie="padan-oidc", max_age=MINUTES * 60, path=ADDRESS, same_site="lax")


ROUTES: Final[list[BaseRoute]] = [
    Mount(ADDRESS, routes=[Route("/", _start), Route(BACK, _back)], middleware=[Middleware(_Kept)]),
]
