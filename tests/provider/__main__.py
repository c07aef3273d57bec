"""An OpenID Connect provider on loopback: Django with django-oauth-toolkit, as an office may run it.

`python -m tests.provider PORT FOLDER REDIRECT` serves until it is ended. Anybody signs in by a form; the claims of each
person stand in FOLDER/people.json: {name: {password, claims}}.
"""

import json
import subprocess
import sys
from pathlib import Path

import django
from django.conf import settings

port, folder, redirect = int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
issuer = f"http://127.0.0.1:{port}/o"
key = folder / "key.pem"
if not key.is_file():
    subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    SECRET_KEY="only for tests",
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "provider.db")}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "oauth2_provider"],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    LOGIN_URL="/login",
    OAUTH2_PROVIDER={
        "OIDC_ENABLED": True,
        "OIDC_RSA_PRIVATE_KEY": key.read_text(),
        "OIDC_ISS_ENDPOINT": issuer,
        "SCOPES": {"openid": "who", "profile": "more"},
        "PKCE_REQUIRED": True,
        "OAUTH2_VALIDATOR_CLASS": "tests.provider.claims.Claims",
    },
)
django.setup()

from django.contrib.auth import authenticate, login  # noqa: E402 - Django wants its settings first
from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.servers.basehttp import run  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect  # noqa: E402
from django.urls import include, path  # noqa: E402
from oauth2_provider.models import Application  # noqa: E402


def sign_in(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        user = authenticate(request, username=request.POST["username"], password=request.POST["password"])
        if user:
            login(request, user)
            return HttpResponseRedirect(request.GET["next"])
    return HttpResponse("<form method=post><input name=username><input name=password><button>Go</button></form>")


urlpatterns = [path("login", sign_in), path("o/", include("oauth2_provider.urls", namespace="oauth2_provider"))]

call_command("migrate", verbosity=0)
for name, told in json.loads((folder / "people.json").read_text()).items():
    if not User.objects.filter(username=name).exists():
        User.objects.create_user(name, password=told["password"])
for client, signed in (("padan", "RS256"), ("shared-secret", "HS256")):
    Application.objects.create(
        name=client,
        client_id=client,
        client_secret="a secret of the tests, long enough for a key",
        hash_client_secret=signed == "RS256",
        client_type="confidential",
        authorization_grant_type="authorization-code",
        redirect_uris=redirect,
        algorithm=signed,
        skip_authorization=True,
    )
run("127.0.0.1", port, get_wsgi_application(), threading=True)
