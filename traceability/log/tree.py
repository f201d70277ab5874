"""The Merkle tree of RFC 9162, section 2.1, over a list of leaf hashes kept in order of arrival.

Its root says of what it stands over: these entries, in this order. An inclusion proof shows that
an entry is among them, a consistency proof that an older tree was only added to.

>>> entries = [b"A", b"B", b"C"]
>>> leaves = [leaf_hash(entry) for entry in entries]
>>> proof = inclusion_proof(leaves, 2)
>>> verify_inclusion(leaf_hash(b"C"), index=2, size=3, proof=proof, root=root(leaves))
>>> verify_inclusion(leaf_hash(b"X"), index=2, size=3, proof=proof, root=root(leaves))
Traceback (most recent call last):
    ...
traceability.errors.TraceabilityError: the proof does not lead to the root
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256

from traceability.errors import TraceabilityError

__all__ = [
    "EMPTY_ROOT",
    "consistency_proof",
    "inclusion_proof",
    "leaf_hash",
    "node_hash",
    "root",
    "verify_consistency",
    "verify_inclusion",
]

EMPTY_ROOT = sha256(b"").digest()
"""The root of a tree without leaves."""


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash that stands for `entry` at the foot of the tree (32 bytes)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two hashes beside each other."""
    return sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the root over `leaves`, which are hashes as `leaf_hash` makes them.

    >>> root([leaf_hash(b"A"), leaf_hash(b"B")]).hex()[:8]
    'ed692f01'
    """
    return _root(leaves, 0, len(leaves)) if leaves else EMPTY_ROOT


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Return the hashes that lead from leaf `index` (from 0) to the root, lowest first.

    `TraceabilityError` of kind `bad_position` if there is no such leaf.
    """
    _require_position(0 <= index < len(leaves), f"leaf {index} of {len(leaves)}")
    return list(_path(leaves, index, 0, len(leaves)))


def consistency_proof(leaves: Sequence[bytes], old_size: int) -> list[bytes]:
    """Return the hashes that show the tree over the first `old_size` leaves to be part of this.

    `TraceabilityError` of kind `bad_position` if the tree never had that size.
    """
    _require_position(0 <= old_size <= len(leaves), f"{old_size} of {len(leaves)} leaves")
    if old_size in {0, len(leaves)}:
        return []
    return list(_old_and_new(leaves, old_size, 0, len(leaves), known=True))


def verify_inclusion(
    leaf: bytes, *, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Accept that `leaf` is number `index` of the `size` leaves under `root` (RFC 9162, 2.1.3.2).

    `TraceabilityError` of kind `bad_position` if that cannot be, `bad_proof` if it is not shown.
    """
    _require_position(0 <= index < size, f"leaf {index} of {size}")
    here, last, found = index, size - 1, leaf
    for sibling in proof:
        _require_proof(last > 0)
        if here & 1 or here == last:
            found = node_hash(sibling, found)
            here, last = _climb_to_right_child(here, last)
        else:
            found = node_hash(found, sibling)
        here, last = here >> 1, last >> 1
    _require_proof(last == 0 and found == root)


def verify_consistency(
    *, old_size: int, new_size: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> None:
    """Accept that the tree under `new_root` begins with all of the older one (RFC 9162, 2.1.4.2).

    Every tree begins with the empty one. `TraceabilityError` of kind `bad_position` if the sizes
    cannot be, `bad_proof` if it is not shown.
    """
    _require_position(0 <= old_size <= new_size, f"{old_size} of {new_size} leaves")
    if old_size in {0, new_size}:
        expected = EMPTY_ROOT if old_size == 0 else new_root
        _require_proof(not proof and old_root == expected)
        return
    is_whole_subtree = old_size & (old_size - 1) == 0
    path = [old_root, *proof] if is_whole_subtree else list(proof)
    _require_proof(bool(path))
    here, last = old_size - 1, new_size - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        _require_proof(last > 0)
        if here & 1 or here == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            here, last = _climb_to_right_child(here, last)
        else:
            new = node_hash(new, sibling)
        here, last = here >> 1, last >> 1
    _require_proof(last == 0 and old == old_root and new == new_root)


def _split(size: int) -> int:
    """Return the largest power of two smaller than `size`."""
    return int(1 << (size - 1).bit_length() - 1)


def _root(leaves: Sequence[bytes], start: int, end: int) -> bytes:
    if end - start == 1:
        return leaves[start]
    middle = start + _split(end - start)
    return node_hash(_root(leaves, start, middle), _root(leaves, middle, end))


def _path(leaves: Sequence[bytes], index: int, start: int, end: int) -> Iterator[bytes]:
    if end - start == 1:
        return
    middle = start + _split(end - start)
    if index < middle:
        yield from _path(leaves, index, start, middle)
        yield _root(leaves, middle, end)
    else:
        yield from _path(leaves, index, middle, end)
        yield _root(leaves, start, middle)


def _old_and_new(
    leaves: Sequence[bytes], old_end: int, start: int, end: int, *, known: bool
) -> Iterator[bytes]:
    """Yield SUBPROOF of RFC 9162, 2.1.4.1; `known` while the verifier has this root already."""
    if old_end == end:
        if not known:
            yield _root(leaves, start, end)
        return
    middle = start + _split(end - start)
    if old_end <= middle:
        yield from _old_and_new(leaves, old_end, start, middle, known=known)
        yield _root(leaves, middle, end)
    else:
        yield from _old_and_new(leaves, old_end, middle, end, known=False)
        yield _root(leaves, start, middle)


def _climb_to_right_child(here: int, last: int) -> tuple[int, int]:
    """Climb past the levels where a node at the right edge has no sibling."""
    while here and not here & 1:
        here, last = here >> 1, last >> 1
    return here, last


def _require_position(possible: bool, found: str) -> None:
    if not possible:
        raise TraceabilityError("bad_position", f"there is no such place: {found}")


def _require_proof(holds: bool) -> None:
    if not holds:
        raise TraceabilityError("bad_proof", "the proof does not lead to the root")
