"""The sentences of refusals outside of any request, in the language of the command line."""

from collections.abc import Iterator
from contextlib import contextmanager

from shop.cli.language import Language


@contextmanager
def speaking(lang: Language) -> Iterator[None]:
    """Let marked texts come out in `lang` inside the block."""
    from flask import Flask
    from flask_babel import Babel

    from shop import resources

    speaker = Flask("speaker", static_folder=None)
    Babel(
        speaker,
        default_locale=lang,
        default_translation_directories=str(resources.translations_folder()),
    )
    with speaker.app_context():
        yield
