/* Evidence beside a row: sent as soon as it is chosen, taken away by its button. */
"use strict";

(() => {
  const { post } = window.Saving;
  const { say, box } = window.Painting;
  const { around, part } = window.Rows;

  document.addEventListener("change", (event) => {
    if (event.target.type !== "file" || !event.target.files.length) return;
    const form = event.target.form;
    exchange(form, form.action, new FormData(form), "正在上传");
    event.target.value = "";
  });

  document.addEventListener("submit", (event) => {
    if (!event.target.classList.contains("attach")) return;
    event.preventDefault();
    if (event.submitter?.hasAttribute("formaction")) exchange(event.target, event.submitter.formAction, new FormData(event.target), "正在移除");
  });

  async function exchange(form, address, body, words) {
    const row = around(form);
    const place = part(row, "evidence");
    const mark = document.createElement("span");
    mark.className = "st saving";
    mark.textContent = words;
    place.append(mark);
    let told = "";
    try {
      const answer = await post(address, body);
      const data = await answer.json();
      if (data.evidence !== undefined) place.innerHTML = data.evidence;
      if (data.state && row.state === "still") say(row, "still", data.kind, data.state, data.to_do);
      told = data.words;
    } catch {
      told = "没有传上，可能是网络中断或登录已失效。请稍后重新添加。";
    }
    mark.remove();
    if (told) part(row, "notes").replaceChildren(box("附件未添加：", told));
  }
})();
