// Beside "Thêm vào giỏ": the price of the pack that is chosen. Without this it stands in the chosen row alone.

export function start(line) {
  const form = line.closest("form");
  const [price, pack] = [line.querySelector("span"), line.querySelector("small")];
  const show = () => {
    const row = form.querySelector("input[name=pack]:checked")?.closest(".chon");
    if (!row) return;
    price.textContent = row.querySelector(".gia").firstChild.textContent;
    pack.textContent = row.querySelector("b").textContent;
    line.hidden = false;
  };
  form.addEventListener("change", show);
  show();
}
