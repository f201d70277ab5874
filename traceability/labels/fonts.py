"""The font every label is set in: Source Sans Pro (OFL-1.1), which has all Vietnamese letters.

ReportLab's own fonts have no Vietnamese letters, so the font comes as a package and is embedded.
"""

from pathlib import Path

import font_source_sans_pro

__all__ = ["BOLD", "REGULAR"]

_FOLDER = Path(font_source_sans_pro.font_directory)

REGULAR = _FOLDER / "SourceSansPro-Regular.ttf"
BOLD = _FOLDER / "SourceSansPro-Bold.ttf"
