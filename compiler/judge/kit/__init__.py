"""The authoring kit: what a compliance team asks of its own rules before it lets them judge anybody.

`testing` runs a pack's scenarios and says what they leave open: `clauses` finds what was never decisive, `mutants` what
could be written otherwise without a scenario noticing. `compare` tells two versions apart by what they allow and
refuse, on the `cases` (days, accounts, instruments) in which they can differ; `explore`, `wander` and `neighbours` find
the traces, and `shrink` makes them short. `signature` binds a pack to its texts. No disk, no clock, no chance.
"""
