"""How does Django REST framework list the claims? As its own tutorial teaches it.

The same rows and members of each item; the same check of the same token with the same cache. It has
no row-level security to satisfy: the view filters by the officer's bureau.
"""

from datetime import timedelta
from typing import Any

from django.db import models
from django.urls import path
from rest_framework import (
    authentication,
    exceptions,
    generics,
    pagination,
    permissions,
    serializers,
)

from app import clock
from app.errors import NotSignedIn
from app.policy.procedure import STATES_ZH
from app.settings import Settings
from app.tokens import TokenDesk

_settings = Settings()
_tokens = TokenDesk(
    _settings.signing_key.get_secret_value(), _settings.issuer, timedelta(minutes=15)
)


class Claim(models.Model):  # noqa: DJ008  nobody prints a claim here
    """The members of a claim that a list shows."""

    id = models.UUIDField(primary_key=True)
    receipt = models.TextField()
    kind = models.TextField()
    measure = models.TextField()
    plan_id = models.UUIDField()
    enterprise_id = models.UUIDField()
    bureau_code = models.TextField()
    state = models.TextField(choices=list(STATES_ZH.items()))
    filed_on = models.DateField()
    persons = models.IntegerField()
    amount = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        """The table is the service's."""

        app_label = "benchmarks"
        managed = False
        db_table = "claims"


class ClaimSerializer(serializers.ModelSerializer):  # type: ignore[type-arg]
    """A claim in a list."""

    state_zh = serializers.CharField(source="get_state_display")

    class Meta:
        """All members, in the service's order."""

        model = Claim
        fields = (
            "id", "receipt", "kind", "measure", "plan_id", "enterprise_id", "bureau_code", "state",
            "state_zh", "filed_on", "persons", "amount",
        )  # fmt: skip


class Officer:
    """Who is calling; the framework asks whether he is signed in."""

    is_authenticated = True

    def __init__(self, bureau: str) -> None:
        self.bureau = bureau


class BearerToken(authentication.BaseAuthentication):
    """Checks the token exactly as the service does."""

    def authenticate(self, request: Any) -> tuple[Officer, str] | None:  # noqa: ANN401
        """Return the officer of a valid token."""
        scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme != "Bearer":
            return None
        try:
            said = _tokens.check(token, clock.now()).claims
        except NotSignedIn as refused:
            raise exceptions.AuthenticationFailed from refused
        return Officer(said["bureau"]), token


class NewestFirst(pagination.CursorPagination):
    """Keyset pages, as the service's."""

    ordering = "-id"
    page_size = 20
    page_size_query_param = "limit"


class ClaimList(generics.ListAPIView):  # type: ignore[type-arg]
    """The claims of the officer's bureau."""

    authentication_classes = (BearerToken,)
    permission_classes = (permissions.IsAuthenticated,)
    serializer_class = ClaimSerializer
    pagination_class = NewestFirst

    def get_queryset(self) -> "models.QuerySet[Claim]":
        """Return the claims that the officer may see."""
        return Claim.objects.filter(bureau_code=self.request.user.bureau)


urlpatterns = [path("api/v1/claims", ClaimList.as_view())]
