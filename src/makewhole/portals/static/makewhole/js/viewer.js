// A picture enlarged and turned. Without scripts the picture itself is one link away, and the browser enlarges it.
import { follow, onKeys } from "./keys.js";

// A photo at 1 is whole in its stage; a page at 1 is as wide as it is read with ease, and may be made smaller.
const STEPS = [0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6];
const panes = [...document.querySelectorAll("[data-pane]")].map(ready).filter(Boolean);
let current = panes[0];

// A pane has one photo, or the pages of a PDF: they are enlarged together, and turned each by itself.
function ready(pane) {
  const stage = pane.querySelector("[data-stage]");
  if (!stage) return null;
  const pictures = [...stage.querySelectorAll("[data-picture]")];
  const shown = { stage, pictures, says: pane.querySelector("[data-says]"), zoom: 1, quarters: new Map() };
  shown.steps = stage.classList.contains("pages") ? STEPS : STEPS.filter((step) => step >= 1);
  for (const picture of pictures) {
    picture.style.setProperty("--shape", picture.getAttribute("width") / picture.getAttribute("height") || 1);
    picture.addEventListener("dblclick", () => change(shown, shown.zoom > 1 ? "whole" : "in"));
  }
  const tools = pane.querySelector("[data-tools]");
  tools.hidden = false;
  tools.addEventListener("click", (event) => {
    const what = event.target.closest("[data-do]")?.dataset.do;
    if (what) change(shown, what);
  });
  pane.addEventListener("focusin", () => (current = shown));
  pane.addEventListener("pointerdown", () => (current = shown));
  drag(stage);
  return shown;
}

function change(shown, what) {
  if (!shown) return false;
  const { stage, pictures, steps, zoom } = shown;
  const picture = inSight(shown);
  keepInPlace(stage, picture, () => {
    if (what === "in") enlarge(shown, steps.find((step) => step > zoom) ?? zoom);
    if (what === "out") enlarge(shown, steps.findLast((step) => step < zoom) ?? zoom);
    if (what === "left") turn(shown, picture, -1);
    if (what === "right") turn(shown, picture, 1);
    if (what === "whole") {
      for (const each of pictures) turn(shown, each, -(shown.quarters.get(each) ?? 0));
      enlarge(shown, 1);
      enlarge(shown, Math.min(1, (stage.clientHeight - 16) / picture.getBoundingClientRect().height));
    }
  });
  if (what === "whole") stage.scrollTop += picture.getBoundingClientRect().top - stage.getBoundingClientRect().top - 8;
  shown.says.textContent = stage.dataset.percent
    .replace("{zoom}", Math.round(shown.zoom * 100))
    .replace("{page}", pictures.indexOf(picture) + 1);
  return true;
}

function enlarge(shown, zoom) {
  shown.zoom = zoom;
  shown.stage.style.setProperty("--zoom", zoom);
  shown.stage.classList.toggle("enlarged", zoom > 1);
}

function turn(shown, picture, by) {
  const quarter = (shown.quarters.get(picture) ?? 0) + by;
  shown.quarters.set(picture, quarter);
  picture.style.setProperty("--turn", `${quarter * 90}deg`);
  picture.classList.toggle("on-its-side", quarter % 2 !== 0);
}

// The picture that has the most of the stage.
function inSight({ stage, pictures }) {
  const { top, bottom } = stage.getBoundingClientRect();
  const seen = (each) => {
    const box = each.getBoundingClientRect();
    return Math.min(box.bottom, bottom) - Math.max(box.top, top);
  };
  return pictures.reduce((most, each) => (seen(each) > seen(most) ? each : most));
}

// What stands in the middle of the stage stays there while all grows or shrinks around it.
function keepInPlace(stage, picture, act) {
  const middle = stage.getBoundingClientRect().top + stage.clientHeight / 2;
  const before = picture.getBoundingClientRect();
  const part = (middle - before.top) / before.height;
  const across = (stage.scrollLeft + stage.clientWidth / 2) / stage.scrollWidth;
  act();
  const after = picture.getBoundingClientRect();
  stage.scrollTop += after.top + part * after.height - middle;
  stage.scrollLeft = across * stage.scrollWidth - stage.clientWidth / 2;
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
