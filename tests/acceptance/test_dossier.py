"""The dossier: one document in four forms, all of which say what the check found, and run nothing."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from stratc.compiler.reports.dossier.markdown import escaped
from tests.acceptance.stratc_process import stratc

EXAMPLE = Path("examples/opening_range/strategy.strat")
DAY = ("--as-of", "2026-06-03")


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dossier")
    files = {form: folder / f"dossier{form}" for form in (".html", ".md", ".json", ".sarif")}
    asked = [part for file in files.values() for part in ("--dossier", file)]
    done = stratc("check", EXAMPLE, *DAY, "--json", *asked)
    assert done.code == 1
    return done.document, {form: file.read_text(encoding="utf-8") for form, file in files.items()}


def test_json_holds_every_verdict_of_the_check(written):
    checked, forms = written
    document = json.loads(forms[".json"])
    assert [each["verdict"] for each in document["rules"]] == checked["verdicts"]
    assert document["assumptions"] == checked["assumptions"]
    assert document["bounds"] == checked["bounds"]
    assert document["text"] == EXAMPLE.read_text(encoding="utf-8")
    assert document["artefact_digest"] is None


def test_the_violation_comes_with_all_that_decides_it(written):
    _, forms = written
    rules = {each["verdict"]["rule"]: each for each in json.loads(forms[".json"])["rules"]}
    told = rules["us.finra.pattern_day_trader"]
    assert [(each["name"], each["value"], each["confidence"]) for each in told["numbers"]] == [
        ("pdt_trades", "4", "V"),
        ("pdt_equity_min", "25,000 USD", "V"),
        ("pdt_share", "6%", "V"),
    ]
    assert told["lines"] == [{"line": 10, "text": "rule breakout"}]
    assert told["guard_bytes"] > 0
    assert len(told["interpretations"]) == 3
    assert len(told["verdict"]["counterexample"]["events"]) == 12


def test_markdown_and_html_say_the_same(written):
    """Every cell and sentence of one form is in the other."""
    _, forms = written
    shown = _Text()
    shown.feed(forms[".html"])
    page = " ".join(" ".join(shown.parts).split())
    for line in forms[".md"].split("## The strategy in plain English")[0].splitlines():
        for cell in re.split(r"(?<!\\)\|", line):
            said = re.sub(r"\\(.)", r"\1", re.sub(r"^(VIOLATED|GUARDED|PROVED) ", "", cell.strip().lstrip("#- ")))
            if said and set(said) != {"-"}:
                assert said in page


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def test_the_page_runs_and_fetches_nothing(written):
    _, forms = written
    page = _Text()
    page.feed(forms[".html"])
    assert not page.tags & {"script", "img", "iframe", "object", "form", "link"}
    assert "default-src 'none'" in forms[".html"]


def test_sarif_has_a_result_for_every_rule(written):
    checked, forms = written
    (run,) = json.loads(forms[".sarif"])["runs"]
    kinds = {"violated": "fail", "guarded": "review", "proved": "pass", "not_applicable": "notApplicable"}
    assert [(each["ruleId"], each["kind"]) for each in run["results"]] == [
        (each["rule"], kinds[each["status"]]) for each in checked["verdicts"]
    ]
    assert all((each["level"] != "none") == (each["kind"] == "fail") for each in run["results"])
    assert all(run["tool"]["driver"]["rules"][each["ruleIndex"]]["id"] == each["ruleId"] for each in run["results"])


def test_text_of_a_strategy_is_no_markup(tmp_path):
    text = EXAMPLE.read_text(encoding="utf-8").replace('"Opening range breakout"', '"<img src=x> | **b** `c`"')
    (tmp_path / "x.strat").write_text(text, encoding="utf-8")
    (tmp_path / "account.toml").write_text(EXAMPLE.with_name("account.toml").read_text("utf-8"), encoding="utf-8")
    stratc("check", "x.strat", *DAY, "--dossier", "x.html", "--dossier", "x.md", cwd=tmp_path)
    page, marked = (tmp_path / "x.html").read_text("utf-8"), (tmp_path / "x.md").read_text("utf-8")
    assert "<img" not in page
    assert "# \\<img src=x\\> \\| \\*\\*b\\*\\* \\`c\\`: compliance dossier" in marked


@pytest.mark.parametrize("text", ["a|b", "`", "<x>", "# no heading", "a_b", "[l](u)", "\\"])
def test_escaping_keeps_the_text(text):
    assert re.sub(r"\\(.)", r"\1", escaped(text)) == text


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (("check", EXAMPLE, *DAY, "--dossier", "x.pdf"), "has no form `.pdf`"),
        (("check", EXAMPLE, EXAMPLE, "--dossier", "x.md"), "a dossier is of one strategy"),
        (("check", "no_account.strat", "--dossier", "x.md"), "nothing was judged"),
        (("check", EXAMPLE, *DAY, "--dossier", "no_account.strat/x.md"), "cannot be written"),
    ],
)
def test_what_cannot_be_written_is_refused(asked, told, tmp_path):
    (tmp_path / "examples").symlink_to(Path("examples").resolve())
    (tmp_path / "no_account.strat").write_text(EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    done = stratc(*asked, cwd=tmp_path)
    assert done.code == 2
    assert told in done.stderr
    assert not list(tmp_path.glob("x.*"))


def test_a_text_with_errors_is_told_before_there_is_no_dossier(tmp_path):
    (tmp_path / "x.strat").write_text('strategy "x"\n  trade ABC on 1 dya\n', encoding="utf-8")
    done = stratc("check", "x.strat", "--json", "--dossier", "x.HTML", cwd=tmp_path)
    assert done.code == 1
    assert done.document["ok"] is False
    assert "no dossier was written" in done.stderr
    assert not (tmp_path / "x.HTML").exists()
