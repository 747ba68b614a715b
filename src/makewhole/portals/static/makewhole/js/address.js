// The parts of an address follow its country as soon as it is chosen, with what was typed in them. Without this script, or
// without an answer, they follow when the form is sent.
for (const address of document.querySelectorAll("[data-address]")) {
  const country = address.querySelector("[name=country]");
  let asked = null;
  country.addEventListener("change", async () => {
    asked?.abort();
    asked = new AbortController();
    try {
      const answer = await fetch(address.dataset.address, {
        method: "POST",
        body: new FormData(country.form),
        signal: asked.signal,
      });
      if (answer.ok) address.querySelector("[data-parts]").innerHTML = await answer.text();
    } catch {
      // the next choice asks again
    }
  });
}
