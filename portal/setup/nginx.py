"""The local nginx in front of several processes: each person stays with one of them.

The configuration is written here, whole; nothing of the machine's own nginx is read or changed.
"""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, NamedTuple

from portal.setup.commands import first_line
from portal.setup.speech import NBSP, SetupError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# Debian keeps nginx out of the path of plain accounts.
OUT_OF_PATH = ("/usr/sbin", "/usr/local/sbin", "/sbin", "/opt/homebrew/bin")
PLAIN_ACCOUNTS = ("www-data", "nginx", "nobody")
ROUTE_COOKIE = "polyphonie_route"
ROUTE_SECONDS = 30 * 86_400
MOST_CONNECTIONS = 8192
CONFIGURATION = "nginx.conf"


class Front(NamedTuple):
    """What the configuration depends on.

    ``host`` and ``port`` where it listens; ``workers`` the ports behind it; ``https`` whether people
    come over TLS; ``proxies`` how many servers the operator has in front of it; ``connections`` how many
    it may hold; ``account`` whose rights it takes when it is started by root, or nothing.
    """

    host: str
    port: int
    workers: Sequence[int]
    https: bool = False
    proxies: int = 0
    connections: int = MOST_CONNECTIONS
    account: str = ""


def find() -> str | None:
    """The path of nginx, or None."""
    places = os.pathsep.join((os.environ.get("PATH", ""), *OUT_OF_PATH))
    return shutil.which("nginx", path=places)


def require() -> str:
    """The path of nginx. Raises SetupError, which says what to type."""
    found = find()
    if found is None:
        message = (
            "Plusieurs processus demandent nginx, qui manque sur cette machine. "
            f"À taper sur Debian{NBSP}: sudo apt-get install --no-install-recommends nginx"
        )
        raise SetupError(message)
    return found


def version(program: str) -> str:
    """What nginx says of itself."""
    return first_line((program, "-v")).removeprefix("nginx version: ")


def plain_account() -> str:
    """The account that serves when root starts nginx; nothing when we are not root."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return ""
    import pwd

    known = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in PLAIN_ACCOUNTS if name in known), "")


def command(program: str, folder: Path) -> list[str]:
    """How nginx is run on a folder of ours: in the foreground, speaking on its error stream."""
    return [program, "-e", "stderr", "-p", f"{folder}{os.sep}", "-c", CONFIGURATION]


def write(front: Front, folder: Path) -> Path:
    """Write the configuration into a folder that belongs to us alone; where it is."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder / CONFIGURATION
    file.write_text(configuration(front), encoding="utf-8")
    file.chmod(0o600)
    return file


def configuration(front: Front) -> str:
    """The whole configuration. Every path in it is relative to its folder."""
    host = f"[{front.host}]" if ":" in front.host else front.host
    workers = "\n".join(
        f"        server 127.0.0.1:{port} max_fails=1 fail_timeout=2s;" for port in front.workers
    )
    words = {
        "ACCOUNT": f"user {front.account};" if front.account else "",
        "CONNECTIONS": str(front.connections),
        "LISTEN": f"{host}:{front.port}",
        "WORKERS": workers,
        "COOKIE": ROUTE_COOKIE,
        "SECONDS": str(ROUTE_SECONDS),
        "SECURE": "; Secure" if front.https else "",
        # One value for each server on the way: the portal counts them from the right.
        "PROTO": "$http_x_forwarded_proto, $scheme" if front.proxies else "$scheme",
    }
    text = TEMPLATE
    for name, value in words.items():
        text = text.replace(f"@{name}@", value)
    return "\n".join(line for line in text.splitlines() if line.strip()) + "\n"


class Words(NamedTuple):
    """A title and what to do, in one language."""

    title: str
    sentence: str


def page(french: Words, english: Words) -> str:
    """A page in both languages, for nobody's is known here; no style, no script, no picture."""
    return (
        "<!doctype html><html lang=fr><meta charset=utf-8>"
        "<meta name=viewport content='width=device-width'>"
        f"<title>{french.title}</title><h1>{french.title}</h1><p>{french.sentence}</p>"
        f"<div lang=en><h2>{english.title}</h2><p>{english.sentence}</p></div></html>"
    )


RESTING = page(
    Words(
        "Le portail redémarre",
        "Attendez quelques secondes, puis rechargez la page. Si vous veniez d’envoyer un texte, "
        "revenez à la page d’avant et vérifiez s’il est arrivé.",
    ),
    Words(
        "The portal is starting again",
        "Wait a few seconds, then reload the page. If you had just sent some words, "
        "go back to the page before and check whether they arrived.",
    ),
)
TOO_LONG = page(
    Words(
        "Ce message est trop long",
        f"Le portail ne peut pas le recevoir{NBSP}: revenez à la page d’avant, raccourcissez-le, "
        "puis envoyez-le à nouveau.",
    ),
    Words(
        "This message is too long",
        "The portal cannot take it: go back to the page before, shorten it, then send it again.",
    ),
)

# A person keeps to one process by two hexadecimal digits in a cookie: enough to share people out,
# too little to know anybody again. The digits of a first visit are drawn by nginx.
TEMPLATE = """
@ACCOUNT@
daemon off;
pid nginx.pid;
error_log stderr warn;
worker_processes 1;
worker_shutdown_timeout 10s;
events { worker_connections @CONNECTIONS@; }
http {
    access_log off;
    server_tokens off;
    absolute_redirect off;
    tcp_nodelay on;
    client_body_temp_path temporary-body;
    proxy_temp_path temporary-proxy;
    fastcgi_temp_path temporary-fastcgi;
    uwsgi_temp_path temporary-uwsgi;
    scgi_temp_path temporary-scgi;

    map $cookie_@COOKIE@ $kept { "~^[0-9a-f][0-9a-f]$" $cookie_@COOKIE@; default ""; }
    map $request_id $drawn { "~^(?<digits>..)" $digits; }
    map $kept $route { "" $drawn; default $kept; }
    map $kept $route_cookie {
        "" "@COOKIE@=$drawn; Path=/; Max-Age=@SECONDS@; HttpOnly; SameSite=Lax@SECURE@";
        default "";
    }
    map $http_upgrade $connection_upgrade { "" ""; default upgrade; }

    upstream workers {
        hash $route consistent;
@WORKERS@
        keepalive 64;
        # Well before the worker ends what rests (3 s): words sent at that instant would be lost.
        keepalive_timeout 1s;
    }

    server {
        listen @LISTEN@;
        client_max_body_size 320k;
        client_body_buffer_size 320k;
        client_header_timeout 15s;
        client_body_timeout 15s;
        send_timeout 30s;
        keepalive_timeout 30s;
        reset_timedout_connection on;
        large_client_header_buffers 4 8k;

        proxy_http_version 1.1;
        proxy_set_header Host $http_host;
        proxy_set_header Proxy "";
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection $connection_upgrade;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto "@PROTO@";
        proxy_connect_timeout 2s;
        proxy_read_timeout 60s;
        proxy_send_timeout 30s;
        proxy_max_temp_file_size 0;
        proxy_buffers 16 16k;
        proxy_next_upstream error timeout;
        proxy_next_upstream_tries 3;
        proxy_next_upstream_timeout 10s;

        gzip on;
        gzip_min_length 1024;
        gzip_comp_level 5;
        gzip_proxied any;
        gzip_vary on;
        gzip_types text/css text/javascript text/plain application/javascript application/json image/svg+xml;

        error_page 502 504 =503 @resting;
        error_page 413 @too_long;

        location / {
            add_header Set-Cookie $route_cookie always;
            proxy_pass http://workers;
        }
        location ~ ^/contrats/[a-z2-7]+/actes/ {
            add_header Set-Cookie $route_cookie always;
            client_max_body_size 11m;
            # Handed over as it comes: nothing of a document is ever written beside the database.
            proxy_request_buffering off;
            proxy_pass http://workers;
        }
        location ~ ^/(contrats|espaces)/[a-z2-7]+/([a-z2-7/-]+/)?documents/ {
            add_header Set-Cookie $route_cookie always;
            client_max_body_size 61m;
            proxy_request_buffering off;
            proxy_pass http://workers;
        }
        location ~ ^/contrats/[a-z2-7]+/reprises$ {
            add_header Set-Cookie $route_cookie always;
            client_max_body_size 31m;
            proxy_request_buffering off;
            proxy_pass http://workers;
        }
        location ~ ^/contrats/[a-z2-7]+/repertoire$ {
            add_header Set-Cookie $route_cookie always;
            client_max_body_size 61m;
            proxy_request_buffering off;
            proxy_pass http://workers;
        }
        location /static/ {
            proxy_pass http://workers;
        }
        location /socket.io/ {
            add_header Set-Cookie $route_cookie always;
            client_max_body_size 64k;
            proxy_buffering off;
            proxy_read_timeout 90s;
            gzip off;
            proxy_pass http://workers;
        }
        location @resting {
            default_type "text/html; charset=utf-8";
            add_header X-Content-Type-Options nosniff always;
            add_header Retry-After 5 always;
            add_header Cache-Control no-store always;
            add_header Content-Security-Policy "default-src 'none'" always;
            return 503 "@RESTING@";
        }
        location @too_long {
            default_type "text/html; charset=utf-8";
            add_header X-Content-Type-Options nosniff always;
            add_header Cache-Control no-store always;
            add_header Content-Security-Policy "default-src 'none'" always;
            return 413 "@TOO_LONG@";
        }
    }
}
""".replace("@RESTING@", RESTING).replace("@TOO_LONG@", TOO_LONG)
