/* The page of a form under review: the foot's buttons recount themselves, keys for those who review many.
   Every button works without this script; the server counts again. */
"use strict";

const foot = document.getElementById("foot");
const ticks = [...document.querySelectorAll("input.back")];

const filled = (element, ticked, open) =>
  (ticked || !element.dataset.none ? element.dataset.words : element.dataset.none)
    .replace("{n}", ticked)
    .replace("{m}", open - ticked);

function recount() {
  const open = Number(foot.dataset.open);
  const ticked = ticks.filter((tick) => tick.checked).length;
  const comment = document.getElementById("comment");
  const said = comment !== null && comment.value.trim() !== "";
  const [approve, back, both] = ["approve", "return", "return-and-publish"].map((id) => document.getElementById(id));
  document.getElementById("count").textContent = filled(document.getElementById("count"), ticked, open);
  approve.textContent = filled(approve, ticked, open);
  back.textContent = ticked ? filled(back, ticked, open) : back.dataset.bare;
  if (both) both.textContent = filled(both, ticked, open);
  approve.hidden = ticked > 0;
  back.hidden = ticked === 0 && !said;
  if (both) both.hidden = ticked === 0 || ticked === open;
  if (both) both.classList.toggle("btn-primary", !both.hidden);
  back.classList.toggle("btn-primary", approve.hidden && (!both || both.hidden));
  const again = document.getElementById("send-back");
  if (again) again.hidden = ticked > 0 || !said;
}

function openReasons(tick) {
  const row = tick.closest("tr");
  const reasons = row ? row.nextElementSibling : tick.closest("li").querySelector(".reasons");
  if (!tick.checked || !reasons || !reasons.classList.contains("reasons")) return;
  const first = reasons.querySelector("input, textarea");
  if (first) first.focus({ preventScroll: false });
}

function tickHere() {
  const row = document.activeElement.closest("tr, li.told");
  const near = row && (row.querySelector("input.back") || (row.previousElementSibling || row).querySelector("input.back"));
  const tick = near || ticks.find((each) => !each.checked && each.closest("details:not([open])") === null);
  if (!tick) return;
  tick.checked = !tick.checked;
  recount();
  if (tick.checked) openReasons(tick);
  else tick.focus();
}

function press(id) {
  const button = document.getElementById(id);
  if (button && !button.hidden) button.click();
}

function go(address) {
  if (address) window.location.assign(address);
}

const KEYS = {
  j: () => go(foot.dataset.next),
  k: () => go(foot.dataset.previous),
  a: () => press("approve"),
  r: () => press("return"),
  x: tickHere,
};

function isTyping(element) {
  return element.matches("textarea, select, input:not([type=checkbox]):not([type=radio])") || element.isContentEditable;
}

const here = document.querySelector(".queue .on");
if (here) {
  const list = here.parentElement;
  list.scrollTop = here.offsetTop - list.offsetTop - list.clientHeight / 2 + here.clientHeight / 2;
}

if (foot) {
  document.addEventListener("change", (event) => {
    if (event.target.matches("input.back")) recount();
  });
  document.addEventListener("input", (event) => {
    if (event.target.id === "comment") recount();
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
    const act = KEYS[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  });
  window.addEventListener("pageshow", recount);
  recount();
}
