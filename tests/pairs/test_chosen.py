"""What pairs are: each with places of its own in its two legs, netted where they share a member."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from random import Random

import pytest

from stratc.compiler.driver import compile_source
from stratc.compiler.ir.nodes import BookWord, OfLeg
from stratc.compiler.ir.uses import comparing, joining, tried
from stratc.compiler.judge import judge
from stratc.compiler.judge.bounds import sheet_of
from stratc.compiler.judge.sizes import read_shape
from stratc.compiler.judge.verdict import Status
from stratc.compiler.reports.explain import explain
from stratc.compiler.resolve.header import PAIR_MEMBERS_MAX
from stratc.compiler.shell.packs import load_all_packs
from stratc.compiler.workbench import compile_source as compile_with_blocks
from stratc.compiler.workbench import with_blocks
from stratc.dsl.printer import format_source
from stratc.dsl.source import Source
from stratc.runtime.engine import codes
from stratc.runtime.executor.scale import RunRefused
from stratc.runtime.executor.sleeves import meetings
from stratc.runtime.executor.terms import AccountKind
from tests.books.making import FIRST_DAY, bars_of, machine_for, run, split_of
from tests.books.reading import LOGS, account_alone, logged
from tests.differential.compiled import compile_programs
from tests.judge.strategies import account_of
from tests.pairs.making import MARGIN, MEMBERS, program_of, random_pairs

OPEN = (
    "rule open\n  when flat and {}\n  then both of\n"
    "         buy   {} of one, at next open\n         short {} of other, at next open, after locate\n"
)
CLOSE = "rule close\n  when not flat and {}\n  then exit all at next open\n"
THREE = MEMBERS[:3]


def flat_days(*closes: float) -> list[tuple[float, float]]:
    """Days that open at the close before."""
    return [(before, close) for before, close in zip((closes[0], *closes), closes, strict=False)]


# ── by hand ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.fast
def test_every_pair_has_two_places_in_the_order_of_the_names():
    program = program_of(
        OPEN.format("close of one > 0 USD", "1_000 USD", "1_000 USD") + CLOSE.format("bars_held > 3 bars")
    )
    names = list(zip(program.instruments[::2], program.instruments[1::2], strict=True))
    assert names == [
        ("KO", "PEP"),
        ("KO", "MCD"),
        ("KO", "YUM"),
        ("PEP", "MCD"),
        ("PEP", "YUM"),
        ("MCD", "YUM"),
    ]
    assert (program.pairs, program.shares, list(tried(program))) == (True, True, [0, 2, 4, 6, 8, 10])


@pytest.mark.fast
def test_three_pairs_by_hand():
    """KO is above 90 on every day, so every pair of it opens on the first: KO/PEP and KO/MCD buy 10 KO each, at one
    open of 100 + 0.01 + 0.02 = 100.03, rounded up to 100.03; PEP is below it, so PEP/MCD never opens. Both pairs are
    flat no more, so nothing opens twice. On the day on which PEP is 52 the pair KO/PEP closes, and KO/MCD does not.
    """
    body = OPEN.format("close of one > 90 USD", "1_000 USD", "500 USD") + CLOSE.format("close of other > 51 USD")
    program = program_of(body, THREE)
    prices = {
        "KO": flat_days(100, 100, 100, 100, 100),
        "PEP": flat_days(50, 50, 52, 50, 50),
        "MCD": flat_days(50, 50, 50, 50, 50),
    }
    done = run(program, bars_of(prices, program), MARGIN)
    told = [(f.instrument, int(f.side), int(f.quantity), str(f.price), str(f.fee)) for f in done.fills()]
    assert told == [
        ("KO", 1, 10, "100.03", "0.50"),
        ("PEP", -1, 10, "49.98", "1.00"),
        ("KO", 1, 10, "100.03", "0.50"),
        ("MCD", -1, 10, "49.98", "1.00"),
        ("KO", -1, 10, "99.97", "1.00"),
        ("PEP", 1, 10, "52.03", "1.00"),
        ("KO", 1, 10, "100.03", "1.00"),
        ("PEP", -1, 10, "49.98", "1.00"),
    ]
    assert [trip.pair for trip in done.round_trips()] == ["KO/PEP", "KO/PEP"]


@pytest.mark.fast
def test_pairs_that_meet_trade_inside():
    """PEP is bought by PEP/MCD and sold short by KO/PEP at the same open: 10 shares each, so the account sends nothing
    in PEP, both fill at the plain open and neither pays a commission."""
    program = program_of(OPEN.format("close of one > 0 USD", "10 shares", "10 shares"), THREE)
    done = run(program, bars_of(dict.fromkeys(THREE, flat_days(100, 100, 100)), program), MARGIN)
    inside = [(int(f.side), str(f.price), str(f.fee)) for f in done.fills() if f.instrument == "PEP"]
    assert inside == [(-1, "100.00", "0.00"), (1, "100.00", "0.00")]
    assert [(each.symbol, int(each.inside)) for each in meetings(done)] == [("PEP", 10)]


@pytest.mark.fast
@pytest.mark.parametrize(("best", "pairs"), [(1, ["KO/MCD"]), (2, ["KO/MCD", "PEP/MCD"])])
def test_the_closest_are_chosen_and_of_equals_the_first(best, pairs):
    """By close the distances are KO/PEP 20, KO/MCD 10, PEP/MCD 10: of the two that are equal KO/MCD stands first."""
    body = (
        "let distance = abs(close of one / 1 USD - close of other / 1 USD)\n"
        f"let chosen = rank(-distance) across pairs <= {best}\n"
        + OPEN.format("chosen", "10 shares", "10 shares")
        + CLOSE.format("close of one > 500 USD or close of other > 500 USD")
    )
    program = program_of(body, THREE)
    prices = {"KO": flat_days(100, 100, 600, 600), "PEP": flat_days(80, 80, 600, 600), "MCD": flat_days(90, 90, 90, 90)}
    done = run(program, bars_of(prices, program), MARGIN)
    assert list(dict.fromkeys(trip.pair for trip in done.round_trips())) == pairs


@pytest.mark.fast
def test_a_pair_whose_value_is_unknown_is_not_ranked():
    """PEP has no bar on the day of the decision: its pairs are left out, and KO/MCD is the first of one."""
    body = "let chosen = rank(-abs(close of one / 1 USD - close of other / 1 USD)) across pairs <= 1\n"
    body += OPEN.format("chosen", "10 shares", "10 shares")
    program = program_of(body, THREE)
    prices = {"KO": flat_days(100, 100), "PEP": [(-1.0, 100.0), (100.0, 100.0)], "MCD": flat_days(90, 90)}
    done = run(program, bars_of(prices, program), MARGIN)
    assert Counter(f.instrument for f in done.fills()) == {"KO": 1, "MCD": 1}


@pytest.mark.fast
def test_a_pair_is_entered_where_both_legs_have_a_bar_and_closed_where_one_has():
    """PEP has no bar on the second and the fifth day: KO/PEP is entered a day later, and closed with KO/MCD."""
    body = OPEN.format("close of one < 103 USD", "10 shares", "10 shares") + CLOSE.format("close of one >= 105 USD")
    program = program_of(body, THREE)
    prices = {
        "KO": flat_days(104, 102, 102, 103, 105, 105, 105),
        "PEP": [(-1.0 if day in {1, 4} else 102.0, 102.0) for day in range(7)],
        "MCD": flat_days(*[104] * 7),
    }
    done = run(program, bars_of(prices, program), MARGIN)
    entered = {trip.pair: trip.acquired_on for trip in done.round_trips()}
    assert entered["KO/MCD"] < entered["KO/PEP"]
    closed = Counter((trip.pair, trip.disposed_on) for trip in done.round_trips())
    assert set(closed.values()) == {2}
    assert {pair for pair, _ in closed} == {"KO/PEP", "KO/MCD"}
    assert len({day for _, day in closed}) == 1


@pytest.mark.fast
def test_a_halt_closes_every_leg_of_every_pair():
    """KO falls by a fifth after two pairs bought 500 of it each: a tenth of equity. All closes at one open."""
    body = OPEN.format("close of one > 70 USD", "50_000 USD", "50_000 USD")
    body += CLOSE.format("bars_held > 30 bars") + "halt at drawdown 5% of peak equity, flatten, until released\n"
    program = program_of(body, THREE)
    prices = {"KO": flat_days(100, 100, 80, 80, 80, 80), "PEP": flat_days(*[50] * 6), "MCD": flat_days(*[50] * 6)}
    done = run(program, bars_of(prices, program), MARGIN)
    assert Counter(trip.pair for trip in done.round_trips()) == {"KO/PEP": 2, "KO/MCD": 2}
    net = Counter[str]()
    for fill in done.fills():
        net[fill.instrument] += int(fill.side) * int(fill.quantity)
    assert set(net.values()) == {0}


@pytest.mark.fast
def test_half_of_both_legs_is_closed_by_half():
    body = OPEN.format("close of one < 101 USD", "10 shares", "6 shares")
    body += "rule close\n  when not flat and bars_held >= 1 bars\n  then exit half at next open\n"
    program = program_of(body, MEMBERS[:2])
    done = run(program, bars_of(dict.fromkeys(MEMBERS, flat_days(100, 102, 102, 102)), program), MARGIN)
    assert [(f.instrument, int(f.side) * int(f.quantity)) for f in done.fills()] == [
        ("KO", 10),
        ("PEP", -6),
        ("KO", -5),
        ("PEP", 3),
    ]


# ── at random ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("seed", range(30))
def test_pairs_come_to_the_account(seed):
    """The account's money is what its net orders alone come to, in Decimal."""
    program, prices = random_pairs(seed)
    events = split_of(program, "KO", 40) if seed % 3 == 0 else ()
    done = run(program, bars_of(prices, program, events), MARGIN)
    assert account_alone(done) == done.scale.money(done.totals[codes.TOTALS + 1])


def test_the_random_pairs_reach_what_they_are_for():
    """Orders that meet inside and in full, entries that are denied and take their pair with them, and many fills."""
    done = [run(program, bars_of(prices, program), MARGIN) for program, prices in map(random_pairs, range(30))]
    met = [meeting for each in done for meeting in meetings(each)]
    assert len(met) > 100
    assert any(each.bought == each.sold for each in met)
    assert sum(len(each.denial_log) for each in done) > 0
    assert sum(len(each.fill_log) // codes.FILL_WIDTH > 50 for each in done) > 12
    for each in done:
        _no_leg_is_ever_entered_alone(each)


def _no_leg_is_ever_entered_alone(done) -> None:
    """Every entry that was not canceled has its partner: the other leg of its pair, of the same rule and row."""
    width, numbers = codes.PLACED_WIDTH, list(done.order_log)
    placed = Counter()
    for row in (numbers[at : at + width] for at in range(0, len(numbers), width)):
        if row[codes.PLACED_ROLE] == codes.ROLE_ENTRY and row[codes.PLACED_STATUS] != codes.STATUS_CANCELED:
            pair, leg = divmod(row[codes.PLACED_INSTRUMENT], 2)
            placed[(row[codes.PLACED_ROW], row[codes.PLACED_RULE], pair)] += 1 if leg else -1
    assert set(placed.values()) <= {0}


@pytest.mark.parametrize("seed", range(12))
def test_a_cut_leaves_everything_before_as_it_was(seed):
    program, prices = random_pairs(seed)
    at = Random(seed).randrange(25, 65)
    events = split_of(program, "KO", 40) if seed % 2 else ()
    before = tuple(each for each in events if each.day < FIRST_DAY + at)
    whole = run(program, bars_of(prices, program, events), MARGIN)
    cut = run(program, bars_of({name: each[:at] for name, each in prices.items()}, program, before), MARGIN)
    rows = len(cut.equity)
    assert {log: logged(whole, log, rows) for log in LOGS} == {log: logged(cut, log, rows) for log in LOGS}
    assert list(whole.equity[:rows]) == list(cut.equity)


@pytest.mark.compiled
def test_compiled_pairs_are_the_same(tmp_path):
    made = [random_pairs(seed) for seed in range(8)]
    module = compile_programs([program for program, _ in made], tmp_path)
    for number, (program, prices) in enumerate(made):
        market = bars_of(prices, program, split_of(program, "KO", 40) if number % 2 else ())
        one, other = (
            run(program, market, MARGIN),
            run(program, market, MARGIN, machine=machine_for(module, number, program, len(market.rows))),
        )
        for log in ("fill_log", "closing_log", "order_log", "denial_log", "carry_log", "note_log", "totals", "brought"):
            assert list(getattr(one, log)) == list(getattr(other, log)), (number, log)
        assert list(one.equity) == list(other.equity)


# ── what is said of them ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.fast
def test_what_compares_pairs_is_computed_last():
    program = random_pairs(0)[0]
    compared = comparing(program)
    assert compared < joining(program)
    assert all(not isinstance(program.nodes[node].operation, OfLeg) for node in compared)


@pytest.mark.fast
@pytest.mark.parametrize("members", [MEMBERS[:2], THREE])
def test_nothing_is_proved_of_a_pair_from_its_being_flat(members):
    """A leg's `flat` says nothing of the share in other pairs, and two entries are placed at once."""
    program = program_of(OPEN.format("close of one > 0 USD", "10% of equity", "10% of equity"), members)
    shape = read_shape(program)
    assert (shape.needs_flat, shape.one_leg, shape.position, shape.gross) == (False, False, None, None)
    assert (shape.buys, shape.shorts, shape.one_sided) == (True, True, False)
    sheet = sheet_of(program, AccountKind.MARGINED, None)
    assert (sheet.position.multiple, sheet.gross.multiple) == (None, None)


@pytest.mark.fast
def test_parts_of_shares_are_not_shared_out():
    program = program_of(OPEN.format("close of one > 0 USD", "10 shares", "10 shares"), THREE)
    split = tuple(each for each in split_of(program, "KO", 2) if each.new)
    events = tuple(replace(each, new=3, old=2) for each in split)
    with pytest.raises(RunRefused, match="parts of shares to several pairs"):
        run(program, bars_of(dict.fromkeys(THREE, flat_days(100, 100, 100)), program, events), MARGIN)


@pytest.mark.fast
def test_as_many_members_as_are_written_down():
    names = tuple(f"A{chr(65 + k)}" for k in range(PAIR_MEMBERS_MAX))
    program = program_of(OPEN.format("close of one > 0 USD", "10 shares", "10 shares"), names)
    assert len(program.instruments) == PAIR_MEMBERS_MAX * (PAIR_MEMBERS_MAX - 1)


@pytest.mark.fast
def test_words_of_a_pair_are_of_both_legs():
    body = OPEN.format("close of one > 0 USD", "10 shares", "10 shares") + CLOSE.format(
        "open_profit > 5 USD and bars_held > 2 bars"
    )
    program = program_of(body)
    found = [node.operation for node in program.nodes if hasattr(node.operation, "word")]
    for word in (BookWord.FLAT, BookWord.OPEN_PROFIT, BookWord.BARS_HELD):
        assert {each.leg for each in found if each.word is word} == {0, 1}


def told(text: str) -> list[str]:
    return [each.code for each in compile_source(Source("pairs.strat", text)).diagnostics if each.severity == "error"]


TEXT = (
    'strategy "Pairs"\ntrade   pairs of {} on 1 day\naccount margin USD\n'
    + OPEN.format("close of one > 9 USD", "10 shares", "10 shares")
    + CLOSE.format("{}")
)


@pytest.mark.fast
@pytest.mark.parametrize(
    ("members", "leaves", "codes_told"),
    [
        (", ".join(THREE), "bars_held > 3 bars", []),
        (", ".join(f"A{chr(65 + k)}" for k in range(PAIR_MEMBERS_MAX + 1)), "bars_held > 3 bars", ["N260"]),
        ("KO, PEP, KO", "bars_held > 3 bars", ["N214"]),
        (", ".join(THREE), "(close of one) at entry > 5 USD", ["N261"]),
        (", ".join(THREE), "highest(close) since entry > 5 USD", ["N261", "T400"]),
        (", ".join(THREE), "close of one > 2 * 3 ticks", ["T301", "T400"]),
        (", ".join(THREE), "vwap() > 5 USD", ["T400"]),
        (", ".join(THREE), "position of one > 5 shares", ["T345"]),
    ],
)
def test_what_is_told_of_pairs(members, leaves, codes_told):
    assert told(TEXT.format(members, leaves)) == codes_told


@pytest.mark.fast
def test_pairs_are_no_sleeve():
    files = {"a.strat": TEXT.format(", ".join(THREE), "bars_held > 3 bars")}
    text = 'book "Book"\naccount margin USD\n\nsleeve "a.strat" with 40% of equity\n'
    found = compile_with_blocks(with_blocks(Source("book.strat", text), files.get)).diagnostics
    assert "N244" in [each.code for each in found]


@pytest.mark.fast
def test_the_names_of_legs_are_free_elsewhere():
    """`one` is a word behind `of` only."""
    text = 'strategy "One"\ntrade   SPY on 1 day\naccount cash USD\ninput one = 2\n'
    rules = "rule a\n  when flat and one * close > 5 USD\n  then buy 10 shares\nrule b\n  when long\n  then exit all\n"
    assert told(text + rules) == []


@pytest.mark.fast
def test_a_pair_is_said_in_plain_english():
    body = "let near = rank(-abs(close of one / close of other)) across pairs <= 1\n\n"
    body += OPEN.format("near", "10 shares", "10 shares") + "\n" + CLOSE.format("bars_held > 3 bars")
    text = f'strategy "Pairs"\ntrade   pairs of {", ".join(THREE)} on 1 day\naccount margin USD\n\n{body}'
    compilation = compile_source(Source("pairs.strat", text))
    said = explain(compilation.checked, compilation.program)
    for words in (
        "Trades every pair of KO, PEP, MCD on bars of 1 day",
        "every rule is tried for each of the 3 pairs",
        "the pair's rank by",
        "exit the whole position of both legs",
        "buys less sells",
        "L-pairs-netted",
        "L-leg-risk",
    ):
        assert words in said, words
    assert format_source(Source("pairs.strat", text)) == text


@pytest.mark.parametrize("members", [MEMBERS[:2], THREE])
def test_no_rule_of_the_account_is_proved_of_pairs(members):
    """Each that is in force is guarded: no search is made, and nothing is taken as proved."""
    body = OPEN.format("close of one > 0 USD", "10% of equity", "10% of equity") + CLOSE.format("bars_held > 3 bars")
    program = program_of(body + "cap leverage 1x\n", members)
    judged = judge(program, account_of(equity="8_000"), date(2026, 6, 1), load_all_packs(()))
    found = {each.rule: each.status for each in judged.verdicts if each.status is not Status.NOT_APPLICABLE}
    assert found.keys() >= {"us.finra.minimum_equity", "us.finra.pattern_day_trader", "us.reg_t.initial_margin"}
    assert set(found.values()) == {Status.GUARDED}
