"""Proofs about money (T2): a program and its account as values that the market moves by bounded steps, in z3's terms.

`model` says what of a program is modelled and refuses the rest by name, `step` is one moment of it, `reading` a rule's
conditions over it, `invariants` finds what every moment keeps, `proof` asks whether that keeps the rule, `critical`
looks for the largest move under which it does. Only `model` and `critical` are imported without z3, the optional extra
`prove`.
"""
