"""The storefront and back office of a cooperative, as a Flask application."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shop.app import create_app as create_app

__all__ = ["create_app"]


def __getattr__(name: str) -> Any:
    """Import the factory only when somebody asks for it: the file tools start without Flask."""
    if name == "create_app":
        from shop.app import create_app as factory

        return factory
    raise AttributeError(name)
