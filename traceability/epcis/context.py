"""The `@context` of our documents: where the names in our events come from."""

__all__ = ["CONTEXT", "NAMESPACE", "PREFIX"]

PREFIX = "dacsan"

NAMESPACE = "https://ns.dacsan.example/epcis/"
"""Names of our own. It ends in "/" because programs that compute event hashes count on it."""

CONTEXT = (
    "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
    {PREFIX: NAMESPACE, "cbvmda": "urn:epcglobal:cbv:mda:"},
)
"""Never fetched. The version is pinned, because another one changes the hash of every event."""
