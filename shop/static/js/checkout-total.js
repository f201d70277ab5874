// The total follows the chosen way of delivery at once; without this the button "Tính lại tiền" asks the server.

export function start(form) {
  const locale = document.documentElement.lang === "en" ? "en-GB" : "vi-VN";
  const money = (amount) => `${amount.toLocaleString(locale)}\u00a0₫`;
  const put = (selector, text) => {
    for (const element of form.querySelectorAll(selector)) element.textContent = text;
  };
  const show = () => {
    const row = form.querySelector("input[name=delivery_method]:checked")?.closest(".chon");
    if (row) {
      const fee = Number(row.querySelector(".gia").textContent.replace(/\D/g, ""));
      const total = Number(form.dataset.goods) + fee;
      put("[data-fee]", row.querySelector(".gia").textContent.trim());
      put("[data-method]", row.querySelector("b").textContent.trim());
      put("[data-total]", money(total));
      form.elements.total_vnd.value = String(total);
      form.elements.seen.value = `${form.dataset.goods}-${fee}`;
    }
    const way = form.querySelector("input[name=payment_way]:checked")?.value;
    for (const line of form.querySelectorAll("[data-way]")) line.hidden = line.dataset.way !== way;
  };
  form.elements.recount.hidden = true;
  form.addEventListener("change", show);
  show();
}
