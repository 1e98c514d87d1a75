"""What every server under test begins with. Made once on each database and restored for each test.

Making it takes a second, most of it for a key and for the hash of a password; restoring it takes a few milliseconds, and
each test still has a server that knows nothing of any other.
"""

import os
import shutil
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from rolecall import ADMINISTRATOR, ADMINISTRATORS_PASSWORD, Server


@dataclass(frozen=True)
class Place:
    """Where a server keeps what it knows: its folder, and its PostgreSQL database, or none, which means SQLite."""

    folder: Path
    database_url: str | None


@dataclass(frozen=True)
class Beginning:
    """An account with its first administrator and the service account `automation`, a System administrator as well."""

    place: Place
    account: tuple
    automation: dict

    @staticmethod
    def make(place) -> "Beginning":
        """Lets a server make it, and stops that server."""
        with Server(place, "plain") as server:
            token = server.sign_in(ADMINISTRATOR, ADMINISTRATORS_PASSWORD).access
            (rule,) = server.get("/api/v1/authorization/access-rules", token).json()["accessRules"]
            automation = server.post("/api/v1/service-accounts", {"name": "automation"}, token).json()
            granted = {**rule, "subjectId": automation["clientId"], "subjectType": "service-account"}
            answer = server.post("/api/v1/authorization/access-rules", granted, token)
            assert answer.status_code == 201, answer.text
        if place.database_url:
            keep(place.database_url)
        return Beginning(place, (rule["scopeType"], rule["scopeId"]), automation)

    def restored(self, folder):
        """The place of a new server that begins with it, in this new folder."""
        shutil.copytree(self.place.folder, folder)
        if self.place.database_url:
            restore(self.place.database_url)
        return Place(folder, self.place.database_url)


@contextmanager
def database(server_url):
    """The address of an empty database on that PostgreSQL server; dropped afterwards."""
    name = f"rolecall_e2e_{os.getpid()}_{time.monotonic_ns()}"
    quoted = sql.Identifier(name)
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(quoted))
    try:
        yield urlsplit(server_url)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(quoted))


def keep(url):
    """Keeps what is in the database now, within the database."""
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT sequencename FROM pg_sequences").fetchall() == [], "these are not restored"
        connection.execute("CREATE SCHEMA kept")
        for table, columns in tables(connection, "public"):
            connection.execute(
                sql.SQL("CREATE TABLE kept.{table} AS SELECT {columns} FROM public.{table}").format(
                    table=table, columns=columns
                )
            )


def restore(url):
    """Makes the database what it was when `keep` was called. A new database for each test would take much longer."""
    with psycopg.connect(url) as connection:
        # References between the tables are not looked at meanwhile.
        connection.execute("SET session_replication_role = replica")
        for table, columns in tables(connection, "kept"):
            connection.execute(sql.SQL("DELETE FROM public.{table}").format(table=table))
            connection.execute(
                sql.SQL("INSERT INTO public.{table} ({columns}) TABLE kept.{table}").format(
                    table=table, columns=columns
                )
            )


def tables(connection, schema):
    """The tables of a schema, each with its columns but for those that the database fills in itself."""
    rows = connection.execute(
        "SELECT table_name, array_agg(column_name::text ORDER BY ordinal_position) FROM information_schema.columns"
        " WHERE table_schema = %s AND is_generated = 'NEVER' GROUP BY table_name",
        [schema],
    )
    return [(sql.Identifier(name), sql.SQL(", ").join(map(sql.Identifier, names))) for name, names in rows]
