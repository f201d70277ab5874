// − number +: changes the number in place. In a form marked data-sends the change is sent after a pause.

const PAUSE = 600;
const waiting = new Map();

export function start(stepper) {
  const input = stepper.querySelector("input");
  const [less, more] = stepper.querySelectorAll("button");
  const least = Number(input.dataset.least);
  const most = input.dataset.most ? Number(input.dataset.most) : Infinity;

  const show = (wanted) => {
    const number = Math.min(most, Math.max(least, wanted));
    input.value = String(number);
    less.disabled = number <= least;
    more.disabled = number >= most;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    sendLater(input.form);
  };
  const press = (step) => (event) => {
    event.preventDefault();
    show((parseInt(input.value, 10) || least) + step);
  };
  less.addEventListener("click", press(-1));
  more.addEventListener("click", press(+1));
}

function sendLater(form) {
  if (!form || !("sends" in form.dataset)) return;
  clearTimeout(waiting.get(form)?.timer);
  waiting.set(form, { form, timer: setTimeout(() => form.requestSubmit(), PAUSE) });
}

// Whoever leaves by a link before the pause is over takes the change along.
addEventListener("click", async (event) => {
  const link = event.target.closest("a[href]");
  if (!link || waiting.size === 0 || event.defaultPrevented) return;
  event.preventDefault();
  const changes = [...waiting.values()];
  waiting.clear();
  for (const { form, timer } of changes) {
    clearTimeout(timer);
    await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" }).catch(() => {});
  }
  location.assign(link.href);
});
