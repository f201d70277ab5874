"""A shop that reads the stock and then writes it, with nothing in between: it must oversell.

The same harness that finds nothing in the real shop has to find it here, or it proves nothing.
"""

import sqlite3
import sys
import time

from flask import Flask, Response, redirect

app = Flask(__name__)
DATABASE = sys.argv[2] if len(sys.argv) > 2 else ""


def connect() -> sqlite3.Connection:
    return sqlite3.connect(DATABASE, timeout=30, isolation_level=None)


@app.get("/healthz")
def healthy() -> str:
    return "ok"


@app.post("/gio-hang")
def add() -> Response:
    return redirect("/gio-hang", 303)


@app.get("/gio-hang")
def cart() -> str:
    return "<!doctype html><html lang=vi><title>Giỏ</title><h1>Giỏ</h1>"


@app.get("/dat-hang")
def form() -> str:
    names = ("name", "phone", "commune", "province_code", "street")
    fields = "".join(f'<input name="{name}" aria-label="{name}">' for name in names)
    return (
        "<!doctype html><html lang=vi><title>Đặt</title><h1>Đặt</h1>"
        f'<form method="post">{fields}<button>Đặt hàng</button></form>'
    )


@app.post("/dat-hang")
def order() -> Response | tuple[str, int]:
    connection = connect()
    left = connection.execute("SELECT left FROM stock").fetchone()[0]
    time.sleep(0.02)  # what a real shop does meanwhile: prices, tax, addresses
    if not left:
        return "<!doctype html><html lang=vi><title>Hết</title><h1>Vừa hết hàng</h1>", 409
    connection.execute("UPDATE stock SET left = ?", (left - 1,))
    connection.execute("INSERT INTO sales DEFAULT VALUES")
    return redirect("/don-hang/1", 303)


@app.get("/don-hang/1")
def shown() -> str:
    return "<!doctype html><html lang=vi><title>Đơn</title><h1>Đơn</h1>"


if __name__ == "__main__":
    app.run("127.0.0.1", int(sys.argv[1]), threaded=True)
