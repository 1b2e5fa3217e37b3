"""How is the Django project set up? With nothing that its one route does not need."""

import os

SECRET_KEY = "signs nothing here"  # noqa: S105  required by Django, used by none of its parts here
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "benchmarks.drf.claims"
INSTALLED_APPS = ["rest_framework"]
MIDDLEWARE: list[str] = []
USE_TZ = True
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": os.environ["BENCH_SOCKETS"],
        "NAME": "postgres",
        "USER": "postgres",
        "CONN_MAX_AGE": None,  # a lasting connection, as the service has
    }
}
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],  # the view names its own
    "UNAUTHENTICATED_USER": None,
}
