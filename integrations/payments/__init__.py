"""Ways to be paid without cash."""

from integrations import vietqr

__all__ = ["vietqr"]
