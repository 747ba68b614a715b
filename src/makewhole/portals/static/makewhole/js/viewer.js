// A picture enlarged and turned. Without scripts the picture itself is one link away, and the browser enlarges it.
import { follow, onKeys } from "./keys.js";

const STEPS = [1, 1.5, 2, 3, 4, 6];
const panes = [...document.querySelectorAll("[data-pane]")].map(ready).filter(Boolean);
let current = panes[0];

function ready(pane) {
  const picture = pane.querySelector("[data-picture]");
  if (!picture) return null;
  const stage = pane.querySelector("[data-stage]");
  const says = pane.querySelector("[data-says]");
  const shown = { picture, stage, says, step: 0, quarter: 0 };
  const tools = pane.querySelector("[data-tools]");
  tools.hidden = false;
  tools.addEventListener("click", (event) => {
    const what = event.target.closest("[data-do]")?.dataset.do;
    if (what) change(shown, what);
  });
  pane.addEventListener("focusin", () => (current = shown));
  pane.addEventListener("pointerdown", () => (current = shown));
  picture.addEventListener("dblclick", () => change(shown, shown.step ? "whole" : "in"));
  drag(stage);
  return shown;
}

function change(shown, what) {
  if (!shown) return false;
  if (what === "in") shown.step = Math.min(shown.step + 1, STEPS.length - 1);
  if (what === "out") shown.step = Math.max(shown.step - 1, 0);
  if (what === "left") shown.quarter -= 1;
  if (what === "right") shown.quarter += 1;
  if (what === "whole") shown.step = shown.quarter = 0;
  const zoom = STEPS[shown.step];
  shown.picture.style.setProperty("--zoom", zoom);
  shown.picture.style.setProperty("--turn", `${shown.quarter * 90}deg`);
  shown.stage.classList.toggle("enlarged", zoom > 1);
  shown.stage.classList.toggle("on-its-side", shown.quarter % 2 !== 0);
  shown.says.textContent = shown.picture.dataset.percent.replace("{}", Math.round(zoom * 100));
  return true;
}

function drag(stage) {
  let from = null;
  stage.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse") return;
    from = { x: event.clientX + stage.scrollLeft, y: event.clientY + stage.scrollTop };
  });
  addEventListener("pointermove", (event) => {
    if (from) stage.scrollTo(from.x - event.clientX, from.y - event.clientY);
  });
  addEventListener("pointerup", () => (from = null));
  stage.addEventListener("dragstart", (event) => event.preventDefault());
}

onKeys({
  j: () => follow(document.querySelector("[data-key-next]")),
  k: () => follow(document.querySelector("[data-key-previous]")),
  u: () => follow(document.querySelector("[data-key-back]")),
  "+": () => change(current, "in"),
  "=": () => change(current, "in"),
  "-": () => change(current, "out"),
  "[": () => change(current, "left"),
  "]": () => change(current, "right"),
  0: () => change(current, "whole"),
});
