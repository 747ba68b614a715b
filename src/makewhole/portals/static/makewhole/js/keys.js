// Keys for who decides all day: one letter each, never while somebody types, never with Ctrl, Alt or Meta, and they can
// be turned off (the machine remembers it). "?" shows them; so does the button, which is there only with scripts.
const OFF = "keys:off";

export function keysAreOff() {
  return localStorage[OFF] === "1";
}

export function onKeys(actions) {
  const dialog = document.getElementById("keys");
  const button = document.querySelector("[data-keys-button]");
  const off = document.querySelector("[data-keys-off]");
  if (button) button.hidden = false;
  document.body.classList.toggle("keys-off", keysAreOff());
  button?.addEventListener("click", () => dialog?.showModal());
  if (off) {
    off.checked = keysAreOff();
    off.addEventListener("change", () => {
      localStorage[OFF] = off.checked ? "1" : "";
      document.body.classList.toggle("keys-off", off.checked);
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat && event.key === "?") return;
    if (typesIn(event.target) || document.querySelector("dialog[open]")) return;
    if (keysAreOff()) return;
    if (event.key === "?" && dialog) {
      event.preventDefault();
      dialog.showModal();
      return;
    }
    const action = actions[event.key];
    if (action && action(event) !== false) event.preventDefault();
  });
}

function typesIn(target) {
  return target instanceof Element && target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]") !== null;
}

export function follow(link) {
  if (link) link.click();
  return Boolean(link);
}
