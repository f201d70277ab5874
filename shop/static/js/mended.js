// Takes the red off a field as soon as something else is typed into it, and the list of faults with the last of
// them; without this all stay until the form is sent again.

export function start(list) {
  document.addEventListener("input", ({ target }) => {
    if (target.getAttribute("aria-invalid") !== "true") return;
    target.removeAttribute("aria-invalid");
    document.querySelector(`[data-part=offers][data-for="${CSS.escape(target.id)}"]`)?.remove();
    document.getElementById(`loi-${target.name}`)?.remove();
    if (!document.querySelector(".loi-chu")) list.remove();
  });
}
