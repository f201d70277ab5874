// "Đúng, 90.000 ₫" beside a doubtful field: one tap fills it in. Without this the button sends the form.

export function start(block) {
  const input = document.getElementById(block.dataset.for);
  block.querySelector("button[hidden]").remove();
  for (const button of block.querySelectorAll("button")) {
    button.type = "button";
    button.addEventListener("click", () => {
      document.getElementById(`loi-${input.name}`)?.remove();
      block.remove();
      input.removeAttribute("aria-invalid");
      take(input, { field: button.name, value: button.value });
    });
  }
}

// Puts what was meant into the field, or into the one that says that the value is right.
export function take(input, { field, value }) {
  if (field === input.name) input.value = value;
  else add(told(input.form, field), value);
  input.focus();
  for (const kind of ["input", "change"]) input.dispatchEvent(new Event(kind, { bubbles: true }));
}

// A field by its name: the buttons that offer a value for it bear the same name.
export function fieldOf(form, name) {
  const found = form.elements[name];
  if (!(found instanceof RadioNodeList)) return found?.tagName === "BUTTON" ? undefined : found;
  const fields = [...found].filter((one) => one.tagName !== "BUTTON");
  return fields.length < 2 ? fields[0] : found;
}

// What was said to be right before stays so.
function add(field, value) {
  field.value = [...new Set(`${field.value}; ${value}`.split("; "))].filter(Boolean).join("; ");
}

function told(form, name) {
  const known = fieldOf(form, name);
  if (known) return known;
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name });
  form.append(field);
  return field;
}
