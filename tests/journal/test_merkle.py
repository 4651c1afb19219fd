"""Is the tree that of RFC 6962? Against the vectors of Certificate Transparency, and the RFC's own recursive words."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratc.runtime.journal.merkle import (
    Frontier,
    continues,
    includes,
    leaf_hash,
    prove_consistency,
    prove_inclusion,
    root_of,
)

pytestmark = pytest.mark.fast

# github.com/google/certificate-transparency, cpp/merkletree/merkle_tree_test.cc
LEAVES = [
    leaf_hash(bytes.fromhex(text))
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = [
    (1, 1, []),
    (
        1, 8, [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6, 8, [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (3, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
]  # fmt: skip
CONSISTENCY = [
    (1, 1, []),
    (
        1, 8, [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6, 8, [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2, 5, [
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize("size", range(9))
def test_roots(size):
    assert root_of(LEAVES[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize(("place", "size", "path"), INCLUSION)
def test_published_inclusion(place, size, path):
    assert [each.hex() for each in prove_inclusion(LEAVES[:size], place - 1)] == path


@pytest.mark.parametrize(("old", "size", "path"), CONSISTENCY)
def test_published_consistency(old, size, path):
    assert [each.hex() for each in prove_consistency(LEAVES[:size], old)] == path


def by_the_rfc(leaves: list[bytes]) -> bytes:
    """Section 2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    middle = 1
    while middle * 2 < len(leaves):
        middle *= 2
    return sha256(b"\x01" + by_the_rfc(leaves[:middle]) + by_the_rfc(leaves[middle:])).digest()


def made(size: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(size)]


@pytest.mark.parametrize("size", [*range(70), 127, 128, 129, 1000])
def test_the_frontier_is_the_recursion(size):
    tree = Frontier()
    for leaf in made(size):
        tree.append(leaf)
    assert tree.root() == by_the_rfc(made(size))
    assert len(tree.peaks) == size.bit_count()


@given(st.integers(1, 140), st.data())
def test_every_inclusion_is_shown_and_no_other(size, data):
    leaves = made(size)
    index = data.draw(st.integers(0, size - 1))
    root, path = root_of(leaves), prove_inclusion(leaves, index)
    assert includes(root, size, leaves[index], index, path)
    other = data.draw(st.integers(0, size - 1).filter(lambda place: place != index)) if size > 1 else None
    if other is not None:
        assert not includes(root, size, leaves[other], index, path)
        assert not includes(root, size, leaves[index], other, path)
        flipped = data.draw(st.integers(0, len(path) - 1))
        assert not includes(root, size, leaves[index], index, [*path[:flipped], bytes(32), *path[flipped + 1 :]])
    assert not includes(root, size, leaves[index], index, [*path, bytes(32)])
    assert not includes(root, size, leaves[index], size, path)


@given(st.integers(1, 140), st.data())
def test_every_continuation_is_shown_and_no_other(size, data):
    leaves = made(size)
    old = data.draw(st.integers(1, size))
    old_root, root, proof = root_of(leaves[:old]), root_of(leaves), prove_consistency(leaves, old)
    assert continues(old_root, old, root, size, proof)
    changed = leaves.copy()
    changed[data.draw(st.integers(0, old - 1))] = bytes(32)
    assert not continues(root_of(changed[:old]), old, root, size, proof)
    assert not continues(old_root, old, root_of(changed), size, proof)
    assert not continues(old_root, old, root, size, [*proof, bytes(32)])
    if proof:
        assert not continues(old_root, old, root, size, proof[:-1])


@pytest.mark.parametrize(("call", "arguments"), [(prove_inclusion, (3, 3)), (prove_consistency, (3, 0))])
def test_there_is_no_proof_of_what_is_not(call, arguments):
    with pytest.raises(ValueError, match=r"no leaf|no older"):
        call(made(arguments[0]), arguments[1])


def test_a_leaf_is_no_node():
    """What RFC 6962's two first bytes are for: two leaves' hashes as one leaf's data give another root."""
    two = made(2)
    assert root_of(two) != leaf_hash(two[0] + two[1])
