"""`detente sources` and its commands, as processes that ask a real server on loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from detente.desk import Desk, create_desk
from detente.models import Article, Collected, Fetch, FetchOutcome, SourceState
from extractors.sources import load_sources
from storage.database import Database
from storage.ingest import ingest

Run = Callable[..., subprocess.CompletedProcess[str]]
MINE = """# Mine
publishers:
  - id: mine
    name: Mine
    language: en
    sources:
      - {id: mine-feed, kind: feed, url: "http://127.0.0.1:9/feed"}
# the end
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk that asks one source, at a port where nobody answers."""
    found = create_desk(tmp_path / "desk")
    settings = {"http": {"delay": 0, "timeout": 5, "allow_private": ["127.0.0.1"]}, "extraction": {"workers": 1}}
    (found.root / "settings.yaml").write_text(json.dumps(settings), encoding="utf-8")
    found.sources.write_text(MINE, encoding="utf-8")
    return found


@pytest.fixture
def run(desk: Desk, tmp_path: Path) -> Run:
    """Run `detente sources` with words, on the desk."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("DETENTE_", "PREFECT_"))}
    environment |= {"DETENTE_DESK": str(desk.root), "COLUMNS": "200"}

    def sources(*words: object, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "detente", "sources", *map(str, words)],
            input=stdin,
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env=environment,
            check=False,
            timeout=120,
        )

    return sources


@pytest.fixture
def paper() -> Iterator[str]:
    """The address of a site with a feed of one story, and the story's page."""
    pages: dict[str, tuple[str, str]] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, body = pages.get(self.path, ("", ""))
            self.send_response(200 if kind else 404)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    address = f"http://127.0.0.1:{server.server_address[1]}"
    hour_ago = format_datetime(datetime.now(UTC) - timedelta(hours=1))
    text = "".join(f"<p>Envoys of both sides met again on day {n}, and agreed to go on talking.</p>" for n in range(9))
    pages["/"] = (
        "text/html",
        '<html lang="en"><head><title>The Paper</title><link rel="alternate" type="application/rss+xml" href="/f.rss">',
    )
    entry = f"<item><title>Talks</title><link>{address}/a</link><pubDate>{hour_ago}</pubDate></item>"
    pages["/f.rss"] = ("application/rss+xml", f'<rss version="2.0"><channel>{entry}</channel></rss>')
    pages["/a"] = ("text/html", f"<html><head><title>Talks</title></head><body><article>{text}</article></body></html>")
    thread.start()
    yield address
    server.shutdown()
    server.server_close()
    thread.join()


def objects(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    assert done.stderr == ""
    return [json.loads(line) for line in done.stdout.splitlines()]


def refused(done: subprocess.CompletedProcess[str], code: int = 2) -> str:
    assert (done.returncode, done.stdout) == (code, "")
    assert len(done.stderr.splitlines()) == 1, done.stderr
    return done.stderr


def test_the_list_tells_success_failures_due_and_articles_a_day(run: Run, desk: Desk) -> None:
    now = datetime.now(UTC)
    state = SourceState("mine-feed", due_at=now + timedelta(hours=5, minutes=30), failures=3, last_success=now)
    ages = [0, 1, 2, *[10] * 18]
    articles = tuple(
        Article(f"https://a.example/{n}", "mine-feed", "mine", "mine", "T", "x", "en", now, now - timedelta(days=age))
        for n, age in enumerate(ages)
    )
    fetch = Fetch("mine-feed", "http://127.0.0.1:9/feed", now, page=False, outcome=FetchOutcome.TIMEOUT, detail="late")
    with Database(desk.database, 5).session() as con:
        refused = Fetch(
            "mine-feed", "http://127.0.0.1:9/a", now, page=True, outcome=FetchOutcome.HTTP_ERROR, detail="HTTP 403"
        )
        ingest(con, Collected(0, articles=articles, fetches=(fetch, refused), states=(state,)))
    (row,) = objects(run("--json"))
    assert (row["id"], row["articles"], row["failures"]) == ("mine-feed", 21, 3)
    assert (row["a_day"], row["usual"]) == (0.43, 2.1)
    assert (row["last_outcome"], row["detail"]) == ("timeout", "late")
    assert (row["pages"], row["unread"], row["page_reason"]) == (1, 1, "HTTP 403")
    assert datetime.fromisoformat(row["last_success"]) == state.last_success
    assert datetime.fromisoformat(row["next_due"]) == state.due_at
    shown = run().stdout
    assert "0.4 / 2.1" in shown
    assert "in 5 h" in shown
    assert "0 min ago" in shown
    assert "timeout late; 0 of 1, HTTP 403" in shown


def test_a_source_never_asked_is_listed_as_due(run: Run) -> None:
    shown = run().stdout.splitlines()
    assert shown[0] == "1 source"
    assert " ".join(shown[2].split()) == "mine-feed 0.0 / 0.0 0 never now never asked"


def test_a_site_is_shown_then_added_once(run: Run, desk: Desk, paper: str) -> None:
    (offered,) = objects(run("add", paper, "--json"))
    assert offered == {
        "publisher": offered["publisher"],
        "id": f"{offered['publisher']}-feed",
        "kind": "feed",
        "url": f"{paper}/f.rss",
        "items": 1,
        "newest": offered["newest"],
        "language": "en",
        "take": True,
        "why_not": "",
        "added": False,
    }
    declined = run("add", paper, stdin="n\n")
    assert "nothing was added" in declined.stdout
    nobody = run("add", paper)
    assert nobody.returncode == 2
    assert "give --yes" in nobody.stderr
    assert desk.sources.read_text(encoding="utf-8") == MINE
    done = run("add", paper, "--family", "papers", "--country", "NOR", stdin="y\n")
    assert done.returncode == 0, done.stderr
    assert f"{paper}/f.rss" in done.stdout
    text = desk.sources.read_text(encoding="utf-8")
    assert text.startswith(MINE.removesuffix("# the end\n"))
    assert text.endswith("\n# the end\n")
    source = load_sources(desk.sources)[1]
    assert (source.id, source.url, source.family) == (offered["id"], f"{paper}/f.rss", "papers")
    assert (source.country, source.language) == ("NOR", "en")
    assert "lists 127.0.0.1:" in refused(run("add", paper, "--yes"))


def test_yes_adds_without_a_question(run: Run, desk: Desk, paper: str) -> None:
    (added,) = objects(run("add", paper, "--yes", "--name", "Paper: daily", "--language", "no", "--json"))
    assert added["added"] is True
    assert [(item.id, item.language) for item in load_sources(desk.sources)[1:]] == [(added["id"], "no")]
    assert 'name: "Paper: daily"' in desk.sources.read_text(encoding="utf-8")


def test_a_source_on_trial_is_told_with_its_pages(run: Run, desk: Desk, paper: str) -> None:
    name = objects(run("add", paper, "--yes", "--json"))[0]["id"]
    one = run("test", name)
    assert one.returncode == 0, one.stderr
    assert "answer: ok HTTP 200" in one.stdout
    assert "items: 1, newest 1 h, oldest 1 h; languages: en" in one.stdout
    assert "robots.txt: there is none: everything is allowed" in one.stdout
    assert "characters, en" in one.stdout
    every = run("test", "--json")
    assert every.returncode == 1, "one of the two is dead"
    dead, alive = objects(every)
    assert (dead["id"], dead["ok"], dead["outcome"]) == ("mine-feed", False, "unreachable")
    assert (alive["id"], alive["ok"], [page["title"] for page in alive["pages"]]) == (name, True, ["Talks"])
    table = run("test", "--pages", "0").stdout
    assert "mine-feed" in table
    assert "0 of 0 read" in table
    assert not desk.database.exists(), "nothing is stored"


def test_what_goes_out_comes_back_on_another_desk(run: Run, desk: Desk, tmp_path: Path) -> None:
    shipped = create_desk(tmp_path / "shipped")
    done = run("export", "--output", "all.opml", "--desk", shipped.root)
    assert done.stdout == "wrote all.opml\n"
    assert (tmp_path / "all.opml").read_text(encoding="utf-8") == run("export", "--desk", shipped.root).stdout
    assert run("import", "all.opml").returncode == 0
    assert load_sources(desk.sources)[1:] == load_sources(shipped.sources)
    again = run("import", "all.opml")
    assert again.stdout.startswith("added 0 publishers with 0 sources; ")


def test_a_feed_of_a_known_host_joins_its_family(run: Run, desk: Desk, tmp_path: Path) -> None:
    desk.sources.write_text(MINE.replace("name: Mine", "name: Mine\n    family: group"), encoding="utf-8")
    feeds = (
        "http://127.0.0.1:9/feed",
        "http://127.0.0.1:9/sport",
        "https://www.b.example/f",
        "https://www.b.example/g",
    )
    outlines = "".join(f'<outline text="T" xmlUrl="{url}"/>' for url in feeds)
    (tmp_path / "my.opml").write_text(f"<opml><body>{outlines}</body></opml>", encoding="utf-8")
    added = objects(run("import", "my.opml", "--language", "de", "--json"))
    assert [(item["url"], item["added"]) for item in added] == [*((url, True) for url in feeds[1:]), (feeds[0], False)]
    new = load_sources(desk.sources)[1:]
    assert [(item.publisher, item.family, item.language) for item in new] == [
        ("127-0-0-1-9", "group", "de"),
        ("b-example", "b-example", "de"),
        ("b-example", "b-example", "de"),
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "hello"), "'hello' is no address of a site"),
        (("add", "127.0.0.1:9"), "lists 127.0.0.1:9 already, with the source 'mine-feed'"),
        (("add", "a.example", "--family", "A B"), "--family 'A B' does not fit"),
        (("add", "a.example", "--language", "english"), "--language 'english' does not fit"),
        (("add", "a.example", "--country", "no"), "--country 'no' does not fit"),
        (("test", "nobody"), "there is no source 'nobody'"),
        (("import", "none.opml"), "none.opml: No such file"),
        (("export", "--output", "no/such/file"), "no/such/file: No such file"),
        (("--json", "test"), "write --json and --desk after 'test'"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(run: Run, words: tuple[str, ...], said: str) -> None:
    assert said in refused(run(*words))


def test_a_site_without_a_list_is_a_failure_that_says_what_to_do(run: Run, desk: Desk, paper: str) -> None:
    assert "offers no feed" in refused(run("add", f"{paper}/a", "--yes"), 1)
    assert desk.sources.read_text(encoding="utf-8") == MINE
