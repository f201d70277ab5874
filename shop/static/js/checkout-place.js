// Once the place is known the form is sent to be counted, which never orders, and what depends on the place is put in:
// which place is meant, ways of delivery with fee and day, ways to pay, the total. Without an answer the form stays as
// it is: the shop counts again before it takes an order.

const PLACE = new Set(["commune", "commune_code", "province_code"]);

export function start(form) {
  let asking = null;
  const ask = async () => {
    asking?.abort();
    const mine = (asking = new AbortController());
    const body = new URLSearchParams(new FormData(form));
    body.set("recount", "1");
    if (!form.querySelector("[data-voucher]")) body.delete("voucher"); // a code is looked at when it is sent
    const sent = body.toString();
    try {
      const answer = await fetch(form.action, { method: "POST", body, signal: mine.signal, headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (mine === asking && !("sent" in form.dataset)) put(page, sent);
    } catch {
      // no network, or asked anew
    }
  };
  const put = (page, sent) => {
    const fresh = page.querySelector("form[data-goods]");
    if (!fresh) return;
    const before = new URLSearchParams(sent);
    const chosen = new FormData(form);
    for (const part of form.querySelectorAll("[data-fresh]")) {
      const other = fresh.querySelector(`[data-fresh=${part.dataset.fresh}]`);
      if (!other || part.innerHTML === other.innerHTML) continue;
      const had = part.contains(document.activeElement) ? document.activeElement : null;
      part.replaceChildren(...other.childNodes);
      if (had?.name) part.querySelector(`[name="${had.name}"][value="${had.value}"]`)?.focus();
    }
    if (form.querySelector("[data-fresh=noi-nao] [name=asked_for]")) { // asked once more: the answer is given there
      for (const old of form.querySelectorAll("[data-part=communes] input[type=hidden]:not([name=written_commune])")) old.remove();
    }
    form.dataset.goods = fresh.dataset.goods;
    for (const name of ["total_vnd", "seen"]) form.elements[name].value = fresh.elements[name].value;
    for (const name of ["delivery_method", "payment_way"]) { // chosen while the answer was on its way
      if (chosen.get(name) === before.get(name)) continue;
      const choice = form.querySelector(`[name=${name}][value="${chosen.get(name)}"]`);
      if (choice && !choice.disabled) choice.checked = true;
    }
    form.dispatchEvent(new Event("change"));
    const line = form.querySelector("[data-told]");
    const way = form.querySelector("input[name=delivery_method]:checked")?.closest(".chon");
    if (line && way) line.textContent = `${[...way.querySelectorAll("b, .gia, small")].map((one) => one.textContent.trim()).join(", ")}. ${form.querySelector(".chot").textContent.trim()}`;
  };
  form.addEventListener("change", (event) => {
    if (PLACE.has(event.target.name) && form.elements.commune.value.trim()) ask();
  });
  const restored = () => { // by "back": the place as it was typed, the total as it was sent
    if (form.elements.commune.value.trim() !== form.elements.commune.defaultValue.trim()) ask();
  };
  if (document.readyState === "complete") restored();
  else addEventListener("load", restored, { once: true });
}
