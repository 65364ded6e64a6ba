"""An SMTP server for tests: STARTTLS and a login are required; the receiver's name says how it behaves.

Ends with its folder, or after two minutes.
"""
import asyncio
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

certificate, key, folder = sys.argv[1:4]


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 5.1.1 no such user"
        if address.startswith("later@"):
            return "451 4.7.1 later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        name = envelope.rcpt_tos[0]
        if name.startswith("cut@"):
            server.transport.abort()
            return "421 gone"
        if name.startswith("slow@"):
            await asyncio.sleep(30)
        path = os.path.join(folder, name)
        with open(path + ".part", "wb") as letter:
            letter.write(envelope.original_content)
        os.rename(path + ".part", path)
        return "250 2.0.0 Ok: queued as 4F1A2B3C"


def authenticate(server, session, envelope, mechanism, login):
    # Not handled: the server itself shall say yes or no.
    return AuthResult(success=(login.login, login.password) == (b"wang", "口令".encode()), handled=False)


async def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(
            Handler(), require_starttls=True, tls_context=context, auth_required=True, authenticator=authenticate,
            hostname="test", loop=loop),
        "127.0.0.1", 0)
    path = os.path.join(folder, "port")
    with open(path + ".part", "w") as file:
        file.write(str(server.sockets[0].getsockname()[1]))
    os.rename(path + ".part", path)
    for _ in range(600):
        await asyncio.sleep(0.2)
        if not os.path.isdir(folder):
            break


asyncio.run(main())
