// Photos and papers go up as soon as they are chosen, with their progress; what cannot be used is said at once, too large
// before it is sent. Without this script the same form sends the same files with its button.
const waiting = new Set();

for (const picker of document.querySelectorAll("[data-upload]")) {
  picker.classList.add("live");
  for (const input of picker.querySelectorAll("input[type=file]")) {
    input.addEventListener("change", () => {
      const files = [...input.files];
      input.value = ""; // what goes up now is not sent with the form again
      for (const file of files) chosen(picker, file);
    });
  }
}

function chosen(picker, file) {
  const largest = Number(picker.dataset.largest);
  if (file.size > largest) {
    const size = Math.ceil(file.size / 1024 / 1024);
    unusable(picker, picker.dataset.tooLarge.replace("[name]", file.name).replace("[size]", size));
    return;
  }
  const row = shown(picker, file);
  const going = send(picker, file, (part) => row.bar.setAttribute("value", part))
    .then((page) => answered(picker, page))
    .catch(() => unusable(picker, picker.dataset.failed))
    .finally(() => {
      row.item.remove();
      URL.revokeObjectURL(row.image.src);
      waiting.delete(going);
    });
  waiting.add(going);
}

function shown(picker, file) {
  const item = document.createElement("div");
  item.className = "going";
  const image = document.createElement("img");
  image.alt = "";
  image.width = image.height = 72;
  if (file.type.startsWith("image/")) image.src = URL.createObjectURL(file);
  image.addEventListener("error", () => image.remove());
  const name = document.createElement("span");
  name.className = "kept-name";
  name.textContent = `${file.name}: ${picker.dataset.sending}`;
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.setAttribute("aria-label", file.name);
  item.append(...(image.src ? [image] : []), name, bar);
  picker.querySelector("[data-files]").after(item);
  return { item, bar, image };
}

// One after the other: a phone's line carries one photo sooner than five at once, and each answer lists them all.
let last = Promise.resolve();
function send(picker, file, progress) {
  const turn = last.then(
    () =>
      new Promise((done, failed) => {
        const form = picker.closest("form");
        const body = new FormData();
        for (const name of ["csrfmiddlewaretoken", "form"]) body.append(name, form.elements[name].value);
        body.append("slot", picker.dataset.slot);
        body.append("file", file, file.name);
        const request = new XMLHttpRequest();
        request.open("POST", picker.dataset.upload);
        request.upload.addEventListener("progress", (at) => at.lengthComputable && progress(at.loaded / at.total));
        request.addEventListener("load", () =>
          [200, 422].includes(request.status) ? done(request.responseText) : failed(new Error(request.status)),
        );
        request.addEventListener("error", () => failed(new Error("no answer")));
        request.send(body);
      }),
  );
  last = turn.catch(() => {});
  return turn;
}

function answered(picker, page) {
  const list = picker.querySelector("[data-files]");
  const said = [...list.querySelectorAll(".unusable li")]; // what was said of other files stays
  list.innerHTML = page;
  for (const each of said) told(list).append(each);
  const saved = document.querySelector("[data-saved]");
  if (saved) saved.textContent = picker.dataset.savedNow;
  document.querySelector(".step-none")?.remove();
}

function unusable(picker, words) {
  const item = document.createElement("li");
  item.textContent = words;
  told(picker.querySelector("[data-files]")).append(item);
}

function told(list) {
  let faults = list.querySelector(".unusable ul");
  if (!faults) {
    const box = document.createElement("div");
    box.className = "unusable";
    box.setAttribute("role", "alert");
    faults = document.createElement("ul");
    box.append(faults);
    list.prepend(box);
  }
  return faults;
}

// The form waits for what is on its way, and then goes by itself.
document.addEventListener(
  "submit",
  (event) => {
    if (!waiting.size) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { target, submitter } = event;
    submitter?.setAttribute("aria-busy", "true");
    Promise.allSettled([...waiting]).then(() => {
      submitter?.removeAttribute("aria-busy");
      if (!target.querySelector(".unusable")) target.requestSubmit(submitter);
    });
  },
  true,
);
