"""Put into what is built what git holds elsewhere or not: translations and templates."""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Write `messages.mo` beside every `messages.po`; pack `templates` as `shop/templates`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Change what is collected next; an editable installation reads the checkout itself."""
        if self.target_name == "wheel" and version == "standard":
            build_data["force_include"]["templates"] = "shop/templates"
        for source in Path(self.root).glob("shop/translations/*/LC_MESSAGES/*.po"):
            with source.open("rb") as po, source.with_suffix(".mo").open("wb") as mo:
                write_mo(mo, read_po(po, locale=source.parts[-3]))
