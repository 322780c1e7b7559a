/* The page of a lost database: tries again by itself where the page was only read. */
"use strict";

(() => {
  const again = document.querySelector(".gate .btn-primary");
  const kept = document.getElementById("kept");
  let count = 0;
  try {
    for (let i = 0; i < window.localStorage.length; i += 1) {
      if (window.localStorage.key(i).startsWith("kept:")) count += 1;
    }
  } catch {
    return;
  }
  if (count > 0) {
    kept.textContent = `本机现有 ${count} 项未保存的内容。`;
    kept.hidden = false;
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
