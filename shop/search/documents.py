"""What is known of one product when somebody looks for it."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """The texts of one product, the best first: its name, what else names it, what tells of it.

    `names` are packs, kind, seller, places old and new, codes and search words; `text` is prose.
    `folded` are names that are known without their marks alone: nobody wrote them so.
    """

    product_id: int
    name: str
    names: Sequence[str]
    text: str
    folded: Sequence[str] = ()

    @property
    def digest(self) -> str:
        """Return what is another as soon as one of the texts is."""
        content = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)
        return hashlib.blake2b(content.encode(), digest_size=12).hexdigest()
