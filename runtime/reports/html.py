"""A run as one HTML page that stands alone: no request leaves it, and nothing in it runs but the two scripts it names.

The content policy forbids everything that is not listed by its hash, text from the run is escaped into the page or
carried as JSON that no parser can mistake for markup, and the chart library is written into the file. The page reads
in light and dark, prints, and says without scripts what the tables say. Same run, same bytes.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from html import escape
from importlib import resources
from typing import Final

from stratc.runtime.reports.chart import aggregation_note, chart_data
from stratc.runtime.reports.performance import measure
from stratc.runtime.reports.sleeves import HEADS, sleeve_rows
from stratc.runtime.reports.summary import Prices, RoundTrip, RuleVerdict, Run
from stratc.runtime.reports.wording import (
    HYPOTHETICAL,
    NOT_ADVICE,
    day,
    figures,
    local,
    moment,
    quantity,
    readable,
    signed_money,
)

NUMBER: Final = ' class="number"'
ROUND_TRIPS_LISTED_MAX: Final = 1_000
CHART_LIBRARY: Final = "vendor/lightweight-charts.standalone.production.js"


def render_page(run: Run) -> str:
    """The whole page."""
    title = text(f"{run.strategy}: backtest report")
    return "\n".join(
        (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{content_policy()}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            f"<title>{title}</title>",
            f"<style>{asset('page.css')}</style>\n</head>\n<body>",
            *body(run),
            f'<script type="application/json" id="run">{embedded_json(run)}</script>',
            f"<script>{asset(CHART_LIBRARY)}</script>",
            f"<script>{asset('page.js')}</script>",
            "</body>\n</html>\n",
        )
    )


def body(run: Run) -> Iterable[str]:
    yield header(run)
    yield from bands(run)
    yield summary(run)
    yield sleeve_table(run)
    yield chart(run)
    yield verdict_table(run.verdicts)
    yield bullets("Assumptions", run.assumptions, "None beyond the rules of the language.")
    yield bullets("Notes", tuple(filter(None, (*run.notes, aggregation_note(run)))), "")
    yield sources(run.prices)
    yield round_trip_table(run)
    yield footer(run)


# ── what makes the page safe ─────────────────────────────────────────────────────────────────────────────────────────


def text(value: str) -> str:
    """Any string as visible text, also within an attribute."""
    return escape(readable(value), quote=True)


def embedded_json(run: Run) -> str:
    """JSON that cannot end its script element: a `<` occurs only within strings, and is written as an escape."""
    written = json.dumps(chart_data(run), ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return written.replace("<", "\\u003c")


@cache
def asset(name: str) -> str:
    """A text file of this package. It is written inside an element, so it may not close one."""
    content = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    return content.replace("\r\n", "\n")


@cache
def content_policy() -> str:
    scripts = " ".join(source_hash(asset(name)) for name in (CHART_LIBRARY, "page.js"))
    styles = " ".join(source_hash(style) for style in (asset("page.css"), logo_style()))
    return (
        f"default-src 'none'; script-src {scripts}; style-src {styles}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def logo_style() -> str:
    """The style sheet that the chart library adds for its attribution logo."""
    (style,) = re.findall(r'\.innerText="(a#tv-attr-logo\{[^"]*)"', asset(CHART_LIBRARY))
    return str(style)


def source_hash(content: str) -> str:
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"


# ── what the page says ───────────────────────────────────────────────────────────────────────────────────────────────


def header(run: Run) -> str:
    symbols = ", ".join(prices.symbol for prices in run.prices)
    zone = run.prices[0].zone if run.prices else "UTC"
    times = run.curve.closes_utc_ns
    span = f"{day(times[0], zone)} to {day(times[-1], zone)}" if times else "no bars"
    return (
        f"<header><h1>{text(run.strategy)}</h1>"
        f"<p>Backtest of {text(symbols)}, {span}, {sum(len(prices.close) for prices in run.prices):,} bars. "
        f"Law: {text(run.law)}.</p>"
        f'<p class="quiet">stratc {text(run.stratc_version)} · artefact {text(run.artefact_digest)} · '
        f"data {text(run.data_digest)}</p></header>"
    )


def bands(run: Run) -> Iterable[str]:
    """What must be seen before any figure."""
    if run.backtest_only:
        yield f'<p class="band" role="alert">Backtest only: {text(run.backtest_only)}</p>'
    made_up = ", ".join(prices.symbol for prices in run.prices if prices.synthetic)
    if made_up:
        yield f'<p class="band">Synthetic prices: {text(made_up)} never traded like this.</p>'


def summary(run: Run) -> str:
    cells = (
        f"<div><dt>{text(name)}</dt><dd>{text(value)}{f'<small>{text(note)}</small>' if note else ''}</dd></div>"
        for name, value, note in figures(run, measure(run))
    )
    return f'<section><h2>Summary</h2><dl class="figures">{"".join(cells)}</dl></section>'


def sleeve_table(run: Run) -> str:
    """The sleeves of a book; nothing for a strategy alone."""
    if not run.sleeves:
        return ""
    heads = "".join(f"<th{'' if head == HEADS[0] else NUMBER}>{head}</th>" for head in HEADS)
    rows = "".join(
        "<tr>" + "".join(f"<td{NUMBER if at else ''}>{text(cell)}</td>" for at, cell in enumerate(row)) + "</tr>"
        for row in sleeve_rows(run)
    )
    return (
        '<section><h2>Sleeves</h2><div class="scroll"><table>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div></section>"
    )


def chart(run: Run) -> str:
    marks = (("buy", "▲ buy"), ("sell", "▼ sell"), ("stop", "■ stop"), ("target", "● target"))
    lines = (("equity", "— equity"), ("idle", "— buy and hold"), ("fall", "— drawdown"))
    key = "".join(f'<b class="{name}">{label}</b>' for name, label in marks + lines)
    zones = ", ".join(dict.fromkeys(prices.zone for prices in run.prices))
    return (
        f'<section><h2>Prices, fills and equity</h2><div class="key">{key}<span class="controls">'
        '<select id="instrument" aria-label="instrument" hidden></select> '
        f'<button id="whole" type="button">whole run</button></span><span class="quiet">{len(run.fills):,} fills; '
        f"times in {text(zones or 'UTC')}</span></div>"
        '<div class="readout" id="readout"></div>'
        '<div class="stage"><div class="chart" id="chart"></div><div class="hover" id="hover" hidden></div></div>'
        "<noscript><p>The chart is drawn by a script; everything else on this page reads without.</p></noscript>"
        "</section>"
    )


def verdict_table(verdicts: tuple[RuleVerdict, ...]) -> str:
    if not verdicts:
        return "<section><h2>Rules</h2><p>No rule pack was in force.</p></section>"
    rows = "".join(
        f'<tr><td>{text(verdict.rule)}</td><td class="status {verdict.status}">{verdict.status.replace("_", " ")}</td>'
        f'<td class="because">{text(verdict.because)}</td><td>{text(verdict.citation)}</td>'
        f"<td>{verdict.changes_on or 'no date known'}</td><td>{text(guard(verdict))}</td></tr>"
        for verdict in verdicts
    )
    heads = "".join(f"<th>{name}</th>" for name in ("Rule", "Verdict", "Because", "Citation", "May change on", "Guard"))
    return (
        '<section><h2>Rules</h2><div class="scroll"><table>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div></section>"
    )


def guard(verdict: RuleVerdict) -> str:
    """What the guard of a rule did in this run."""
    if verdict.checked is None:
        return "none needed" if verdict.status != "violated" else "none"
    return f"{verdict.checked:,} checked, {verdict.denied or 0:,} denied"


def bullets(title: str, lines: tuple[str, ...], otherwise: str) -> str:
    if not lines:
        return f"<section><h2>{title}</h2><p>{otherwise}</p></section>" if otherwise else ""
    items = "".join(f"<li>{text(line)}</li>" for line in lines)
    return f"<section><h2>{title}</h2><ul>{items}</ul></section>"


def sources(prices: tuple[Prices, ...]) -> str:
    lines = (f"{instrument.symbol}: {instrument.source}. Licence: {instrument.licence}" for instrument in prices)
    return bullets("Data", tuple(lines), "No prices.")


def round_trip_table(run: Run) -> str:
    if not run.round_trips:
        return ""
    listed = run.round_trips[:ROUND_TRIPS_LISTED_MAX]
    left_out = len(run.round_trips) - len(listed)
    note = f"<p>The first {len(listed):,}; {left_out:,} more are not listed here.</p>" if left_out else ""
    zones = {prices.symbol: prices for prices in run.prices}
    rows = "".join(round_trip_row(trip, zones.get(trip.symbol), run.currency) for trip in listed)
    heads = "".join(
        f'<th class="{kind}">{name}</th>'
        for name, kind in (
            ("Instrument", ""), ("Side", ""), ("Quantity", "number"), ("Opened", ""), ("at", "number"), ("Closed", ""),
            ("at", "number"), ("Bars", "number"), ("Term", ""), ("Fees", "number"), ("Profit", "number"),
            ("In by", ""), ("Out by", ""),
        )
    )  # fmt: skip
    return (
        f'<details><summary>{len(run.round_trips):,} round trips</summary><div class="scroll"><table><thead><tr>{heads}'
        f"</tr></thead><tbody>{rows}</tbody></table></div>{note}</details>"
    )


def round_trip_row(trip: RoundTrip, prices: Prices | None, currency: str) -> str:
    def when(at_utc_ns: int) -> str:
        if prices is None:
            return moment(at_utc_ns, "UTC")
        return f"{local(at_utc_ns, prices.zone):%Y-%m-%d}" if prices.daily else moment(at_utc_ns, prices.zone)

    cells = (
        (f"{trip.symbol} of {trip.pair}" if trip.pair else trip.contract or trip.symbol, ""),
        ("long" if trip.side == "buy" else "short", ""), (quantity(trip.quantity), "number"),
        (when(trip.opened_utc_ns), ""), (f"{trip.open_price:,f}", "number"),
        (when(trip.closed_utc_ns), ""), (f"{trip.close_price:,f}", "number"),
        (f"{trip.bars_held:,}", "number"), ("long" if trip.long_term else "short", ""), (f"{trip.fees:,.2f}", "number"),
        (signed_money(trip.pnl, currency), "number"), (trip.rule_in, ""), (trip.rule_out, ""),
    )  # fmt: skip
    return "<tr>" + "".join(f'<td class="{kind}">{text(value)}</td>' for value, kind in cells) + "</tr>"


def footer(run: Run) -> str:
    label = f"<p><strong>Backtest only:</strong> {text(run.backtest_only)}</p>" if run.backtest_only else ""
    return (
        f"<footer>{label}<p><strong>{text(HYPOTHETICAL)}</strong></p><p>{text(NOT_ADVICE)}</p>"
        '<p class="quiet">Charts by TradingView Lightweight Charts™, Copyright © 2026 TradingView, Inc., '
        "Apache License 2.0, https://www.tradingview.com/</p></footer>"
    )
