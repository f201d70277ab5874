// Filters of the goods: the button says how many fit what is chosen right now. Without it the button says "Xem món".

export function start(form) {
  const button = form.querySelector("button[type=submit]:not([hidden], [name])");
  let asking = 0;
  const count = async () => {
    const mine = (asking += 1);
    const chosen = new URLSearchParams(new FormData(form));
    const answer = await fetch(`${form.dataset.url}?${chosen}`).catch(() => null);
    if (mine === asking && answer?.ok) button.textContent = await answer.text();
  };
  form.addEventListener("change", count);
  button.textContent = form.dataset.words;
}
