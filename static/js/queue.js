/* The queue by keyboard: J and K walk through the forms, R opens one, X ticks it, A goes on to the list of what would
   be approved. Everything works without this script. */
"use strict";

const queue = document.getElementById("queue");

if (queue) {
  const links = [...queue.querySelectorAll("tbody th a")];
  const approve = document.getElementById("approve");

  const rowHere = () => document.activeElement && document.activeElement.closest("tbody tr");
  const placeHere = () => links.findIndex((link) => link.closest("tr") === rowHere());

  const walk = (step) => {
    const place = placeHere();
    const next = place < 0 ? 0 : Math.min(Math.max(place + step, 0), links.length - 1);
    if (links[next]) links[next].focus();
  };

  const tick = () => {
    const row = rowHere();
    const box = row && row.querySelector("input[name=form]");
    if (box) box.checked = !box.checked;
    recount();
  };

  const recount = () => {
    if (!approve) return;
    const ticked = queue.querySelectorAll("input[name=form]:checked").length;
    approve.textContent = ticked ? `通过勾选的 ${ticked} 张填报表` : "通过勾选的填报表";
  };

  const KEYS = {
    j: () => walk(1),
    k: () => walk(-1),
    r: () => links[placeHere()] && links[placeHere()].click(),
    x: tick,
    a: () => approve && queue.querySelector("input[name=form]:checked") && approve.click(),
  };

  const isTyping = (element) =>
    element.matches("textarea, select, input:not([type=checkbox]):not([type=radio])") || element.isContentEditable;

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
    const act = KEYS[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  });
  queue.addEventListener("change", recount);
  window.addEventListener("pageshow", recount);
}
