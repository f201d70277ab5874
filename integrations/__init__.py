"""Connections to payment services, banks and marketplaces, usable without the shop."""
