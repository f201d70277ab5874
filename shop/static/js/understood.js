// Under a price field: how the amount is understood, by the rules of the server's own reader. Nothing is shown
// while typing is unclear ("50,5") or too little to be a price; the server answers that with a sentence.

const UNITS = { "": 1, đ: 1, "₫": 1, vnd: 1, đồng: 1, k: 1000, nghìn: 1000, ngàn: 1000, tr: 1e6, triệu: 1e6 };

const SHAPE = /^([1-9]\d{0,2}(?:([. ])\d{3})(?:\2\d{3})*|\d+) ?(\p{L}*|₫)$/u;
const HIGHEST_VND = 1e9;
const LONGEST = 40;

export function amount(typed) {
  const found = SHAPE.exec(typed.trim().normalize("NFC").toLowerCase());
  const unit = found && typed.length <= LONGEST ? UNITS[found[3]] : undefined;
  if (!unit || (unit > 1 && found[1].length > 3)) return 0;
  const vnd = Number(found[1].replace(/[. ]/g, "")) * unit;
  return vnd <= HIGHEST_VND ? vnd : 0;
}

export function start(field) {
  const input = field.querySelector("input");
  const line = field.querySelector(".hieu-la");
  input.addEventListener("input", () => {
    const understood = amount(input.value);
    const words = `${understood.toLocaleString(document.documentElement.lang)}\u00a0₫`;
    line.textContent = understood > 0 && understood >= Number(field.dataset.least) ? field.dataset.words.replace("{}", words) : "";
  });
}
