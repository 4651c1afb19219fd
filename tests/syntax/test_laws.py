"""The laws of reading and printing, over trees at random."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stratc.dsl.parser import parse
from stratc.dsl.printer import format_source, print_tree
from stratc.dsl.source import NOWHERE, Source, Span
from stratc.dsl.syntax import Tree, walk
from tests.syntax.generate import trees, without_spans

pytestmark = pytest.mark.fast

_COMMENTS = st.lists(st.sampled_from(["# one", "#two", "# three # four", '# a "quote', "    # deep", "  # in a rule"]))


@settings(max_examples=40, deadline=None)
@given(trees())
def test_what_is_printed_is_read_back(tree: Tree) -> None:
    text = print_tree(tree, Source("generated", ""))
    assert text is not None
    parsed = parse(Source("generated", text))
    assert parsed.problems == ()
    assert without_spans(parsed.tree) == tree


@settings(max_examples=40, deadline=None)
@given(trees())
def test_formatting_twice_is_formatting_once(tree: Tree) -> None:
    text = print_tree(tree, Source("generated", "")) or ""
    assert format_source(Source("generated", text)) == text


@settings(max_examples=40, deadline=None)
@given(trees(), _COMMENTS, st.randoms(use_true_random=False))
def test_comments_survive_formatting(tree: Tree, comments: list[str], chance) -> None:
    lines = (print_tree(tree, Source("generated", "")) or "").split("\n")
    for comment in comments:
        place = chance.randrange(len(lines))
        if chance.random() < 0.5 and lines[place] and "#" not in lines[place]:
            lines[place] += f" {comment}"
        else:
            lines.insert(place, comment)
    source = Source("generated", "\n".join(lines))
    parsed = parse(source)
    formatted = format_source(source)
    assert formatted is not None
    again = parse(Source("formatted", formatted))
    assert sorted(comment.text for comment in again.tree.comments) == sorted(c.text for c in parsed.tree.comments)
    assert without_spans(again.tree).statements == tree.statements
    assert format_source(Source("formatted", formatted)) == formatted


@settings(max_examples=40, deadline=None)
@given(trees())
def test_spans_lie_in_their_parents(tree: Tree) -> None:
    text = print_tree(tree, Source("generated", "")) or ""
    for statement in parse(Source("generated", text)).tree.statements:
        whole = statement.span
        assert 0 <= whole.start < whole.end <= len(text)
        for node in walk(statement):
            assert whole.start <= node.span.start < node.span.end <= whole.end


def test_an_empty_file_is_an_empty_tree() -> None:
    parsed = parse(Source("empty", ""))
    assert parsed.problems == ()
    assert parsed.tree == Tree(span=Span(0, 0), statements=(), comments=())
    assert print_tree(Tree(span=NOWHERE, statements=(), comments=()), Source("empty", "")) == ""
