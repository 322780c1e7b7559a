/* How long the session lasts: tells the server when the person did something, warns before the end, and says when it
   is over. The page stays as it is, with what was typed in it; signing in leads back to it.

   Other scripts may listen to the document's event "session-ended". */
"use strict";

(() => {
  const note = document.getElementById("session");
  if (!note) return;

  const { url, signIn, person } = note.dataset;
  const words = note.querySelector("[data-words]");
  const lead = note.querySelector("[data-lead]");
  const stay = note.querySelector("button");
  const again = note.querySelector("a");
  const warning = Number(note.dataset.warningSeconds) * 1000;
  const TOLD_EVERY = 60_000;

  let endsAt = Date.now() + Number(note.dataset.seconds) * 1000;
  let toldAt = Date.now();
  let acted = false;
  let over = false;

  const cookie = (name) => document.cookie.split("; ").find((each) => each.startsWith(`${name}=`))?.split("=")[1];

  // signing in again, in this tab or another, changes the token; forms of pages that were open before go on with it
  const refreshTokens = () => {
    const token = cookie("csrftoken");
    if (!token) return;
    for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token;
  };

  const show = (kind, title, text, { canStay }) => {
    note.className = `note session ${kind}`;
    note.setAttribute("role", kind === "bad" ? "alert" : "status");
    lead.textContent = title;
    words.textContent = text;
    stay.hidden = !canStay;
    again.hidden = canStay;
    again.href = `${signIn}?next=${encodeURIComponent(window.location.pathname + window.location.search)}`;
    note.hidden = false;
  };

  const end = (text) => {
    show("bad", "登录已失效：", text || "请重新登录。没有保存的内容仍在本页。", { canStay: false });
    if (over) return;
    over = true;
    document.dispatchEvent(new CustomEvent("session-ended"));
  };

  const ask = async (method) => {
    toldAt = Date.now();
    if (method === "POST") acted = false;
    const headers = method === "GET" ? { "X-Background": "1" } : { "X-CSRFToken": cookie("csrftoken") ?? "" };
    let told;
    try {
      const answer = await fetch(url, { method, headers, credentials: "same-origin" });
      if (!answer.ok) return;
      told = await answer.json();
    } catch {
      return; // no network, no server: nothing is known, so nothing is said
    }
    if (!told.signed_in) {
      end(told.words);
    } else if (String(told.person) !== person) {
      show("bad", "账号已更换：", "此浏览器已用另一账号登录，本页内容不会再保存。", { canStay: false });
    } else {
      over = false;
      endsAt = Date.now() + told.seconds_left * 1000;
      refreshTokens();
      warn();
    }
  };

  const warn = () => {
    const left = endsAt - Date.now();
    if (left > warning) {
      note.hidden = true;
      return;
    }
    const minutes = Math.max(1, Math.ceil(left / 60_000));
    show("amber", "即将退出：", `已有一段时间没有操作，${minutes} 分钟内将自动退出。`, { canStay: true });
  };

  const look = () => {
    if (over) return;
    const left = endsAt - Date.now();
    if (acted && (Date.now() - toldAt >= TOLD_EVERY || left <= warning)) ask("POST");
    else if (left <= warning && Date.now() - toldAt >= Math.min(TOLD_EVERY, Math.max(1000, left))) ask("GET");
    else if (!note.hidden) warn();
  };

  const act = () => {
    if (over) return;
    acted = true;
    if (endsAt - Date.now() <= warning && Date.now() - toldAt > 1000) ask("POST");
  };

  for (const kind of ["keydown", "pointerdown", "wheel"]) document.addEventListener(kind, act, { passive: true });
  for (const kind of ["submit", "htmx:configRequest"]) document.addEventListener(kind, refreshTokens, true);
  for (const kind of ["htmx:afterRequest"]) {
    document.addEventListener(kind, (event) => {
      if (event.detail.xhr?.status === 401) ask("GET");
    });
  }
  window.addEventListener("focus", () => ask("GET"));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") ask("GET");
  });
  stay.addEventListener("click", () => ask("POST"));
  window.setInterval(look, 1000);
})();
