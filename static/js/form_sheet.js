/* The sheet as rows and columns: which field stands where, and putting words into a row as its writer would. */
"use strict";

window.Sheet = (() => {
  const { named, field, of } = window.Rows;
  /* The columns that one moves through, and those that a block can be pasted into. */
  const MOVED = ["value_text", "as_of_text", "explanation"];
  const PASTED = [
    ["value_text", "本期"], ["as_of_text", "截至日期"], ["explanation", "说明"], ["data_source", "数据来源"],
    ["last_year_text", "上年同期数（可比口径）"], ["growth_text", "同比增速（可比价）"], ["growth_source", "增速来源"],
  ];
  const elements = [...document.querySelectorAll("[data-cell]")];
  const places = new Map(elements.map((element, order) => [element, order]));

  const nameOf = (element) => element.querySelector("th a")?.textContent.trim() ?? "";
  const rowAt = (order) => elements[order] && named(`cell-${elements[order].dataset.cell}`);

  /* Where a field stands: { order, column }, or null outside the sheet. */
  function placeOf(input) {
    const row = of(input);
    if (!row?.isCell) return null;
    return { order: places.get(row.element), column: input.name, row };
  }

  /* The nearest field in a direction that can be written in, in the same column. */
  function next(place, by) {
    for (let order = place.order + by; order >= 0 && order < elements.length; order += by) {
      const row = rowAt(order);
      const found = row && (field(row, place.column) ?? standing(row, place.column));
      if (found) return found;
    }
    return null;
  }

  /* A cell that holds a word instead of a field (确认为零) is passed through as well. */
  function standing(row, column) {
    return column === "value_text" ? row.element.querySelector(".cell .fixed") : null;
  }

  function beside(place, by) {
    const at = MOVED.indexOf(place.column);
    return at < 0 || !MOVED[at + by] ? null : field(place.row, MOVED[at + by]);
  }

  function go(input) {
    if (!input) return false;
    input.focus();
    if (input.tagName === "INPUT") input.select();
    return true;
  }

  /* What the row says now, of the named fields; how it is answered where its number is among them. */
  function wordsOf(row, names) {
    const words = {};
    for (const name of names) words[name] = field(row, name)?.value ?? row.data?.saved?.[name] ?? "";
    if (names.includes("value_text")) {
      words.answer = row.element.dataset.answer;
      if (words.answer === "no_data") words.no_data_reason = field(row, "no_data_reason")?.value || row.data?.saved?.no_data_reason || "";
    }
    return words;
  }

  /* Put words into a row and have it saved; what has no field goes beside them. */
  function put(row, words, extra = {}) {
    const beside = { ...extra };
    for (const [name, value] of Object.entries(words)) {
      const place = field(row, name);
      if (place) {
        place.value = value;
        window.Undo.settle(place);
      } else {
        beside[name] = value;
      }
    }
    row.typed += 1;
    window.Form.send(row, beside);
  }

  return { PASTED, elements, nameOf, rowAt, placeOf, next, beside, go, wordsOf, put };
})();
