/* How the server reads what is being typed: nothing here turns a text into a number. The change against the last period
   and last year is shown while one types, before anything is saved. */
"use strict";

window.Reading = (() => {
  const { of, part } = window.Rows;
  const PAUSE = 300; // ms after the last key
  const READ = ["value_text", "last_year_text"];
  const address = document.querySelector("[data-read-cells]")?.dataset.readCells;

  /* Ask how fields would be read: [{ figure, value_text, … }] → [{ figure, fields, change }]; null without an answer. */
  async function read(cells) {
    try {
      const answer = await window.Saving.post(address, JSON.stringify({ cells }), true);
      return answer.ok ? (await answer.json()).cells : null;
    } catch {
      return null;
    }
  }

  let timer = 0;

  async function show(row, typed) {
    if (row.typed !== typed || row.state !== "typing") return;
    const fields = Object.fromEntries(READ.filter((name) => row.form.elements[name]).map((name) => [name, row.form.elements[name].value]));
    const told = await read([{ figure: Number(row.key), ...fields }]);
    if (!told || row.typed !== typed || row.state !== "typing") return;
    const lines = told[0].change.flatMap((text, order) => (order ? [document.createElement("br"), text] : [text]));
    part(row, "change").replaceChildren(...lines);
  }

  document.addEventListener("input", (event) => {
    const row = READ.includes(event.target.name) && of(event.target);
    if (!row || !address) return;
    window.clearTimeout(timer);
    timer = window.setTimeout(show, PAUSE, row, row.typed);
  });

  return { read };
})();
