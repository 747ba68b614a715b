// A file that is too large is said before it is sent: where it was chosen, with the words that the page brings.
for (const input of document.querySelectorAll("input[type=file][data-largest]")) {
  input.addEventListener("change", () => check(input));
}

function check(input) {
  const largest = Number(input.dataset.largest);
  const big = [...input.files].filter((file) => file.size > largest);
  let said = input.parentElement.querySelector("[data-said]");
  said?.remove();
  if (!big.length) return;
  said = document.createElement("p");
  said.className = "error";
  said.dataset.said = "";
  said.setAttribute("role", "alert");
  said.textContent = big
    .map((file) =>
      input.dataset.tooLarge.replace("[name]", file.name).replace("[size]", Math.ceil(file.size / 1024 / 1024)),
    )
    .join(" ");
  input.before(said);
  // The others stay chosen.
  const rest = new DataTransfer();
  for (const file of input.files) if (file.size <= largest) rest.items.add(file);
  input.files = rest.files;
}
