// Keeps what was typed into a form marked data-keep, in this tab only, until it was sent and taken. Never a password,
// an account, or a file.
const PREFIX = "typed:";

export function keepTyping(page) {
  const taken = !page.querySelector(".refused");
  for (const key of Object.keys(sessionStorage).filter((name) => name.startsWith(PREFIX))) {
    if (taken && JSON.parse(sessionStorage[key]).sent) sessionStorage.removeItem(key);
  }
  for (const form of page.querySelectorAll("form[data-keep]")) keep(form);
}

function keep(form) {
  const key = PREFIX + new URL(form.action, location).pathname;
  const kept = JSON.parse(sessionStorage[key] ?? "null");
  if (kept && !page_has_an_answer(form)) put(form, kept.fields);
  const save = (sent) => (sessionStorage[key] = JSON.stringify({ fields: typed(form), sent }));
  form.addEventListener("input", () => save(false));
  form.addEventListener("submit", () => save(true));
}

// A refused form comes back from the server with what was typed in it.
function page_has_an_answer(form) {
  return form.querySelector(".error") !== null;
}

function fields(form) {
  return [...form.elements].filter(
    (field) => field.name && !["hidden", "password", "file", "submit"].includes(field.type) && field.autocomplete !== "off",
  );
}

function typed(form) {
  return fields(form).map((field) => [field.name, field.value, ["checkbox", "radio"].includes(field.type) ? field.checked : null]);
}

function put(form, kept) {
  let changed = false;
  for (const [name, value, checked] of kept) {
    for (const field of fields(form).filter((each) => each.name === name)) {
      if (checked === null ? field.value !== value : field.value === value && field.checked !== checked) {
        if (checked === null) field.value = value;
        else field.checked = checked;
        changed = true;
      }
    }
  }
  const said = form.querySelector("[data-kept]");
  if (changed && said) said.hidden = false;
  if (changed) form.closest("details")?.setAttribute("open", "");
}
