"""A mail server that a test tells how to behave. It prints what happens to it, a JSON text a line.

usage: smtp_server.py starttls|tls|none CERTIFICATE KEY USER PASSWORD
With USER empty it asks for no login. A mail to `later@...` is refused for now, one to `nobody@...` for good.
"""

import asyncio
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


def say(event, **more):
    print(json.dumps({"event": event, **more}), flush=True)


class Handler:
    def __init__(self, mode):
        self.mode = mode

    async def handle_RCPT(self, server, session, envelope, address, options):
        name = address.split("@")[0]
        if name in ("later", "nobody"):
            code = 451 if name == "later" else 550
            say("refused", code=code, to=address)
            return f"{code} no"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        say(
            "mail",
            sender=envelope.mail_from,
            to=envelope.rcpt_tos,
            data=envelope.content.decode(),
            tls=self.mode == "tls" or session.ssl is not None,
            login=bool(session.authenticated),
        )
        return "250 OK"


async def main(mode, certificate, key, user, password):
    def authenticate(server, session, envelope, mechanism, data):
        right = (data.login.decode(), data.password.decode()) == (user, password)
        say("login", right=right)
        return AuthResult(success=right, handled=False)

    context = None
    if mode != "none":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
    starttls = mode == "starttls"

    def server():
        return SMTP(
            Handler(mode),
            hostname="localhost",
            tls_context=context if starttls else None,
            require_starttls=starttls,
            auth_required=bool(user),
            auth_require_tls=starttls,
            authenticator=authenticate,
        )

    listening = await asyncio.get_running_loop().create_server(
        server, "127.0.0.1", 0, ssl=context if mode == "tls" else None
    )
    say("listening", port=listening.sockets[0].getsockname()[1])
    await listening.serve_forever()


asyncio.run(main(*sys.argv[1:]))
