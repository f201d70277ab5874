// Under a price field: how the amount is understood, by the rules of the server's own reader. Nothing is shown
// while typing is unclear ("50,5"); the server answers that with a sentence.

const UNITS = { "": 1, đ: 1, "₫": 1, vnd: 1, đồng: 1, k: 1000, nghìn: 1000, ngàn: 1000, tr: 1e6, triệu: 1e6 };

export function amount(typed) {
  const found = /^(\d{1,3}(?:[. ]\d{3})+|\d+)\s*(\p{L}*|₫)$/u.exec(typed.trim().normalize("NFC").toLowerCase());
  const unit = found ? UNITS[found[2]] : undefined;
  if (!unit || (unit > 1 && found[1].length > 3)) return 0;
  return Number(found[1].replace(/[. ]/g, "")) * unit;
}

export function start(field) {
  const input = field.querySelector("input");
  const line = field.querySelector(".hieu-la");
  input.addEventListener("input", () => {
    const understood = amount(input.value);
    const words = `${understood.toLocaleString(document.documentElement.lang)}\u00a0₫`;
    line.textContent = understood > 0 ? field.dataset.words.replace("{}", words) : "";
  });
}
