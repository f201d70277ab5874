"""The tree behind the log: what it proves is so, and nothing else can be proved with it."""

from hashlib import sha256

import pytest

from traceability.errors import TraceabilityError
from traceability.log import tree

LEAVES = [tree.leaf_hash(letter.encode()) for letter in "ABCDEFG"]

# Vectors over the letters A to G, worked out apart from this code.
ROOT_1 = "c00b4d3c929cb5cc316691ed4636f634576f2c9b2954767234c5274e9dde185d"
ROOT_2 = "ed692f01f7f6c46930d7ad8f9adad3f9f38b7379cf6a8d2f399a0ba1e914fe25"
ROOT_3 = "961d2e2be20f538ffdf56962a86d1bd165498f222684ee4c5e02c1e9f852adc5"
ROOT_4 = "5c8dc617d287a4297eb2bcb81b37644b5138e57ad461c657db152109e3fc9fca"
ROOT_7 = "316cc65a242cdebb8795b5d051b4912380e76ed2e4e64dae44a5fd04e7251951"
C = "b563a5e69628743929eddec0ccfeb0745c39577e12a72e84915edd6633cb97f2"
D = "08a2afecc9feaef6737f055c177a56a363d28a78d7b259b8c5f66b32174f2e7d"
EF = "0cf787b60da0e474cd87dcbb091f118e364a9a7ceb481845c6b414e98020afe9"
EFG = "f24f4fc768c14e1903bd09721502e97b5b058db6439d64662a64d9e0c4a20598"


def _hex(hashes):
    return [found.hex() for found in hashes]


def _leaves(count):
    return [tree.leaf_hash(f"entry {number}".encode()) for number in range(count)]


@pytest.mark.parametrize(
    ("size", "expected"), [(1, ROOT_1), (2, ROOT_2), (3, ROOT_3), (4, ROOT_4), (7, ROOT_7)]
)
def test_roots_are_those_of_the_vectors(size, expected):
    assert tree.root(LEAVES[:size]).hex() == expected


def test_an_empty_tree_has_the_hash_of_nothing_as_its_root():
    assert tree.root([]) == tree.EMPTY_ROOT == sha256(b"").digest()


@pytest.mark.parametrize(("index", "expected"), [(3, [C, ROOT_2, EFG]), (6, [EF, ROOT_4])])
def test_inclusion_proofs_are_those_of_the_vectors(index, expected):
    assert _hex(tree.inclusion_proof(LEAVES, index)) == expected


@pytest.mark.parametrize(("old_size", "expected"), [(4, [EFG]), (3, [C, D, ROOT_2, EFG])])
def test_consistency_proofs_are_those_of_the_vectors(old_size, expected):
    assert _hex(tree.consistency_proof(LEAVES, old_size)) == expected


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 31, 33, 64, 65])
def test_every_leaf_of_every_tree_can_be_shown_to_be_in_it(size):
    leaves = _leaves(size)
    root = tree.root(leaves)

    for index, leaf in enumerate(leaves):
        proof = tree.inclusion_proof(leaves, index)
        tree.verify_inclusion(leaf, index=index, size=size, proof=proof, root=root)


@pytest.mark.parametrize("new_size", range(36))
def test_every_older_tree_can_be_shown_to_be_part_of_a_newer_one(new_size):
    leaves = _leaves(new_size)
    new_root = tree.root(leaves)

    for old_size in range(new_size + 1):
        tree.verify_consistency(
            old_size=old_size,
            new_size=new_size,
            proof=tree.consistency_proof(leaves, old_size),
            old_root=tree.root(leaves[:old_size]),
            new_root=new_root,
        )


def _spoiled(proof):
    """Yield what a forger might send instead of `proof`."""
    other = tree.leaf_hash(b"forged")
    for place in range(len(proof)):
        yield [*proof[:place], other, *proof[place + 1 :]]
        yield [*proof[:place], *proof[place + 1 :]]
    yield [*proof, other]
    yield [other, *proof]
    if len(set(proof)) > 1:
        yield proof[::-1]


@pytest.mark.parametrize("size", [1, 2, 3, 6, 7, 8, 13])
def test_no_spoiled_inclusion_proof_is_accepted(size):
    leaves = _leaves(size)
    root = tree.root(leaves)

    for index, leaf in enumerate(leaves):
        for proof in _spoiled(tree.inclusion_proof(leaves, index)):
            with pytest.raises(TraceabilityError) as refusal:
                tree.verify_inclusion(leaf, index=index, size=size, proof=proof, root=root)
            assert refusal.value.kind == "bad_proof"


def test_a_proof_shows_one_leaf_at_one_place_only():
    leaves = _leaves(7)
    root, proof = tree.root(leaves), tree.inclusion_proof(leaves, 3)

    for index in range(7):
        for leaf in leaves:
            if (index, leaf) == (3, leaves[3]):
                continue
            with pytest.raises(TraceabilityError):
                tree.verify_inclusion(leaf, index=index, size=7, proof=proof, root=root)


@pytest.mark.parametrize(("old_size", "new_size"), [(1, 2), (3, 7), (4, 7), (4, 8), (6, 13)])
def test_no_spoiled_consistency_proof_is_accepted(old_size, new_size):
    leaves = _leaves(new_size)
    old_root, new_root = tree.root(leaves[:old_size]), tree.root(leaves)

    for proof in _spoiled(tree.consistency_proof(leaves, old_size)):
        with pytest.raises(TraceabilityError) as refusal:
            tree.verify_consistency(
                old_size=old_size,
                new_size=new_size,
                proof=proof,
                old_root=old_root,
                new_root=new_root,
            )
        assert refusal.value.kind == "bad_proof"


@pytest.mark.parametrize("changed", range(5))
def test_a_tree_whose_past_was_changed_is_not_consistent_with_the_old_one(changed):
    leaves = _leaves(9)
    old_root = tree.root(leaves[:5])
    leaves[changed] = tree.leaf_hash(b"changed afterwards")

    with pytest.raises(TraceabilityError) as refusal:
        tree.verify_consistency(
            old_size=5,
            new_size=9,
            proof=tree.consistency_proof(leaves, 5),
            old_root=old_root,
            new_root=tree.root(leaves),
        )

    assert refusal.value.kind == "bad_proof"


def test_two_different_trees_of_one_size_are_not_consistent():
    with pytest.raises(TraceabilityError) as refusal:
        tree.verify_consistency(
            old_size=2,
            new_size=2,
            proof=[],
            old_root=tree.root(_leaves(2)),
            new_root=tree.root(LEAVES[:2]),
        )

    assert refusal.value.kind == "bad_proof"


@pytest.mark.parametrize("index", [-1, 7, 8])
def test_a_leaf_that_is_not_there_has_no_proof(index):
    with pytest.raises(TraceabilityError) as refusal:
        tree.inclusion_proof(LEAVES, index)

    assert refusal.value.kind == "bad_position"


@pytest.mark.parametrize("old_size", [-1, 8])
def test_a_size_the_tree_never_had_has_no_proof(old_size):
    with pytest.raises(TraceabilityError) as refusal:
        tree.consistency_proof(LEAVES, old_size)

    assert refusal.value.kind == "bad_position"


def test_an_entry_cannot_pass_for_a_pair_of_hashes():
    pair = LEAVES[0] + LEAVES[1]

    assert tree.leaf_hash(pair) != tree.node_hash(LEAVES[0], LEAVES[1])
