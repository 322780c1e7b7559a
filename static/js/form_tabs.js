/* The same form open in several tabs of one browser: what one saves the others show, and none sends what another is
   still typing. */
"use strict";

window.Tabs = (() => {
  const WAIT = 150; // ms for the others to answer
  const { all, named } = window.Rows;
  const given = JSON.parse(document.getElementById("keeping").textContent);
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(`form:${given.person}:${given.form}`) : null;
  const held = new Set();

  const answers = {
    ask: () => channel.postMessage({ kind: "held", names: all.filter((row) => row.state !== "still").map((row) => row.name) }),
    held: ({ names }) => names.forEach((name) => held.add(name)),
    saved: ({ name, data }) => {
      const row = named(name);
      if (!row || row.state !== "still" || Number(row.form.elements.revision.value) >= data.revision) return;
      row.form.elements.revision.value = data.revision;
      window.Restoring.put(row, data.saved);
      window.Painting.painted(row, data);
    },
  };
  channel?.addEventListener("message", (event) => answers[event.data.kind]?.(event.data));
  document.addEventListener("row-saved", ({ detail: row }) => {
    if (row.isCell) channel?.postMessage({ kind: "saved", name: row.name, data: row.data });
  });

  /* The names of rows that another tab is holding, typed and not saved. */
  async function heldElsewhere() {
    if (!channel) return held;
    channel.postMessage({ kind: "ask" });
    await new Promise((done) => window.setTimeout(done, WAIT));
    return held;
  }

  return { heldElsewhere };
})();
