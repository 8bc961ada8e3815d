"""Which certificates are trusted: those of the system, always, and with no way to switch that off."""

from __future__ import annotations

import re
import ssl
import sys
from pathlib import Path
from typing import Final

import certifi
import truststore

_HAVE_A_STORE_OF_THEIR_OWN: Final = frozenset({"darwin", "win32"})
# Where distributions keep their bundle; for a Python that was built to look in another place.
_KNOWN_BUNDLES: Final = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
_HASHED_NAME: Final = re.compile(r"[0-9a-f]{8}\.[0-9]+")


def tls_context() -> ssl.SSLContext:
    """A context for all connections of one run. It never logs session keys, whatever SSLKEYLOGFILE says.

    Making one takes some 20 ms, because the bundle is read; connections then take none of that.
    """
    if sys.platform in _HAVE_A_STORE_OF_THEIR_OWN:
        context: ssl.SSLContext = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    else:
        # Here truststore would read the same files, and again at every connection.
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        _trust_the_system(context)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def verifying(context: ssl.SSLContext) -> ssl.SSLContext:
    """The context itself; ValueError where it would talk to anyone."""
    if context.verify_mode is not ssl.CERT_REQUIRED or not context.check_hostname:
        raise ValueError("a TLS context that does not verify")
    return context


def _trust_the_system(context: ssl.SSLContext) -> None:
    """Load what OpenSSL looks for by itself, else a bundle in a known place, else the one that came along."""
    context.set_default_verify_paths()
    if _knows_anyone(context):
        return
    for bundle in (*_KNOWN_BUNDLES, certifi.where()):
        try:
            context.load_verify_locations(bundle)
        except OSError:  # not there, or not a bundle
            continue
        if _knows_anyone(context):
            return


def _knows_anyone(context: ssl.SSLContext) -> bool:
    """True where certificates are loaded, or lie in OpenSSL's folder, which it reads when it needs one."""
    loaded = context.cert_store_stats()["x509_ca"] > 0
    return loaded or _holds_certificates(ssl.get_default_verify_paths().capath)


def _holds_certificates(folder: str | None) -> bool:
    if folder is None:
        return False
    try:
        return any(_HASHED_NAME.fullmatch(entry.name) for entry in Path(folder).iterdir())
    except OSError:
        return False
