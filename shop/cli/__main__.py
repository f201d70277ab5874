"""`python -m shop.cli`: the same as the command `dacsan`."""

from shop.cli import main

raise SystemExit(main())
