"""A certificate for this machine that nobody trusts until a test says so (SSL_CERT_FILE)."""

import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.servers.wait import need


@dataclass(frozen=True)
class Certificate:
    """Self-signed, for localhost and 127.0.0.1; its own authority."""

    public: Path
    private: Path

    def server_context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.public, self.private)
        return context


def make_certificate(folder: Path, names: str = "DNS:localhost,IP:127.0.0.1") -> Certificate:
    """Made by openssl in ``folder``."""
    made = Certificate(folder / "public.pem", folder / "private.pem")
    subprocess.run(
        [need("openssl", "apt-get install openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=mailflow test", "-addext", f"subjectAltName={names}",
         "-keyout", made.private, "-out", made.public],
        check=True, capture_output=True,
    )
    return made
