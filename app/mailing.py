"""How does e-mail leave? Through the mail server of the settings, beside the event loop."""

import asyncio
import smtplib
import ssl
from email.message import EmailMessage
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

_SECONDS: Final = 20
_PORTS: Final = {"smtp": 587, "smtps": 465}


class Mailer:
    """Sends plain texts; a message leaves encrypted, unless the settings name a relay at hand."""

    def __init__(self, url: str, sender: str) -> None:
        self._server: SplitResult = urlsplit(url)
        self._sender = sender

    async def send(self, to: str, subject: str, text: str) -> None:
        """Send one message.

        Raises:
            OSError: the mail server is not reached, or does not take it (smtplib's errors).
        """
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._sender, to, subject
        message.set_content(text)
        await asyncio.to_thread(self._send, message)

    def _send(self, message: EmailMessage) -> None:
        with self._connected() as server:
            if self._server.username is not None:
                server.login(unquote(self._server.username), unquote(self._server.password or ""))
            server.send_message(message)

    def _connected(self) -> smtplib.SMTP:
        host, scheme = self._server.hostname or "", self._server.scheme
        port = self._server.port or _PORTS[scheme]
        if scheme == "smtps":
            trusted = ssl.create_default_context()
            return smtplib.SMTP_SSL(host, port, timeout=_SECONDS, context=trusted)
        server = smtplib.SMTP(host, port, timeout=_SECONDS)
        if self._server.query != "starttls=no":
            try:
                server.starttls(context=ssl.create_default_context())
            except BaseException:
                server.close()
                raise
        return server
