/* Moving through the sheet by keyboard, as in a spreadsheet, with the fields that the table has anyway. */
"use strict";

(() => {
  const { of } = window.Rows;
  const { placeOf, next, beside, go } = window.Sheet;
  const Picked = window.Picked;

  /* A cell with a word in it has no field of its own: its row is known by where it stands. */
  function placeAt(target) {
    const place = placeOf(target);
    if (place || !target.classList?.contains("fixed")) return place;
    const row = window.Rows.around(target);
    return row?.isCell ? { row, order: window.Sheet.elements.indexOf(row.element), column: "value_text" } : null;
  }

  function press(place, value) {
    const button = (row) => row.element.querySelector(`button[name="answer"][value="${value}"]`);
    if (value === "no_data") {
      const details = place.row.element.querySelector("details.no-data");
      if (!details) return;
      details.open = true;
      details.querySelector("textarea").focus();
      return;
    }
    const rows = Picked.rows(place).filter((row) => !row.element.dataset.yesNo && (button(row) || row.form.elements.value_text));
    if (rows.length) Picked.write(rows, () => ({ answer: value, value_text: "" }));
  }

  /* At which end of a text the caret stands; a field whose whole text is chosen is at both. */
  function isAtEdge(target, by) {
    if (target.tagName === "SELECT" || target.selectionStart === null) return false;
    const all = target.selectionStart === 0 && target.selectionEnd === target.value.length;
    if (all && target.tagName === "INPUT") return true;
    if (target.selectionStart !== target.selectionEnd) return false;
    return by < 0 ? target.selectionStart === 0 : target.selectionStart === target.value.length;
  }

  const VERTICAL = { ArrowUp: -1, ArrowDown: 1 };
  const HORIZONTAL = { ArrowLeft: -1, ArrowRight: 1 };

  function moved(event, place) {
    const isText = event.target.tagName === "TEXTAREA";
    const by = VERTICAL[event.key];
    if (by) {
      if (isText && !isAtEdge(event.target, by)) return false;
      const target = next(place, by);
      if (event.shiftKey && !isText && placeOf(target ?? event.target)) {
        Picked.extend(place, placeOf(target ?? event.target));
      } else {
        Picked.clear();
      }
      return go(target) || !isText;
    }
    const side = HORIZONTAL[event.key];
    if (side && !event.shiftKey) return isAtEdge(event.target, side) && go(beside(place, side));
    if (event.key !== "Enter" || event.isComposing || (isText && !event.ctrlKey)) return false;
    window.Form.leave(place.row);
    Picked.clear();
    return go(next(place, event.shiftKey ? -1 : 1)) || true;
  }

  function did(event, place) {
    const control = event.ctrlKey || event.metaKey;
    if (event.key === "F8") press(place, "zero");
    else if (event.key === "F9") press(place, "no_data");
    else if (event.key === "F2") go(window.Rows.field(place.row, "explanation"));
    else if (control && event.key.toLowerCase() === "d") Picked.fillDown(place);
    else if (event.key === "Delete" && !Picked.isOne()) Picked.empty(place);
    else if (event.key === "Escape" && !Picked.isOne()) Picked.clear();
    else return event.altKey || (control && event.key !== "Enter") ? false : moved(event, place);
    return true;
  }

  document.addEventListener("keydown", (event) => {
    const inNoData = event.target.closest?.(".no-data");
    const place = !inNoData && placeAt(event.target);
    if (place && !["SELECT", "BUTTON"].includes(event.target.tagName)) {
      if (did(event, place)) event.preventDefault();
    } else if (inNoData && event.key === "Enter" && event.ctrlKey) {
      event.preventDefault();
      inNoData.querySelector("button").click();
    } else if (of(event.target) && event.target.tagName === "INPUT" && event.key === "Enter") {
      event.preventDefault();
      window.Form.leave(of(event.target));
    }
  });
})();
