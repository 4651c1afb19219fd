"""Small rules for the kit's tests, written as a person would."""

from __future__ import annotations

from stratc.compiler.judge.pack import Pack, read_pack
from stratc.compiler.judge.rulefile import SECTIONS, RuleFile, read_rule_file

FRONT = (
    "---\nid: house.{name}\nseverity: house\nauthority: house\nkind: limit\nbinds: me\ncitation: desk\n---\n# {name}\n"
)
PACK_TOML = 'id = "house.desk"\ntitle = "t"\njurisdiction = "US"\nauthority = "house"\nowner = "o"\nversion = "1"\n'
HEADINGS = "\n".join(f"## {heading}\n" for heading in SECTIONS)

FEW_TRIPS = """
param trips = 2 from 2020-01-01 cite "desk" confidence V retrieved 2020-01-01

rule few_trips "At most two round trips in five days"
  in force from 2020-01-01
  applies where instrument is a security

  at closing fill require count of closing fill in last 5 business days <= trips
  on breach warn
"""
RICH_ENOUGH = """
param floor = 1_000 USD from 2020-01-01 cite "desk" confidence V retrieved 2020-01-01

rule rich_enough "No opening below a thousand"
  in force from 2020-01-01 until 2030-01-01
  applies where account.type is margin

  at opening order require equity >= floor
  except cash_covers where broker.name is a_bank: cash >= 500 USD
  guard at opening order: deny when equity < floor
"""
WELL_TESTED = """
scenario "two are allowed"
  day 1: buy 2 ABC @ 10; exit 1 ABC @ 10
  day 5: exit 1 ABC @ 10
  expect ok

scenario "the third within five days is not"
  day 1: buy 3 ABC @ 10; exit 1 ABC @ 10
  day 2: exit 1 ABC @ 10
  day 5: exit 1 ABC @ 10
  expect violated on day 5

scenario "and is on the sixth"
  day 1: buy 3 ABC @ 10; exit 1 ABC @ 10
  day 2: exit 1 ABC @ 10
  day 6: exit 1 ABC @ 10
  expect ok

scenario "not before the day" given as_of = 2019-12-31
  day 1: buy 3 ABC @ 10; exit 3 ABC @ 10
  expect not applicable

scenario "pairs are no securities"
  day 1: buy 3 EUR/USD @ 1; exit 3 EUR/USD @ 1
  expect not applicable
"""


def rule_of(block: str, name: str = "small") -> RuleFile:
    """A rule file around a block; it has no problem."""
    return read_rule_file(f"{name}.md", text_of(block, name))


def text_of(block: str, name: str = "small") -> str:
    return f"{FRONT.format(name=name)}{HEADINGS}\n```rule\n{block}\n```\n"


def pack_of(**blocks: str) -> Pack:
    return read_pack("desk", texts_of(**blocks))


def texts_of(**blocks: str) -> dict[str, str]:
    files = {f"{name}.md": text_of(block, name) for name, block in blocks.items()}
    return {"pack.toml": PACK_TOML, **files}
