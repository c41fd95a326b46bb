"""A PostgreSQL server of our own on loopback, for as long as a test or a benchmark runs."""

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

USER = "coders"


def binaries() -> Path | None:
    """Return the folder of the newest installed server's programs, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


def is_available() -> bool:
    """Whether a server can be started here: its programs, and the driver."""
    try:
        import psycopg  # noqa: F401
    except ImportError:
        return False
    return binaries() is not None and (os.geteuid() != 0 or shutil.which("runuser") is not None)


class PostgresServer:
    """A running server."""

    def __init__(self, port: int, password: str, log: Path) -> None:
        self.port = port
        self.password = password
        self.log = log

    def url(self, database: str) -> str:
        """Address of a database."""
        return f"postgresql://{USER}:{self.password}@127.0.0.1:{self.port}/{database}"

    def fresh(self) -> str:
        """Make an empty database and return its address."""
        import psycopg

        name = f"study_{secrets.token_hex(6)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.url(name)


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Start a server in a temporary folder; root starts it as the user postgres, which PostgreSQL demands."""
    programs = binaries()
    folder = Path(tempfile.mkdtemp(prefix="subtheme-postgres-"))
    password, as_user = secrets.token_hex(12), []
    (folder / "password").write_text(password)
    if os.geteuid() == 0:
        as_user = ["runuser", "-u", "postgres", "--"]
        shutil.chown(folder, "postgres", "postgres")
        shutil.chown(folder / "password", "postgres", "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data, log = folder / "data", folder / "server.log"

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [*as_user, str(programs / program), *arguments],
            cwd=folder,
            check=True,
            timeout=120,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    settings = (
        f"-c listen_addresses=127.0.0.1 -p {port} -c unix_socket_directories={folder} -c max_connections=60 "
        "-c log_error_verbosity=terse -c log_min_error_statement=panic"
    )
    try:
        run(
            "initdb",
            "-D",
            str(data),
            "-U",
            USER,
            "-A",
            "scram-sha-256",
            f"--pwfile={folder / 'password'}",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        )
        run("pg_ctl", "-D", str(data), "-l", str(log), "-w", "-o", settings, "start")
        try:
            yield PostgresServer(port, password, log)
        finally:
            run("pg_ctl", "-D", str(data), "-m", "fast", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
