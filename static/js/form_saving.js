/* Sending one row of the form (a cell or a progress note), and trying again until it is saved.

   A row: { name, form, typed: how often it was typed in, sending, again, tries, timer, since }. */
"use strict";

window.Saving = (() => {
  const PAUSES = [2, 5, 10, 30, 60]; // seconds between tries
  const TIME_LIMIT = 20000;

  const clock = (moment) =>
    `${String(moment.getHours()).padStart(2, "0")}:${String(moment.getMinutes()).padStart(2, "0")}`;

  /* What stands in the row's fields, as it is kept and compared. */
  function fieldsOf(row) {
    const found = {};
    for (const field of row.form.elements) {
      if (!field.name || field.name === "csrfmiddlewaretoken" || /^(submit|button|file)$/.test(field.type)) continue;
      found[field.name] = field.value;
    }
    return found;
  }

  /* Signing in again gives another token, which the page of before doesn't carry: the cookie does. */
  const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];

  async function post(address, body, background) {
    if (token()) body.set("csrfmiddlewaretoken", token());
    const headers = { "X-Requested-With": "fetch", "HX-Request": "true", "HX-Current-URL": window.location.href };
    if (background) headers["X-Background"] = "1";
    const limit = new AbortController();
    const timer = window.setTimeout(() => limit.abort(), TIME_LIMIT);
    try {
      return await fetch(address, { method: "POST", body, headers, redirect: "manual", signal: limit.signal });
    } finally {
      window.clearTimeout(timer);
    }
  }

  /* Send the row; `told(row, outcome, data)` paints what came of it. Outcomes: saved, refused, ended, closed, away. */
  async function save(row, told, { extra = {}, background = false } = {}) {
    if (row.sending) {
      row.again = { ...(row.again ?? {}), ...extra };
      return;
    }
    window.clearTimeout(row.timer);
    row.sending = true;
    const typed = row.typed;
    const body = new FormData(row.form);
    for (const [name, value] of Object.entries(extra)) body.set(name, value);
    told(row, "sending", {});
    const [outcome, data] = await answerOf(row, body, background);
    row.sending = false;
    if (outcome === "away") later(row, told, extra);
    else row.tries = row.since = 0;
    if (outcome === "saved") {
      row.form.elements.revision.value = data.revision;
      if (row.typed === typed) window.Kept.drop(row.name);
    }
    told(row, outcome, data, row.typed === typed);
    if (row.again !== null && outcome === "saved") {
      const next = row.again;
      row.again = null;
      save(row, told, { extra: next });
    } else if (outcome !== "saved") {
      row.again = null;
    }
  }

  async function answerOf(row, body, background) {
    try {
      const answer = await post(row.form.action, body, background);
      if (answer.type === "opaqueredirect" || answer.status === 401) {
        const data = answer.status === 401 ? await answer.json().catch(() => ({})) : {};
        return ["ended", data];
      }
      if (answer.status >= 500) return ["away", { words: "系统暂时不能保存" }];
      if (answer.status === 403 || answer.status === 404) return ["closed", {}];
      const data = await answer.json();
      return [answer.ok ? "saved" : "refused", data];
    } catch {
      return ["away", { words: "网络中断" }];
    }
  }

  function later(row, told, extra) {
    row.since = row.since || Date.now();
    const pause = PAUSES[Math.min(row.tries, PAUSES.length - 1)];
    row.tries += 1;
    row.timer = window.setTimeout(() => save(row, told, { extra, background: true }), pause * 1000);
  }

  return { save, post, fieldsOf, clock };
})();
