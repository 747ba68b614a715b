// The desk of who decides: the worklist and the claim by keys, what a decision leaves open, and prepared words.
// Everything here is also a link or a button.
import { follow, onKeys } from "./keys.js";

const rows = () => [...document.querySelectorAll("[data-row]")];
const open = (row) => row.querySelector("[data-open]");

function step(by) {
  const all = rows();
  if (!all.length) return follow(document.querySelector(by > 0 ? "[data-key-next]" : "[data-key-previous]"));
  const at = all.findIndex((row) => row.contains(document.activeElement));
  const next = all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)];
  open(next).focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function goTo(id) {
  const part = document.getElementById(id);
  if (!part) return false;
  part.scrollIntoView({ block: "start" });
  part.focus({ preventScroll: true });
  return true;
}

function decide() {
  const form = document.querySelector(".desk-decide .act[open] form, .desk-decide .answer[open] form");
  const field = form?.querySelector("input:not([type=hidden]):not([disabled]), textarea, select, button");
  if (!field) return goTo("decide");
  field.scrollIntoView({ block: "nearest" });
  field.focus();
  field.select?.();
  return true;
}

function choose() {
  const row = document.activeElement?.closest("[data-row]");
  const box = row?.querySelector("input[name=claim]");
  if (!box) return false;
  box.click();
  return true;
}

const onTheClaim = document.querySelector("[data-desk]");
onKeys({
  j: () => step(1),
  k: () => step(-1),
  x: choose,
  n: () => follow(document.querySelector("[data-next-page]")),
  "/": () => document.getElementById("find")?.focus() ?? Boolean(document.getElementById("find")),
  ...(onTheClaim && {
    d: decide,
    a: () => follow(document.querySelector("[data-key-assign]")),
    e: () => follow(document.querySelector("[data-key-evidence]")),
    u: () => follow(document.querySelector("[data-key-back]")),
    f: () => goTo("file"),
    c: () => goTo("checks"),
    s: () => goTo("similar"),
    m: () => goTo("money"),
    l: () => goTo("log"),
  }),
});

// Choosing several ---------------------------------------------------------------------------------------------

function saysHowMany() {
  const boxes = [...document.querySelectorAll("input[name=claim][form=bulk]")];
  const number = boxes.filter((box) => box.checked).length;
  document.querySelector(".bulk-bar")?.classList.toggle("with-some", number > 0);
  const says = document.querySelector("[data-chosen]");
  if (says) says.textContent = number ? String(number) : "";
  const all = document.querySelector("[data-all]");
  if (all) {
    all.checked = number > 0 && number === boxes.length;
    all.indeterminate = number > 0 && number < boxes.length;
  }
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-all]")) {
    for (const box of document.querySelectorAll("input[name=claim][form=bulk]")) box.checked = event.target.checked;
  }
  if (event.target.matches("[data-all], input[name=claim]")) saysHowMany();
});
addEventListener("pageshow", saysHowMany);

// A table that is wider than its place is scrolled by keys too.
for (const part of document.querySelectorAll(".desk .scroll")) {
  if (part.scrollWidth > part.clientWidth) part.tabIndex = 0;
}

// On a narrow page the filters begin folded.
function fold(page) {
  if (matchMedia("(max-width: 999px)").matches) {
    for (const part of page.querySelectorAll("[data-folds]")) part.removeAttribute("open");
  }
}
fold(document);
document.addEventListener("htmx:afterSwap", () => {
  fold(document);
  saysHowMany();
});

// A decision and what it leaves --------------------------------------------------------------------------------

const form = document.querySelector("[data-decide]");
const needs = form?.querySelector("[data-needs]");
if (form && needs) {
  const { currency, digits, approved, alone, authority } = needs.dataset;
  const money = new Intl.NumberFormat(document.documentElement.lang || "en", { style: "currency", currency });
  const minor = (field) => {
    const text = (field?.value ?? "").trim().replace(/,(?=\d{3}(\D|$))/g, "");
    return /^\d+(\.\d*)?$/.test(text) ? Math.round(Number(text) * 10 ** digits) : 0;
  };
  const tell = () => {
    let total = Number(approved);
    let some = false;
    for (const approve of form.querySelectorAll("[data-approve]")) {
      const refuse = form.querySelector(`[data-refuse="${approve.dataset.approve}"]`);
      const left = Number(approve.dataset.open) - minor(approve) - minor(refuse);
      total += minor(approve);
      some ||= minor(approve) > 0 || minor(refuse) > 0;
      const rest = approve.closest("fieldset").querySelector("[data-rest]");
      rest.textContent = rest.dataset.rest.replace("{}", money.format(left / 10 ** digits));
      rest.classList.toggle("error", left < 0);
    }
    const need = !some ? "" : total > Number(authority) ? "above" : total > Number(alone) ? "second" : "alone";
    for (const said of needs.querySelectorAll("[data-need]")) said.hidden = said.dataset.need !== need;
  };
  form.addEventListener("input", tell);
  tell();
}

// Prepared reasons ---------------------------------------------------------------------------------------------

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-prepare]");
  const form = link?.closest("form");
  if (!form) return;
  event.preventDefault();
  for (const [name, value] of Object.entries(JSON.parse(link.dataset.prepare))) fill(form, name, value);
});

function fill(form, name, value) {
  const fields = form.querySelectorAll(`[name="${name}"]`);
  for (const field of fields) {
    if (field.type === "checkbox" || field.type === "radio") field.checked = [value].flat().includes(field.value);
    else field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    if (field.matches("textarea")) field.focus();
  }
}
