/* A run of cells in one column, picked with Shift and the arrows: filled down, emptied, copied, answered together. */
"use strict";

window.Picked = (() => {
  const { rowAt, placeOf, wordsOf, put } = window.Sheet;
  const { field } = window.Rows;
  let from = null; // { order, column }
  let to = 0;
  let marked = [];

  const isOne = () => from === null || from.order === to;

  /* The rows of the run that can be written in, from above down; without a run the row one stands in. */
  function rows(place) {
    if (isOne() || from.column !== place.column) return [place.row];
    const [top, bottom] = [Math.min(from.order, to), Math.max(from.order, to)];
    return Array.from({ length: bottom - top + 1 }, (_, step) => rowAt(top + step)).filter(Boolean);
  }

  function mark(places) {
    marked.forEach((each) => each.classList.remove("picked"));
    marked = places.filter(Boolean);
    marked.forEach((each) => each.classList.add("picked"));
  }

  function clear() {
    mark([]);
    from = null;
  }

  function extend(place, target) {
    if (from === null || from.column !== place.column) from = { order: place.order, column: place.column };
    to = target.order;
    const chosen = rows(target);
    mark(chosen.map((row) => field(row, target.column)?.closest("td")));
    window.Undo.say(`已选 ${chosen.length} 格。`);
  }

  /* Write words into each of the rows, as one step that can be undone. */
  function write(chosen, wordsFor) {
    const changes = chosen.map((row) => {
      const after = wordsFor(row);
      const before = wordsOf(row, Object.keys(after).filter((name) => name !== "answer").concat("answer" in after ? ["value_text"] : []));
      return { row, before, after };
    });
    window.Undo.record(changes);
    for (const { row, after } of changes) put(row, after);
  }

  /* Ctrl+D: the run takes what its first cell says; a single cell takes what the cell above says. */
  function fillDown(place) {
    const chosen = rows(place);
    const first = isOne() ? rowAbove(place) : chosen[0];
    const text = first && field(first, place.column)?.value;
    if (text) write(chosen.filter((row) => row !== first && field(row, place.column)), () => ({ [place.column]: text }));
  }

  function rowAbove(place) {
    for (let order = place.order - 1; order >= 0; order -= 1) if (rowAt(order) && field(rowAt(order), place.column)) return rowAt(order);
    return null;
  }

  function empty(place) {
    if (isOne()) return false;
    write(rows(place).filter((row) => field(row, place.column)), () => ({ [place.column]: "" }));
    return true;
  }

  document.addEventListener("copy", (event) => {
    const place = placeOf(event.target);
    if (!place || isOne()) return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", rows(place).map((row) => field(row, place.column)?.value ?? "").join("\r\n"));
  });
  document.addEventListener("mousedown", clear);

  return { rows, clear, extend, write, fillDown, empty, isOne };
})();
