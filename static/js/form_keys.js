/* Moving through the sheet by keyboard. */
"use strict";

(() => {
  const { all, of, field } = window.Rows;

  function step(from, by) {
    const editable = all.filter((row) => field(row, from.name));
    const at = editable.findIndex((row) => row.form === from.form);
    const next = editable[at + by] && field(editable[at + by], from.name);
    if (!next) return;
    next.focus();
    next.select?.();
  }

  document.addEventListener("keydown", (event) => {
    const row = of(event.target);
    if (!row) return;
    const press = (value) => row.element.querySelector(`button[name="answer"][value="${value}"]`);
    if (event.key === "F8" && press("zero")) {
      event.preventDefault();
      press("zero").click();
    } else if (event.key === "F9" && press("no_data")) {
      event.preventDefault();
      const details = row.element.querySelector("details.no-data");
      details.open = true;
      details.querySelector("textarea").focus();
    } else if (event.target.tagName === "INPUT" && ["ArrowUp", "ArrowDown", "Enter"].includes(event.key)) {
      event.preventDefault();
      if (event.key === "Enter") window.Form.leave(row);
      step(event.target, event.key === "ArrowUp" ? -1 : 1);
    }
  });
})();
