"""The shape of work of queue programs as they are found: HTTP in front, SQLite behind, one file.

`python bench/peer.py FILE` prints its port and answers POST /issue and POST /call/N. Every act is
a transaction with SQLite's own settings but WAL and a full sync, as the careful among them have it.
Like them it reads who is next, then writes: nothing holds two counters apart in between.
"""

import json
import sqlite3
import sys
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FILE = sys.argv[1]
SCHEMA = """
CREATE TABLE IF NOT EXISTS ticket (
    id INTEGER PRIMARY KEY, number TEXT, service TEXT, state TEXT, counter TEXT,
    issued TEXT DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX IF NOT EXISTS by_state ON ticket (state, id);
"""
_OF_THREAD = threading.local()


def store() -> sqlite3.Connection:
    """A connection a thread, as web frameworks do."""
    db: sqlite3.Connection | None = getattr(_OF_THREAD, "db", None)
    if db is None:
        db = _OF_THREAD.db = sqlite3.connect(FILE, timeout=30)
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
    return db


def issue(db: sqlite3.Connection) -> dict[str, object]:
    with db:
        query = "INSERT INTO ticket (service, state) VALUES ('a', 'waiting')"
        serial = db.execute(query).lastrowid
        number = f"A{serial:05}"
        db.execute("UPDATE ticket SET number = ? WHERE id = ?", (number, serial))
    (ahead,) = db.execute("SELECT count(*) FROM ticket WHERE state = 'waiting'").fetchone()
    return {"number": number, "ahead": ahead - 1}


def call(db: sqlite3.Connection, counter: str) -> dict[str, object]:
    query = "SELECT id, number FROM ticket WHERE state = 'waiting' ORDER BY id LIMIT 1"
    found = db.execute(query).fetchone()
    if found is None:
        return {"number": None}
    with db:
        done = "UPDATE ticket SET state = 'done' WHERE state = 'called' AND counter = ?"
        db.execute(done, (counter,))
        query = "UPDATE ticket SET state = 'called', counter = ? WHERE id = ?"
        db.execute(query, (counter, found[0]))
    return {"number": found[1], "counter": counter}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_POST(self) -> None:
        json.loads(self.rfile.read(int(self.headers["content-length"])))
        place = self.path.split("/")
        told = issue(store()) if place[1] == "issue" else call(store(), place[2])
        body = json.dumps(told).encode()
        self.send_response(HTTPStatus.OK)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """No line a request: that would be counted as its work."""


if __name__ == "__main__":
    sqlite3.connect(FILE).executescript(SCHEMA)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    print(server.server_address[1], flush=True)
    server.serve_forever()
