"""The Merkle tree of RFC 6962, section 2.1: leaves to a root, and proofs that a root holds a leaf or an older root.

Assumes leaf hashes in the order of their records. A `Frontier` holds one hash for each set bit of its size and is all
that a writer keeps; the functions below it take all leaves and are for who reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final

HASH_BYTES: Final = 32
# RFC 6962: a leaf can never be taken for an inner node, because each is hashed behind a byte of its own.
LEAF: Final = b"\x00"
NODE: Final = b"\x01"


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf that holds `data`."""
    return sha256(LEAF + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(NODE + left + right).digest()


class Frontier:
    """A tree that grows at its right edge: the roots of its whole subtrees, the largest first."""

    __slots__ = ("peaks", "size")

    def __init__(self) -> None:
        self.size = 0
        self.peaks: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        """Take in the hash of the next leaf."""
        size, peaks = self.size, self.peaks
        while size & 1:
            leaf = node_hash(peaks.pop(), leaf)
            size >>= 1
        peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """The tree's root; of no leaves it is the hash of nothing, as the RFC says."""
        if not self.peaks:
            return sha256(b"").digest()
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


def root_of(leaves: Iterable[bytes]) -> bytes:
    tree = Frontier()
    for leaf in leaves:
        tree.append(leaf)
    return tree.root()


def split(size: int) -> int:
    """The largest power of two smaller than `size`, which is at least 2: how many leaves the left subtree has."""
    return 1 << (size - 1).bit_length() - 1


def prove_inclusion(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """The audit path of leaf `index` (from 0): its siblings from the leaf to the root."""
    if not 0 <= index < len(leaves):
        raise ValueError(f"there is no leaf {index} among {len(leaves)}")
    low, high = 0, len(leaves)
    siblings = []
    while high - low > 1:
        middle = low + split(high - low)
        if index < middle:
            siblings.append(root_of(leaves[middle:high]))
            high = middle
        else:
            siblings.append(root_of(leaves[low:middle]))
            low = middle
    return tuple(reversed(siblings))


def includes(root: bytes, size: int, leaf: bytes, index: int, path: Sequence[bytes]) -> bool:
    """Whether `path` shows that the tree of `size` leaves with this root has `leaf` at `index` (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node_hash(sibling, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def prove_consistency(leaves: Sequence[bytes], old_size: int) -> tuple[bytes, ...]:
    """What shows that the tree of all leaves continues the tree of the first `old_size`, at least one, of them."""
    if not 0 < old_size <= len(leaves):
        raise ValueError(f"a tree of {len(leaves)} leaves has no older one of {old_size}")
    low, high = 0, len(leaves)
    proof: list[bytes] = []
    whole = True  # whether the old tree is a subtree of the new one, whose root the verifier knows
    while old_size != high:
        middle = low + split(high - low)
        if old_size <= middle:
            proof.append(root_of(leaves[middle:high]))
            high = middle
        else:
            proof.append(root_of(leaves[low:middle]))
            low, whole = middle, False
    if not whole:
        proof.append(root_of(leaves[low:high]))
    return tuple(reversed(proof))


def continues(old_root: bytes, old_size: int, root: bytes, size: int, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that the larger tree begins with all leaves of the older one (RFC 9162, 2.1.4.2)."""
    if not 0 < old_size <= size:
        return False
    if old_size == size:
        return not proof and old_root == root
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    if not path:
        return False
    at, last = old_size - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and old == old_root and new == root
