"""What holds for every stem, found and driven without being named."""

from __future__ import annotations

import subprocess
import sys
from math import isnan, nan

import pytest

from stratc.dsl.stdlib import catalogue
from tests.stdlib.series import SESSION_BARS, make_inputs, make_params, run, same

# How a stem treats a bar with something missing. A window of bars is the rule and needs no line here.
STEPS_OVER = {
    "session_stdev",
    "shadow_long",
    "shadow_short",
    "volatility",
    "ad",
    "adx",
    "adxr",
    "atr",
    "chaikin_oscillator", "chandelier", "choppiness", "cmo", "connors_rsi", "coppock",
    "dema", "dx", "elder_ray", "ema",
    "ewma_volatility", "fisher", "force_index", "heikin_ashi", "ichimoku", "kama",
    "kalman", "keltner", "kst", "log", "macd",
    "mass_index", "mfi", "natr", "obv",
    "ppo", "price_volume_trend", "rma",
    "rsi",
    "sar",
    "stochastic_rsi", "supertrend", "t3", "tema", "trix", "true_range",
    "tsi", "ultimate_oscillator", "vortex", "vwap",
    "vwap_bands",
}  # fmt: skip
READS_TWO_BARS = {"momentum", "roc"}

pytestmark = pytest.mark.fast


@pytest.fixture(params=catalogue.names())
def indicator(request):
    return catalogue.lookup(request.param)


def test_the_library_is_what_the_folder_holds():
    assert catalogue.names() == tuple(sorted(set(catalogue.names())))
    assert {"ema", "macd", "percent_rank"} <= set(catalogue.names())
    assert not {"catalogue", "series", "signature"} & set(catalogue.names())


def test_an_unknown_name_is_none():
    assert catalogue.lookup("smaa") is None


def test_nothing_is_imported_before_it_is_asked_for():
    """A stem, and what it is built of: the breadth of the library costs no program anything."""
    code = (
        "import sys\nfrom stratc.dsl.stdlib import catalogue\n"
        "def stems():\n    return [n for n in catalogue.names() if f'stratc.dsl.stdlib.{n}' in sys.modules]\n"
        "print(stems())\ncatalogue.lookup('slope')\nprint(stems())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "[]\n['slope', 'wma']\n", done.stderr


def test_a_kernel_comes_after_what_it_needs():
    assert catalogue.needed("sma") == ("sma",)
    assert catalogue.needed("stochastic") == ("highest", "lowest", "sma", "stochastic")
    for name in catalogue.names():
        order = catalogue.needed(name)
        assert all(set(catalogue.needed(stem)) <= set(order[: i + 1]) for i, stem in enumerate(order))


BROKEN = {
    "no_declaration": ('"""no_declaration(x): nothing."""\n', "must declare an INDICATOR"),
    "other_name": (
        '"""other_name(x): of another."""\nfrom stratc.dsl.stdlib.sma import INDICATOR\n',
        "must declare an INDICATOR",
    ),
    "no_page": (
        "from dataclasses import replace\nfrom stratc.dsl.stdlib import sma\n"
        'INDICATOR = replace(sma.INDICATOR, name="no_page")\n',
        "must open with its page",
    ),
    "no_kernel": (
        '"""no_kernel(x): alone."""\nfrom dataclasses import replace\nfrom stratc.dsl.stdlib import sma\n'
        'INDICATOR = replace(sma.INDICATOR, name="no_kernel")\n',
        "write no_kernel.pxd",
    ),
}


@pytest.mark.parametrize("stem", BROKEN)
def test_a_broken_stem_is_named(stem, tmp_path):
    """In a process of its own: a folder with one broken stem joins the package."""
    text, message = BROKEN[stem]
    (tmp_path / f"{stem}.py").write_text(text)
    code = (
        "import sys\nfrom stratc.dsl import stdlib\nfrom stratc.dsl.stdlib import catalogue\n"
        "stdlib.__path__.append(sys.argv[1])\n"
        "try:\n    catalogue.lookup(sys.argv[2])\nexcept catalogue.StemError as problem:\n    print(problem)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path), stem], capture_output=True, text=True)
    assert message in done.stdout, done.stderr


def test_the_page_tells_all(indicator):
    page = catalogue.page(indicator.name)
    given = [part.name for part in indicator.inputs if not part.column]
    constants = [p.name if p.default is None else f"{p.name} = {p.default:g}" for p in indicator.params]
    assert page.startswith(f"{indicator.name}({', '.join(given + constants)}): ")
    formula = [line for line in page.splitlines() if line.startswith("    ")]
    assert formula, "the formula is an indented block"
    for output in indicator.outputs:
        assert any(line.split()[0] == output.name for line in formula), f"no formula of {output.name}"
    for word in ("Warm-up:", "missing", "Source:"):
        assert word in page


def test_the_declaration_is_sound(indicator):
    assert indicator.inputs
    assert indicator.outputs
    names = [part.name for part in (*indicator.inputs, *indicator.params, *indicator.outputs)]
    assert len({*names}) == len(names), "a name is written once"
    for param in indicator.params:
        assert param.at_least <= param.at_most
        assert param.default is None or param.at_least <= param.default <= param.at_most
    columns = [bool(part.column) for part in indicator.inputs]
    assert columns == sorted(columns), "arguments come before columns"


@pytest.mark.parametrize("step", range(4))
def test_the_first_known_value_is_at_the_warm_up(indicator, step):
    params = make_params(indicator, step)
    first = indicator.warmup(*params) - 1
    for row in run(indicator, make_inputs(indicator, first + 50), params):
        assert [isnan(x) for x in row] == [True] * first + [False] * 50


def test_the_warm_up_of_the_longest_window(indicator):
    params = [param.at_most for param in indicator.params]
    first = indicator.warmup(*params) - 1
    for row in run(indicator, make_inputs(indicator, first + 1), params):
        assert [i for i, x in enumerate(row) if not isnan(x)] == [first]


def test_it_is_driven_a_bar_at_a_time(indicator):
    rows, pulled = make_inputs(indicator, 60), [0] * len(indicator.inputs)

    def watch(k):
        for x in rows[k]:
            pulled[k] += 1
            yield x

    values = indicator.reference(*(watch(k) for k in range(len(rows))), *make_params(indicator, 2))
    for bar, _ in enumerate(values, start=1):
        assert pulled == [bar] * len(rows)
    assert pulled == [60] * len(rows)


def test_a_value_never_depends_on_a_later_one(indicator):
    params, rows = make_params(indicator, 2), make_inputs(indicator, 80)
    whole = run(indicator, rows, params)
    for cut in range(1, 80, 7):
        other = [row[:cut] + [x * 3.0 for x in row[cut:]] for row in rows]
        for row, changed in zip(whole, run(indicator, other, params), strict=True):
            assert same(row[:cut], changed[:cut])


def with_gap(rows, k, bar):
    return [[nan if i == bar and j == k else x for i, x in enumerate(row)] for j, row in enumerate(rows)]


@pytest.mark.parametrize("bar", [1, 41, 90])
def test_a_missing_value_is_kept_where_it_belongs(indicator, bar):
    """Whichever input it is: unknown there; then stepped over, or begun anew, or missed again once."""
    params, rows = make_params(indicator, 2), make_inputs(indicator, 130)
    assert bar % SESSION_BARS
    for k in range(len(rows)):
        outputs = run(indicator, with_gap(rows, k, bar), params)
        assert all(isnan(row[bar]) for row in outputs)
        for row, wanted in zip(outputs, expect(indicator, rows, params, bar), strict=True):
            assert same(row[:bar] + row[bar + 1 :], wanted)


def expect(indicator, rows, params, bar):
    """The outputs without those of the bar on which something is missing."""
    before = [row[:bar] for row in rows]
    after = [row[bar + 1 :] for row in rows]
    if indicator.name in STEPS_OVER:
        return run(indicator, [a + b for a, b in zip(before, after, strict=True)], params)
    if indicator.name in READS_TWO_BARS:
        whole, back = run(indicator, rows, params), bar + params[0]
        return [row[:bar] + row[bar + 1 : back] + [nan] + row[back + 1 :] for row in whole]
    return [a + b for a, b in zip(run(indicator, before, params), run(indicator, after, params), strict=True)]


def test_nothing_known_gives_nothing_known(indicator):
    for row in run(indicator, [[nan] * 60 for _ in indicator.inputs], make_params(indicator, 1)):
        assert all(isnan(x) for x in row)


def test_an_empty_series_gives_an_empty_one(indicator):
    assert run(indicator, [[] for _ in indicator.inputs], make_params(indicator, 1)) == [[] for _ in indicator.outputs]
