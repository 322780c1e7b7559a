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

  /* `send(row)` for each row that is put back; what another tab holds is that tab's. */
  function restore(send, elsewhere) {
    const changes = [];
    const lost = [];
    for (const [name, fields] of window.Kept.all()) {
      const row = named(name);
      if (elsewhere.has(name) || (row && row.state !== "still")) continue;
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
      const before = { ...window.Rows.fieldsOf(row), answer: row.element.dataset.answer };
      put(row, typed);
      row.typed += 1;
      changes.push({ row, before: without(before), after: without({ ...typed, answer }) });
      send(row, isAnswered ? { answer } : {});
    }
    window.Undo.record(changes.filter(({ row }) => row.isCell));
    tell(changes.length, lost);
  }

  function without({ revision, answer, ...words }) {
    return answer ? { ...words, answer } : words;
  }

  function tell(restored, lost) {
    const place = document.getElementById("restored");
    if (restored) {
      const back = document.createElement("button");
      back.type = "button";
      back.className = "as-link";
      back.textContent = "不恢复，改回原来的";
      back.addEventListener("click", () => {
        window.Undo.undo();
        place.hidden = true;
      });
      place.append(`已恢复上次没有保存的 ${restored} 项内容，正在保存。`, back);
    }
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
