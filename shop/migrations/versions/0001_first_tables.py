"""Write down goods, batches, orders and money."""

from alembic import op
from sqlalchemy import inspect

from shop.migrations.append_only import TABLES, protect
from shop.migrations.first_tables import (
    batches,
    books,
    events,
    goods,
    money,
    orders,
    people,
    stock,
)

revision, down_revision = "0001", None


def upgrade() -> None:
    people.create()
    goods.create()
    events.create()
    batches.create()
    orders.create()
    stock.create()
    money.create()
    books.create()
    protect(TABLES)


def downgrade() -> None:
    connection = op.get_bind()
    names = [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
    cascade = " CASCADE" if connection.dialect.name == "postgresql" else ""
    for name in names:
        op.execute(f'DROP TABLE "{name}"{cascade}')
