/* The page of a lost database: lists what this browser keeps of the form that was open in this window, and tries again
   by itself where the page was only read. */
"use strict";

(() => {
  const again = document.querySelector("[data-back]");
  const told = document.getElementById("kept");
  const table = document.getElementById("kept-texts");
  const bytesOf = (text) => Uint8Array.from(window.atob(text), (letter) => letter.charCodeAt(0));

  function open(text, key) {
    const [nonce, box] = text.split(".").map(bytesOf);
    const bytes = window.nacl.secretbox.open(box, nonce, key);
    return bytes ? JSON.parse(new TextDecoder().decode(bytes)) : {};
  }

  /* The texts of a row, without what its page sends by itself: keys, words of choices. */
  const textsOf = (fields) =>
    Object.entries(fields).filter(([name, text]) => name !== "revision" && text && !/^[a-z_]+$/.test(text));

  function list(name, fields) {
    const line = table.tBodies[0].insertRow();
    line.insertCell().textContent = name;
    line.insertCell().textContent = textsOf(fields).map(([, text]) => text).join("；");
    const state = document.createElement("span");
    state.className = "st unsaved";
    state.textContent = "未保存，留在本机";
    line.insertCell().append(state);
  }

  function show() {
    const kept = Object.keys(window.localStorage).filter((each) => each.startsWith("kept:"));
    const given = JSON.parse(window.sessionStorage.getItem("keeping") ?? "null");
    const prefix = given ? `kept:${given.person}:${given.form}:` : "";
    let listed = 0;
    for (const each of given ? kept.filter((one) => one.startsWith(prefix)) : []) {
      const fields = open(window.localStorage.getItem(each), bytesOf(given.key));
      if (!textsOf(fields).length) continue;
      list(given.names[each.slice(prefix.length)] ?? "", fields);
      listed += 1;
    }
    const others = kept.length - listed;
    table.hidden = !listed;
    told.textContent = [
      listed ? `“${given.title}”有 ${listed} 项未保存的内容留在本机浏览器，恢复后打开原来的页面会自动保存：` : "",
      others ? `本机${listed ? "另" : "现"}有 ${others} 项未保存的内容，打开原来的页面后可见。` : "",
    ].join("");
    told.hidden = !told.textContent;
    window.Typed.offer();
  }

  try {
    show();
  } catch {
    /* storage is switched off: nothing was kept */
  }

  if (document.querySelector("[data-again]")) {
    window.setInterval(async () => {
      try {
        const answer = await fetch(again.href, { method: "HEAD", redirect: "manual" });
        if (answer.status !== 503) window.location.assign(again.href);
      } catch {
        /* still away */
      }
    }, 10000);
  }
})();
