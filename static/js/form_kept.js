/* What was typed and not saved when the page was last left: put back, and sent. */
"use strict";

window.Restoring = (() => {
  const { all, named } = window.Rows;

  /* What is folded under a cell stands open where something is in it. */
  function openFilled(row) {
    const more = row.element.querySelector("details.more");
    if (more && [...more.querySelectorAll("input, select")].some((field) => field.value)) more.open = true;
  }

  function put(row, fields) {
    for (const [name, value] of Object.entries(fields)) if (row.form.elements[name]) row.form.elements[name].value = value;
    openFilled(row);
  }

  /* `send(row)` for each row that was put back. */
  function restore(send) {
    let restored = 0;
    const lost = [];
    for (const [name, fields] of window.Kept.all()) {
      const row = named(name);
      const { answer, ...typed } = fields;
      const texts = Object.entries(typed).filter(([field]) => field !== "revision");
      if (!row || texts.some(([field, value]) => value && !row.form.elements[field])) {
        lost.push([name, texts.map(([, value]) => value).filter(Boolean).join("；")]);
        continue;
      }
      const isAnswered = answer !== undefined && answer !== row.element.dataset.answer;
      if (!isAnswered && !texts.some(([field, value]) => row.form.elements[field] && row.form.elements[field].value !== value)) {
        window.Kept.drop(name);
        continue;
      }
      put(row, typed);
      row.typed += 1;
      restored += 1;
      send(row, isAnswered ? { answer } : {});
    }
    tell(restored, lost);
  }

  function tell(restored, lost) {
    const place = document.getElementById("restored");
    if (restored) place.append(`已恢复上次没有保存的 ${restored} 项内容，正在保存。`);
    for (const [name, texts] of lost) {
      const drop = document.createElement("button");
      drop.type = "button";
      drop.className = "as-link";
      drop.textContent = "不再保留";
      const line = document.createElement("span");
      line.append(` 有一项没有保存的内容已不能填入（${texts}）。`, drop);
      drop.addEventListener("click", () => {
        window.Kept.drop(name);
        line.remove();
      });
      place.append(line);
    }
    place.hidden = !place.textContent;
  }

  window.addEventListener("beforeunload", (event) => {
    if (all.some((row) => ["typing", "sending", "away"].includes(row.state))) event.preventDefault();
  });

  return { restore, put };
})();
