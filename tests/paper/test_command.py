"""`stratc run --mode paper` as a user has it: a feed by stdin and by sockets, told to stop, and what is refused."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.acceptance.stratc_process import ROOT, WATCHED, stratc
from tests.paper.test_follow import ACCOUNT, PRICES, TEXT, line

AS_OF = ("--as-of", "2026-07-01", "--interpret", "--json")
DAY = b"".join(line("IBM", n) + b"\n" + line("MSFT", n, 250 - PRICES[n]) + b"\n" for n in range(len(PRICES)))
WAIT_S = 90


@pytest.fixture
def strategy(tmp_path: Path) -> Path:
    (tmp_path / "account.toml").write_text(ACCOUNT, encoding="utf-8")
    path = tmp_path / "strategy.strat"
    path.write_text(TEXT, encoding="utf-8")
    return path


def started(strategy: Path, *options: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, str(WATCHED), "run", str(strategy), "--mode", "paper", *AS_OF, *options]
    env = {**os.environ, "STRATC_TESTS_SEARCH_SECONDS": "0.1", "NO_COLOR": "1"}
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=env, cwd=ROOT)


def until(condition) -> None:
    limit = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.05)


def test_a_feed_by_stdin(strategy: Path, tmp_path: Path) -> None:
    record, decisions = tmp_path / "day.record", tmp_path / "paper.jsonl"
    files = ("--record", str(record), "--decisions", str(decisions))
    fed = stratc("run", strategy, "--mode", "paper", "--feed", "-", *AS_OF, *files, stdin=DAY.decode())
    assert fed.code == 0, fed
    assert (fed.document["mode"], fed.document["bars"], fed.document["alarms"]) == ("paper", 2 * len(PRICES), [])
    again = tmp_path / "again.jsonl"
    replayed = stratc("run", strategy, "--data", record, *AS_OF, "--decisions", again)
    assert replayed.document["mode"] == "backtest"
    assert again.read_bytes() == decisions.read_bytes()
    same = set(fed.document) - {"mode", "ended"}
    assert {key: fed.document[key] for key in same} == {key: replayed.document[key] for key in same}


def test_a_bad_line_ends_with_one_and_a_whole_report(strategy: Path) -> None:
    fed = stratc("run", strategy, "--mode", "paper", "--feed", "-", *AS_OF, stdin=DAY.decode() + "nonsense\n")
    assert fed.code == 1
    assert fed.document["bars"] == 2 * len(PRICES)
    assert f"line {2 * len(PRICES) + 1}: " in fed.stderr


@pytest.mark.slow
def test_a_producer_may_come_again_and_sigterm_ends_in_order(strategy: Path, tmp_path: Path) -> None:
    path, record = tmp_path / "feed", tmp_path / "day.record"
    run = started(strategy, "--feed", f"unix:{path}", "--record", str(record))
    try:
        until(path.exists)
        assert path.stat().st_mode & 0o077 == 0
        half = len(DAY) // 2
        for part in (DAY[:half], DAY[DAY[:half].rindex(b"\n") + 1 :]):
            with socket.socket(socket.AF_UNIX) as producer:
                producer.connect(str(path))
                producer.sendall(part)
        until(lambda: record.read_bytes().count(b"\n") == 2 * len(PRICES) + 1)
        run.send_signal(signal.SIGTERM)
        stdout, stderr = run.communicate(timeout=WAIT_S)
    finally:
        run.kill()
    assert run.returncode == 0, stderr
    told = json.loads(stdout)
    assert (told["bars"], told["ended"]) == (2 * len(PRICES), "stopped")
    assert {each["kind"] for each in told["alarms"]} == {"disconnected"}
    assert not path.exists()


@pytest.mark.slow
def test_a_loopback_port(strategy: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    run = started(strategy, "--feed", f"tcp:127.0.0.1:{port}")
    try:
        producer = socket.socket()
        until(lambda: producer.connect_ex(("127.0.0.1", port)) == 0)
        with producer:
            producer.sendall(DAY + b'{"end":true}\n')
            stdout, stderr = run.communicate(timeout=WAIT_S)
    finally:
        run.kill()
    assert run.returncode == 0, stderr
    assert json.loads(stdout)["ended"] == "the feed ended"


REFUSED = (
    (("--feed", "-"), "`--feed` is of a paper run"),
    (("--record", "day.record"), "`--record` is of a paper run"),
    (("--mode", "paper", "--clock", "real"), "`--clock real` is of a paper run on a feed"),
    (("--mode", "paper", "--feed", "-", "--grace", "3"), "`--grace` is of the wall clock"),
    (("--mode", "paper", "--feed", "-", "--record", "day.jsonl"), "has another ending"),
    (("--mode", "paper", "--feed", "-", "--price-max", "IBM=none"), "is no price"),
    (("--mode", "paper", "--feed", "-", "--price-max", "SPY=10"), "does not trade"),
    (("--mode", "paper", "--feed", "tcp:192.0.2.1:9000"), "no loopback address"),
    (("--mode", "paper", "--feed", "http://localhost"), "is no feed"),
    (("--mode", "paper", "--feed", "-", "--law", "each-bar"), "--law each-bar"),
    (("--mode", "live"), "`--mode live` is not built yet"),
)


@pytest.mark.parametrize(("options", "words"), [pytest.param(*each, id=" ".join(each[0])) for each in REFUSED])
def test_wrong_usage_exits_two_and_says_why(strategy: Path, options: tuple[str, ...], words: str) -> None:
    done = stratc("run", strategy, *options, *AS_OF[:3])
    assert done.code == 2, done
    assert words in done.stderr
