/* What every page needs: the token that Django asks of a request that writes. */
"use strict";

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("input[name=csrfmiddlewaretoken]");
  if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token.value;
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    document.body.classList.toggle("a3", button.dataset.print === "a3");
    window.print();
  });
}
window.addEventListener("afterprint", () => document.body.classList.remove("a3"));

/* The key to what is kept (kept.js) stays in this window only as long as its person does. */
(() => {
  if (document.querySelector("[data-lost]")) return;
  try {
    const keeping = JSON.parse(window.sessionStorage.getItem("keeping") ?? "null");
    const person = document.getElementById("session")?.dataset.person;
    if (keeping && keeping.person !== person) window.sessionStorage.removeItem("keeping");
  } catch {
    /* no storage, nothing in it */
  }
})();
