/* The form's page: what is typed is kept at once, and saved when its field is left. */
"use strict";

window.Form = (() => {
  const { all, of, around, field, fieldsOf } = window.Rows;
  const { say, painted } = window.Painting;
  const Saving = window.Saving;
  const Kept = window.Kept;
  const TYPING_PAUSE = 1500; // ms after the last key, in texts only: a number is sent when it is left
  Saving.told = window.Painting.told;

  function keep(row) {
    const { confirmed, ...extra } = row.extra; // what must be agreed to is asked again
    row.isKept = Kept.put(row.name, { ...fieldsOf(row), ...extra });
  }

  function send(row, extra = {}) {
    window.clearTimeout(row.pause);
    row.extra = { ...row.extra, ...extra };
    if (row.state === "still") row.state = "typing"; // not yet sent, and nobody else's to put back
    keep(row);
    Saving.push(row);
  }

  function typedIn(row, field) {
    if (field.closest(".no-data")) return keep(row); // sent by its own button
    row.typed += 1;
    keep(row);
    if (row.state !== "typing") say(row, "typing", "saving", "正在填写");
    window.clearTimeout(row.pause);
    if (field.tagName === "TEXTAREA") row.pause = window.setTimeout(() => leave(row), TYPING_PAUSE);
  }

  /* The row's field is left: what was typed in it is sent. */
  function leave(row) {
    if (row.state === "typing") send(row);
  }

  document.addEventListener("input", (event) => {
    const row = event.target.name && event.target.type !== "file" && of(event.target);
    if (row) typedIn(row, event.target);
  });
  document.addEventListener("change", (event) => {
    const row = event.target.name && event.target.type !== "file" && of(event.target);
    if (row) leave(row);
  });
  document.addEventListener("submit", (event) => {
    const row = all.find((each) => each.form === event.target);
    if (!row) return;
    event.preventDefault();
    const pressed = event.submitter;
    const extra = pressed?.name ? { [pressed.name]: pressed.value } : {};
    if (row.isCell && ("answer" in extra || "word" in extra)) answered(row, extra);
    row.typed += 1;
    send(row, extra);
    if (row.isCell && "answer" in extra) standBy(row, extra);
  });

  /* The next key is meant for the cell, not for the button again: it stands there before the answer is saved. */
  function standBy(row, { answer }) {
    if (answer === "no_data" && !row.form.elements.no_data_reason.value.trim()) return; // its reason is asked for
    const isHere = row.element.querySelector(".pick")?.contains(document.activeElement);
    if (!isHere || window.matchMedia("(pointer: coarse)").matches) return; // no keyboard comes up unasked
    (field(row, "value_text") ?? row.element.querySelector(".cell .fixed"))?.focus();
  }

  /* A button answers the cell: a step that can be undone. */
  function answered(row, extra) {
    const { wordsOf } = window.Sheet;
    const reason = extra.answer === "no_data" ? { no_data_reason: row.form.elements.no_data_reason.value } : {};
    const after = "word" in extra ? { value_text: extra.word } : { value_text: "", ...extra, ...reason };
    window.Undo.record([{ row, before: wordsOf(row, ["value_text"]), after }]);
  }

  /* 原说明仍适用: the answer goes by itself, then its row is told anew. */
  document.addEventListener("submit", async (event) => {
    const row = event.target.classList.contains("still") && around(event.target);
    if (!row) return;
    event.preventDefault();
    event.submitter.disabled = true;
    await Saving.post(event.target.action, new FormData(event.target)).catch(() => null);
    send(row); // what did not arrive is asked again
  });

  /* Two people's values: one keeps the other's, or puts one's own in its place. */
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-keep]");
    const row = button && around(button);
    if (!row) return;
    if (button.dataset.keep === "theirs") {
      Kept.drop(row.name);
      window.Restoring.put(row, row.data.saved);
      row.form.elements.revision.value = row.data.revision;
      painted(row, row.data);
    } else if (button.type === "button") {
      send(row, { revision: row.data.revision });
    }
  });

  window.addEventListener("online", () => Saving.retry());
  document.getElementById("to-check").addEventListener("click", async (event) => {
    const busy = () => all.filter((row) => row.state === "typing" || row.state === "sending");
    if (!busy().length) return;
    event.preventDefault();
    const address = event.currentTarget.href;
    busy().forEach(leave);
    for (let tries = 0; tries < 50 && busy().length; tries += 1) await new Promise((done) => window.setTimeout(done, 100));
    const trouble = all.find((row) => row.state !== "still");
    if (trouble) trouble.element.scrollIntoView({ block: "center" });
    else window.location.assign(address);
  });
  const print = document.getElementById("print");
  print.hidden = false;
  print.addEventListener("click", () => window.print());
  document.addEventListener("DOMContentLoaded", () => // when the other scripts of the page are there
    window.Tabs.heldElsewhere().then((held) => window.Restoring.restore(send, held)));

  /* Last period's explanation as a starting point: marked until it is edited. */
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-carry]");
    if (!button) return;
    const text = button.form.elements.explanation;
    text.value = button.dataset.carry;
    text.dispatchEvent(new Event("input", { bubbles: true }));
    text.dispatchEvent(new Event("change", { bubbles: true }));
    text.focus();
    button.hidden = true;
  });

  return { send, leave, keep };
})();
