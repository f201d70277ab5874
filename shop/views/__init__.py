"""The pages: parse, call one service, commit, answer."""

import importlib
import pkgutil

from flask import Blueprint, Flask

import shop.views


def register_views(app: Flask) -> None:
    """Register the blueprint `bp` of every module in this package and below."""
    for module_info in pkgutil.walk_packages(shop.views.__path__, f"{shop.views.__name__}."):
        if module_info.ispkg:
            continue
        blueprint = getattr(importlib.import_module(module_info.name), "bp", None)
        if isinstance(blueprint, Blueprint):
            app.register_blueprint(blueprint)
