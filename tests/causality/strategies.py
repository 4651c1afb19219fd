"""Made-up strategies as texts: the phrases of a world, shuffled and dealt to its strategies, so that none is left out.

A round deals every phrase of every world once: `ROUND` seeds in a row use the whole language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from tests.causality import phrases
from tests.causality.worlds import WORLDS, World

PLACES = [(world, hand) for world in WORLDS for hand in range(world.hands)]
ROUND = len(PLACES)
NAMES = re.compile(r"\b[a-z_]+\b")


@dataclass(frozen=True)
class Strategy:
    """A text, the world that it is for and the seed that it came from."""

    seed: int
    world: World
    text: str


Card = TypeVar("Card")


def dealt(cards: Sequence[Card], random: Random, hand: int, hands: int) -> list[Card]:
    """One hand of the shuffled cards; all hands together hold each of them once."""
    shuffled = list(cards)
    random.shuffle(shuffled)
    return shuffled[hand::hands]


def make(seed: int) -> Strategy:
    """The strategy of this seed, written down whole."""
    turn, place = divmod(seed, ROUND)
    world, hand = PLACES[place]
    random = Random(seed)

    def deal(pool: str, own: Sequence[str] = ()) -> list[str]:
        return [*shared(pool, turn, place), *dealt(own, Random(f"{turn} {world.name}"), hand, world.hands)]

    values = [filled(each, random, world) for each in (*deal("values", world.values), *deal("indicators"))]
    lets = [f"let value_{number} = {value}" for number, value in enumerate(values)]
    asked = [f"value_{number} > value_{number}[{random.randint(1, 3)}]" for number in range(len(values))]
    asked += [filled(each, random, world) for each in deal("conditions", world.conditions)]
    states = [filled(each, random, world) for each in deal("states")]
    random.shuffle(asked)
    rules = (*deal("entries", world.rules), *deal("shorts"), *world.always)
    header = [f'strategy "Made up {seed}"', world.headers[(hand + turn) % len(world.headers)]]
    body = [*lets, *written(rules, asked, states, random, world), *deal("limits", world.limits)]
    whole = "\n".join((*header, *declarations("\n".join((*header, *body)), world), *body))
    return Strategy(seed, world, f"{whole}\n{blocks_at_the_end(whole)}")


def shared(pool: str, turn: int, place: int) -> list[str]:
    """A hand of a pool, which is dealt to all worlds together that take of it."""
    takers = [taker for taker, (world, _) in enumerate(PLACES) if pool not in world.without]
    copies, cards = phrases.POOLS[pool]
    if place not in takers:
        return []
    return list(dict.fromkeys(dealt(cards * copies, Random(f"{turn} {pool}"), takers.index(place), len(takers))))


def blocks_at_the_end(text: str) -> str:
    """The blocks of the text itself that it uses."""
    used = {phrases.INNER: "use inner ", phrases.INNER_TWO: "use inner_two "}
    return "".join(block for block, line in used.items() if line in text.replace("use inner\n", "use inner \n"))


def filled(phrase: str, random: Random, world: World) -> str:
    """A phrase with a number or a price for each of its holes."""
    prices = random.sample(("open", "high", "low", "close"), 2)
    return phrase.format(
        n=random.randint(2, 5),
        m=random.randint(6, 12),
        p=prices[0],
        q=prices[1],
        money=world.money,
        unit=world.unit,
        c="{c}",
    )


def written(
    rules: Sequence[str], asked: Sequence[str], states: Sequence[str], random: Random, world: World
) -> Iterator[str]:
    """Every rule, with its share of the conditions: each that was dealt is asked by one of them."""
    asking, place = max(1, sum("{c}" in rule for rule in rules)), -1
    for number, rule in enumerate(rules):
        place += "{c}" in rule
        own = [*asked[place::asking], *states[place::asking], "close > close[1]"]
        text = filled(rule, random, world)
        head = f"rule rule_{number}" + (" " if text.startswith("for ") else "\n  ")
        yield f"{head}{text.replace('{c}', joined(own, random) if '{c}' in rule else '')}"


def joined(conditions: Sequence[str], random: Random) -> str:
    """All of them in one condition that holds now and then: one of the first and one of the others."""
    turned = [each if random.random() < 0.8 else f"not ({each})" for each in conditions]
    middle = (len(turned) + 1) // 2
    halves = [" or ".join(half) for half in (turned[:middle], turned[middle:]) if half]
    return f"({halves[0]})" if len(halves) == 1 else f"({halves[0]}) and ({halves[1]})"


def declarations(text: str, world: World) -> Iterator[str]:
    """What declares the names that the text reads, and the names that those read."""
    known = {**phrases.DECLARED, **dict(world.declared)}
    wanted, seen = [name for name in known if name in NAMES.findall(text)], set[str]()
    while wanted:
        name = wanted.pop()
        if name not in seen:
            seen.add(name)
            wanted += [other for other in known if other in NAMES.findall(known[name]) and other != name]
    yield from (known[name] for name in known if name in seen)
