"""Account numbers as people other than their owner may see them."""

__all__ = ["mask_account"]


def mask_account(account: str) -> str:
    """Return `account` with its last four characters readable, and never more than half of it.

    >>> mask_account("0011001932418")
    '•••• 2418'
    """
    shown = min(4, len(account) // 2)
    return f"•••• {account[-shown:]}" if shown else "••••"
