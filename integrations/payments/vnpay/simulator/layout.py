"""What every page of the simulator shares: its look, its label, how money stands on it."""

from markupsafe import Markup

__all__ = ["STYLE", "dong", "page"]

STYLE = """
:root { color-scheme: light dark; --nen: #f4f6fb; --mat: #fff; --muc: #14202e; --xanh: #0b4f9e; }
@media (prefers-color-scheme: dark) {
  :root { --nen: #10161f; --mat: #1a2330; --muc: #eef2f8; --xanh: #9cc4ff; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--nen); color: var(--muc);
  font: 1.125rem/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
header { background: #f2b705; color: #1c1c1c; font-weight: 700; text-align: center;
  padding: .75rem 1rem; }
main { max-width: 44rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.25rem; margin-top: 2rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; }
dd { margin: 0; font-weight: 700; overflow-wrap: anywhere; }
button, select, input[type=text] { font: inherit; min-height: 3rem; padding: .5rem 1rem;
  border-radius: .4rem; }
button { width: 100%; margin-top: .5rem; border: 2px solid var(--xanh); background: var(--mat);
  color: var(--xanh); font-weight: 700; cursor: pointer; }
button.chinh { background: #0b4f9e; border-color: #0b4f9e; color: #fff; }
:focus-visible { outline: 3px solid #f2b705; outline-offset: 2px; }
label { display: flex; gap: .75rem; align-items: center; min-height: 3rem; }
input[type=checkbox] { flex: none; width: 1.75rem; height: 1.75rem; }
select, input[type=text] { width: 100%; } a { color: var(--xanh); }
summary { min-height: 3rem; padding: .75rem 0; cursor: pointer; }
.bang { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: 1rem; }
th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid #8884;
  vertical-align: top; }
"""

_PAGE = Markup(
    """<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title} · {name}</title>
<link rel="stylesheet" href="{style}">
</head>
<body>
<header>{label}</header>
<main>
{body}
</main>
</body>
</html>
"""
)

_NAMES = {"vi": "VNPay giả lập", "en": "VNPay simulator"}
_LABELS = {
    "vi": "Trang giả lập VNPay để tập. Không có tiền thật.",
    "en": "A simulator of VNPay, for training. No real money.",
}


def page(title: str, body: Markup, *, style: str, lang: str = "vi") -> str:
    """Return a page that says that it is a simulator, in `lang` (`vi` or `en`)."""
    return _PAGE.format(
        title=title, body=body, style=style, lang=lang, name=_NAMES[lang], label=_LABELS[lang]
    )


def dong(hundredths: str, lang: str = "vi") -> str:
    """Return an amount of the wire as people write đồng in `lang`."""
    written = f"{int(hundredths) // 100:,} ₫"
    return written if lang == "en" else written.replace(",", ".")
