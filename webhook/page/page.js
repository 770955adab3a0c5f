// What the page does beyond what it does without a script: it keeps itself up to date, and explains
// without being loaded again. Whatever the server sends is taken over as nodes that it escaped.
"use strict";
(() => {
  const kParts = ["status", "cluster-part", "decisions-part", "rules-part", "policies-part"];
  const kEvery = 10000;
  const live = document.getElementById("live");
  const note = document.getElementById("live-note");
  const form = document.getElementById("explain-form");

  const fetchPage = async (url, options) => {
    const answer = await fetch(url, { ...options, credentials: "omit", redirect: "error" });
    const text = await answer.text();
    if (!answer.ok) throw new Error(text.trim() || answer.statusText);
    return new DOMParser().parseFromString(text, "text/html");
  };

  // Only what differs, so that a screen reader or a selection is not disturbed by the same again.
  const takeOver = (fresh, id) => {
    const there = document.getElementById(id);
    const comes = fresh.getElementById(id);
    if (!comes || there.innerHTML === comes.innerHTML) return;
    there.replaceChildren(...comes.childNodes);
  };

  const update = async () => {
    if (!live.checked || document.hidden) return;
    try {
      const fresh = await fetchPage("/");
      for (const id of kParts) takeOver(fresh, id);
      if (note.textContent !== "") note.textContent = "";
    } catch (error) {
      const words = "Not up to date: Ballast does not answer.";
      if (note.textContent !== words) note.textContent = words;
    }
  };

  document.getElementById("live-label").hidden = false;
  live.checked = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  live.addEventListener("change", update);
  document.addEventListener("visibilitychange", update);
  setInterval(update, kEvery);

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const place = document.getElementById("explain-part");
    place.setAttribute("aria-busy", "true");
    try {
      const body = new URLSearchParams(new FormData(form));
      takeOver(await fetchPage("/explain", { method: "POST", body }), "explain-part");
    } catch (error) {
      const words = document.createElement("p");
      words.className = "alarm";
      words.textContent = error.message;
      place.replaceChildren(words);
    }
    place.removeAttribute("aria-busy");
    document.getElementById("explained").focus();
  });
})();
