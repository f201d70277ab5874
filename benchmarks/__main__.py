"""Measure every hot path and say which is slower than it may be: `make bench`."""

import sys

from benchmarks import imports, orders, pages
from benchmarks.shop import opened


def main() -> int:
    """Print one line for each path; return 1 when one of them is over its limit."""
    is_kept = True
    with opened() as (app, engine):
        for part in (pages, orders, imports):
            for figure in part.figures(app, engine):
                is_kept &= figure.is_kept
                print(
                    f"{'ok  ' if figure.is_kept else 'CHẬM'} {figure.ratio:6.1f} ≤ "
                    f"{figure.limit:5.1f} × {figure.unit}: {figure.name}, "
                    f"{figure.microseconds:,.0f} µs",
                    flush=True,
                )
    return 0 if is_kept else 1


sys.exit(main())
