/* A block from a spreadsheet, pasted into the sheet: what it holds, and where each of its cells would land. */
"use strict";

(() => {
  const { placeOf, elements, rowAt, nameOf, PASTED, put, wordsOf } = window.Sheet;
  const NAMES = PASTED.map(([name]) => name);

  /* The cells of tab-separated text. A cell that holds a tab, a line break or a quote is quoted, as spreadsheets do it. */
  function blockIn(text) {
    const rows = [[]];
    const pattern = /(?:"((?:[^"]|"")*)"|([^\t\r\n]*))(\t|\r\n|\r|\n|$)/gy;
    for (let found = pattern.exec(text); found; found = pattern.exec(text)) {
      rows[rows.length - 1].push(found[1] === undefined ? found[2] : found[1].replaceAll('""', '"'));
      if (found[3] === "") break;
      if (found[3] !== "\t") rows.push([]);
      if (pattern.lastIndex >= text.length) {
        if (found[3] === "\t") rows[rows.length - 1].push("");
        break;
      }
    }
    if (rows[rows.length - 1].length === 0) rows.pop();
    const width = Math.max(...rows.map((row) => row.length));
    return rows.map((row) => [...row, ...Array(width - row.length).fill("")]);
  }

  /* Where the columns land: from the one that one stands in, in the sheet's order; those beyond aren't used. */
  function columnsFrom(name, width) {
    const at = NAMES.indexOf(name);
    return Array.from({ length: width }, (_, step) => NAMES[at + step] ?? "");
  }

  /* A column of the block that holds the rows' names tells which row each line belongs to; else they follow each other. */
  function ordersOf(block, start) {
    const known = new Map(elements.map((element, order) => [nameOf(element), order]));
    for (let column = 0; column < block[0].length; column += 1) {
      const orders = block.map((line) => known.get(line[column].trim()));
      const found = orders.filter((order) => order !== undefined).length;
      if (found && found >= block.length / 2) return { orders, named: column };
    }
    return { orders: block.map((_, step) => start + step), named: -1 };
  }

  function planned(block, place) {
    const { orders, named } = ordersOf(block, place.order);
    const columns = columnsFrom(place.column, block[0].length - (named < 0 ? 0 : 1));
    if (named >= 0) columns.splice(named, 0, "");
    return { block, orders, columns, named };
  }

  /* Put what was chosen into its rows, as one step that can be undone. */
  function apply(landings) {
    const byRow = new Map();
    for (const { order, column, text, confirmed } of landings) {
      const row = rowAt(order);
      const kept = byRow.get(row) ?? { words: {}, extra: {} };
      kept.words[column] = text;
      if (confirmed) kept.extra.confirmed = "1";
      byRow.set(row, kept);
    }
    const changes = [...byRow].map(([row, { words }]) => ({ row, before: wordsOf(row, Object.keys(words)), after: words }));
    window.Undo.record(changes);
    for (const [row, { words, extra }] of byRow) put(row, words, extra);
    window.Undo.say(`已填入 ${landings.length} 格，正在保存。`);
  }

  document.addEventListener("paste", (event) => {
    const place = placeOf(event.target);
    if (!place || !NAMES.includes(place.column)) return;
    const text = event.clipboardData.getData("text/plain");
    const isBlock = /[\t\r\n]/.test(text.replace(/(\r\n|\r|\n)$/, ""));
    if (!isBlock || (event.target.tagName === "TEXTAREA" && !text.includes("\t"))) return;
    event.preventDefault();
    window.Preview.open(planned(blockIn(text), place), apply, event.target);
  });
})();
