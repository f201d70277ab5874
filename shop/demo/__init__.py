"""The demo: three cooperatives and two market points, invented, marked as samples."""

from shop.demo.people import PASSWORD, sign_ins

__all__ = ["PASSWORD", "sign_ins"]
