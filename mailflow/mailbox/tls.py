"""How a server is spoken to: encrypted with its certificate checked, or in clear on this very machine, nothing else."""

import ssl
from enum import StrEnum

from mailflow.config import ServerSettings
from mailflow.errors import ConfigError

LOOPBACK = ("localhost", "127.0.0.1", "::1")
# A server that says nothing for this long counts as not answering.
TIMEOUT_SECONDS = 30.0


class Wire(StrEnum):
    """TLS from the first byte, TLS after STARTTLS, or none."""

    TLS = "tls"
    STARTTLS = "starttls"
    CLEAR = "clear"


def decide_wire(server: ServerSettings) -> Wire:
    """Raises ConfigError for clear text to another machine (config.py says so too; this is the last door)."""
    if server.starttls:
        return Wire.STARTTLS
    if server.tls:
        return Wire.TLS
    if server.host in LOOPBACK:
        return Wire.CLEAR
    raise ConfigError(f"{server.host}: tls may be false only where the host is this machine")


def context() -> ssl.SSLContext:
    """Certificate and name checked against the system's authorities (SSL_CERT_FILE adds a council's own)."""
    made = ssl.create_default_context()
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    return made


def words_of(server: ServerSettings, e: OSError) -> str:
    """Why the server could not be reached, in words that carry no mail content."""
    where = f"{server.host}:{server.port}"
    if isinstance(e, ssl.SSLCertVerificationError):
        return f"{where}: its certificate is not trusted: {e.verify_message or e.reason}"
    if isinstance(e, ssl.SSLError):
        return f"{where}: no encrypted connection: {e.reason or 'TLS failed'}"
    if isinstance(e, TimeoutError):
        return f"{where}: no answer in time"
    return f"{where}: {e.strerror or type(e).__name__}"
