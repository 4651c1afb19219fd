"""The control skeleton: all that orders, fills and days allow a program to do, whatever prices are, beside a rule.

A program becomes an `outline`, its states and moves are `place` and `world`, rules fire in `decisions` where their
`conditions` may hold; a rule's `registers` read `bounded` terms over an `account` without prices. `explore` sees every
state; `proof` asks with more clauses or fewer and says what a proof needs; `follow` holds real runs against the
skeleton; `client` tries guards; `story` is what the rest of judging gives to it and is told.

Sound by leaving in: whatever is not said by the text may happen, and what cannot be said here proves nothing.
"""
