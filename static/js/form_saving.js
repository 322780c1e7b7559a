/* Sending rows: many cells in one request, a progress note by itself; trying again until they are saved.

   `Saving.told(row, outcome, data, isLatest)` is called with what came of it: sending, saved, refused, ended (session),
   closed (not allowed any more), away (no network, no server). */
"use strict";

window.Saving = (() => {
  const PAUSES = [2, 5, 10, 30, 60]; // seconds between tries
  const TIME_LIMIT = 20000;
  const GATHER = 60; // ms in which cells are gathered into one request
  const MOST = 200;
  const address = document.querySelector("[data-save-cells]")?.dataset.saveCells;
  const self = { push, post, retry, clock, told: () => {} };

  function clock(moment) {
    return `${String(moment.getHours()).padStart(2, "0")}:${String(moment.getMinutes()).padStart(2, "0")}`;
  }

  /* Signing in again gives another token, which the page of before doesn't carry: the cookie does. */
  const token = () =>
    document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? document.querySelector("[name=csrfmiddlewaretoken]")?.value;

  async function post(to, body, background = false) {
    const headers = { "X-Requested-With": "fetch", "HX-Request": "true", "HX-Current-URL": window.location.href };
    headers["X-CSRFToken"] = token() ?? "";
    if (background) headers["X-Background"] = "1";
    if (typeof body === "string") headers["Content-Type"] = "application/json";
    else body.delete("csrfmiddlewaretoken");
    const limit = new AbortController();
    const timer = window.setTimeout(() => limit.abort(), TIME_LIMIT);
    try {
      return await fetch(to, { method: "POST", body, headers, redirect: "manual", signal: limit.signal });
    } finally {
      window.clearTimeout(timer);
    }
  }

  /* The cells go together; each note goes by itself. */
  const cells = laneOf((rows) => [address, JSON.stringify({ cells: rows.map(asSent) })], (data, row) =>
    data.cells.find((each) => String(each.figure) === row.key));
  const notes = new Map();

  function laneOf(request, mine) {
    return { request, mine, waiting: new Set(), isSending: false, tries: 0, since: 0, timer: 0 };
  }

  function laneFor(row) {
    if (row.isCell) return cells;
    if (!notes.has(row)) notes.set(row, laneOf(() => [row.form.action, noteBody(row)], (data) => data));
    return notes.get(row);
  }

  const asSent = (row) => ({ ...window.Rows.fieldsOf(row), ...row.extra, figure: Number(row.key) });

  function noteBody(row) {
    const body = new FormData(row.form);
    for (const [name, value] of Object.entries(row.extra)) body.set(name, value);
    return body;
  }

  /* Ask for a row to be saved soon; `row.extra` says what no field says (how the cell is answered, that it is agreed to). */
  function push(row) {
    const lane = laneFor(row);
    lane.waiting.add(row);
    if (lane.isSending) return;
    window.clearTimeout(lane.timer);
    lane.timer = window.setTimeout(() => flush(lane), row.isCell ? GATHER : 0);
  }

  function retry() {
    for (const lane of [cells, ...notes.values()]) if (lane.waiting.size) flush(lane);
  }

  async function flush(lane, background = false) {
    if (lane.isSending || !lane.waiting.size) return;
    window.clearTimeout(lane.timer);
    const rows = [...lane.waiting].slice(0, MOST);
    const [to, body] = lane.request(rows);
    lane.isSending = true;
    for (const row of rows) {
      lane.waiting.delete(row);
      row.sentAt = row.typed;
      row.sentExtra = row.extra;
      row.extra = {};
      self.told(row, "sending", {});
    }
    const [outcome, data] = await answerOf(to, body, background);
    lane.isSending = false;
    if (outcome === "away") later(lane, rows);
    else lane.tries = lane.since = 0;
    for (const row of rows) tell(row, outcome, outcome === "answered" ? lane.mine(data, row) : { ...data, since: lane.since });
    if (lane.waiting.size && outcome !== "away") flush(lane);
  }

  function tell(row, outcome, data) {
    const isLatest = row.typed === row.sentAt;
    if (outcome !== "answered") return self.told(row, outcome, data, isLatest);
    if (!data) return self.told(row, "closed", {}, isLatest);
    if (data.refusal) return self.told(row, "refused", data, isLatest);
    row.form.elements.revision.value = data.revision;
    if (isLatest) window.Kept.drop(row.name);
    return self.told(row, "saved", data, isLatest);
  }

  async function answerOf(to, body, background) {
    try {
      const answer = await post(to, body, background);
      if (answer.type === "opaqueredirect" || answer.status === 401) {
        return ["ended", answer.status === 401 ? await answer.json().catch(() => ({})) : {}];
      }
      if (answer.status >= 500) return ["away", { words: "系统暂时不能保存" }];
      if (answer.status === 403 || answer.status === 404) return ["closed", {}];
      const data = await answer.json();
      return data.cells || data.revision !== undefined ? ["answered", data] : ["closed", data];
    } catch {
      return ["away", { words: "网络中断" }];
    }
  }

  function later(lane, rows) {
    lane.since = lane.since || Date.now();
    for (const row of rows) {
      lane.waiting.add(row);
      row.extra = { ...row.sentExtra, ...row.extra };
      window.Form.keep(row);
    }
    const pause = PAUSES[Math.min(lane.tries, PAUSES.length - 1)];
    lane.tries += 1;
    lane.timer = window.setTimeout(() => flush(lane, true), pause * 1000);
  }

  return self;
})();
