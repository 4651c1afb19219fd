"""From the statements of a rule to its observer, for one day, one account and a tuple of instruments.

Facts are settled here: what a definition or an exception asks of the account decides which of them count, so that the
machine holds none. Parameters take their value of the day. What would need unbounded memory, a product of two things
that change, or a guard that could stop an exit is refused with the place.

Each file adds a layer to one class: `memory` (registers), `names` (parameters, tables, definitions), `windows` (what is
counted), `terms` (expressions), `rule` (statements). `moments` says what can be asked at which event.
"""

from stratc.compiler.judge.compile.events import PHRASES as PHRASES
from stratc.compiler.judge.compile.events import SIDES as SIDES
from stratc.compiler.judge.compile.rule import compile_rule as compile_rule
from stratc.compiler.judge.compile.setting import Setting as Setting
