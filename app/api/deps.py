"""At whose desk is this request dealt with? One request, one transaction, then the answer.

The type of the desk in a route's signature says who may call it.
"""

from collections.abc import AsyncIterator, Callable
from typing import Annotated

from fastapi import Depends, Request

from app.access import open_desk
from app.actors import (
    AccountHolder,
    EnterpriseUser,
    Member,
    Officer,
    PlatformSystem,
    SandboxKeeper,
    SignIn,
    Visitor,
)
from app.api.auth import (
    Bearer,
    enterprise,
    holder,
    member,
    office_of,
    officer,
    origin,
    platform,
)
from app.api.idempotency import take_key
from app.office import Desk
from app.services.passwords import PasswordDesk


# Who is calling is asked by plain calls: each level of the framework's dependencies costs about as
# much as reading one row.
async def _desk_of_member(request: Request, token: Bearer) -> AsyncIterator[Desk[Member]]:
    who = await member(request, token)
    async with open_desk(office_of(request), who, *origin(request)) as desk:
        await take_key(request, desk)
        yield desk


async def _desk_of_enterprise(
    request: Request, token: Bearer
) -> AsyncIterator[Desk[EnterpriseUser]]:
    who = enterprise(await member(request, token))
    async with open_desk(office_of(request), who, *origin(request)) as desk:
        await take_key(request, desk)
        yield desk


async def _desk_of_officer(request: Request, token: Bearer) -> AsyncIterator[Desk[Officer]]:
    who = officer(await member(request, token))
    async with open_desk(office_of(request), who, *origin(request)) as desk:
        await take_key(request, desk)
        yield desk


async def _desk_of_platform(request: Request, token: Bearer) -> AsyncIterator[Desk[PlatformSystem]]:
    who = await platform(request, token)
    async with open_desk(office_of(request), who, *origin(request)) as desk:
        await take_key(request, desk)
        yield desk


async def _desk_of_holder(request: Request, token: Bearer) -> AsyncIterator[Desk[AccountHolder]]:
    who = await holder(request, token)
    async with open_desk(office_of(request), who, *origin(request)) as desk:
        await take_key(request, desk)
        yield desk


async def _desk_of_visitor(request: Request) -> AsyncIterator[Desk[Visitor]]:
    async with open_desk(office_of(request), Visitor(), *origin(request)) as desk:
        await take_key(request, desk)
        yield desk


async def _desk_at_sign_in(request: Request) -> AsyncIterator[Desk[SignIn]]:
    async with open_desk(office_of(request), SignIn(), *origin(request)) as desk:
        await take_key(request, desk)
        yield desk


async def _desk_in_sandbox(request: Request) -> AsyncIterator[Desk[SandboxKeeper]]:
    async with open_desk(office_of(request), SandboxKeeper(), *origin(request)) as desk:
        await take_key(request, desk)
        yield desk


async def _wake(request: Request) -> Callable[[], None]:
    wake: Callable[[], None] = request.app.state.workshop.wake
    return wake


async def _passwords(request: Request) -> PasswordDesk:
    passwords: PasswordDesk = request.app.state.passwords
    return passwords


# With scope="function" the transaction commits before the answer leaves; else a failed commit would
# still answer 200.
AnyMember = Annotated[Desk[Member], Depends(_desk_of_member, scope="function")]
AsEnterprise = Annotated[Desk[EnterpriseUser], Depends(_desk_of_enterprise, scope="function")]
AsOfficer = Annotated[Desk[Officer], Depends(_desk_of_officer, scope="function")]
AsPlatform = Annotated[Desk[PlatformSystem], Depends(_desk_of_platform, scope="function")]
AsHolder = Annotated[Desk[AccountHolder], Depends(_desk_of_holder, scope="function")]
Anybody = Annotated[Desk[Visitor], Depends(_desk_of_visitor, scope="function")]
AtSignIn = Annotated[Desk[SignIn], Depends(_desk_at_sign_in, scope="function")]
InSandbox = Annotated[Desk[SandboxKeeper], Depends(_desk_in_sandbox, scope="function")]
Wake = Annotated[Callable[[], None], Depends(_wake)]
"""Wakes the process that computes simulations; to be called after the commit."""
Passwords = Annotated[PasswordDesk, Depends(_passwords)]
