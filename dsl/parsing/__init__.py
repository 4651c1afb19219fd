"""From text to tree, step by step.

`lines` finds code and comments, `blocks` cuts lines into clauses, `tables` holds the LALR parser, `pieces` parses one
clause, `expressions`, `statements` and `actions` turn its tree into nodes, `failures` says what is wrong with a
clause that did not parse, and `assembly` puts the clauses of a file together.
"""
