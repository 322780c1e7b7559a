/* What a row and the page say: the state under each cell, the notes under its row, the counts in the head and the foot. */
"use strict";

window.Painting = (() => {
  const { part, all, field } = window.Rows;
  const clock = window.Saving.clock;
  const NUMBERS = ["last_year_text", "growth_text"];
  const ONE_LINE = 11; // characters of a state under a cell
  const UNSAVED = ["away", "ended", "closed", "refused"];

  /* ------------------------------------------------------------ what came of a save */

  function told(row, outcome, data, isLatest = true) {
    const words = { sending: ["saving", "正在保存"], away: ["unsaved", "未保存"], ended: ["unsaved", "未保存"], closed: ["error", "未保存"] };
    if (outcome === "saved" && isLatest) {
      painted(row, data);
      document.dispatchEvent(new CustomEvent("row-saved", { detail: row }));
      return;
    }
    if (outcome === "saved") say(row, "typing", "saving", "正在填写");
    else if (outcome === "refused") refused(row, data, isLatest);
    else unsent(row, outcome, data, words[outcome]);
  }

  function unsent(row, outcome, data, words) {
    say(row, outcome, ...words, outcome === "sending" ? "" : "未保存");
    if (outcome !== "sending") part(row, "notes").replaceChildren(unsavedNote(row, outcome, data));
  }

  function painted(row, data) {
    row.data = data;
    if (data.answer !== undefined) row.element.dataset.answer = data.answer;
    if (data.cell) putCell(row, data);
    if (data.change) part(row, "change").replaceChildren(...lines(data.change));
    if (data.last_year) part(row, "last-year").innerHTML = data.last_year;
    const carried = part(row, "carried");
    if (carried) carried.hidden = !data.is_carried;
    for (const name of NUMBERS) asSaved(field(row, name), data.saved?.[name]);
    part(row, "notes").innerHTML = data.notes ?? "";
    say(row, "still", data.kind, data.words, data.to_do);
    const last = document.getElementById("last-saved");
    last.hidden = false;
    last.querySelector("span").textContent = ` ${clock(new Date())}`;
  }

  function refused(row, data, isLatest) {
    row.data = data;
    if (!isLatest) return say(row, "typing", "saving", "正在填写");
    const words = { clash: ["clash", "两人填写不一致", "不一致"], confirm: ["warn", "请确认，未保存", "待确认"] };
    say(row, "refused", ...(words[data.refusal] ?? ["error", "错误，未保存", "错误"]));
    part(row, "notes").innerHTML = data.told;
    const number = field(row, "value_text");
    if (!number) return;
    number.classList.toggle("bad", data.refusal !== "confirm");
    number.classList.toggle("ask", data.refusal === "confirm");
    number.setAttribute("aria-invalid", "true");
  }

  /* A number is shown as it was understood (１，２３４ as 1234), unless somebody is typing in its field. */
  function asSaved(input, text) {
    if (input instanceof HTMLInputElement && text !== undefined && input !== document.activeElement) input.value = text;
  }

  /* Put the cell's new HTML in its place. A field that stays a field stays the same one: it keeps the caret. */
  function putCell(row, data) {
    const place = part(row, "cell");
    const fresh = document.createElement("template");
    fresh.innerHTML = data.cell;
    const before = place.querySelector('input[name="value_text"]');
    const after = fresh.content.querySelector('input[name="value_text"]');
    const hadFocus = place.contains(document.activeElement);
    if (before && after) {
      if (before !== document.activeElement) before.value = after.value;
      before.className = after.className;
      before.removeAttribute("aria-invalid");
      const rest = [...fresh.content.childNodes].filter((node) => node !== after && !after.contains(node));
      [...place.childNodes].filter((node) => node !== before).forEach((node) => node.remove());
      before.after(...rest);
    } else {
      place.replaceChildren(fresh.content);
    }
    if (hadFocus && !place.contains(document.activeElement)) place.querySelector('input, [tabindex="-1"]')?.focus();
  }

  function lines(texts) {
    return texts.flatMap((text, order) => (order ? [document.createElement("br"), text] : [text]));
  }

  function button(words, verb) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn btn-sm";
    made.textContent = words;
    made.addEventListener("click", verb);
    return made;
  }

  function box(lead, ...content) {
    const made = document.createElement("div");
    made.className = "note bad";
    const bold = document.createElement("b");
    bold.textContent = lead;
    made.append(bold, ...content);
    return made;
  }

  function unsavedNote(row, outcome, data) {
    const kept = row.isKept ? "你输入的内容已留在本机浏览器，" : "浏览器不允许保留内容，请不要关闭本页；";
    const sentences = {
      away: `${data.words}（${clock(new Date(data.since || Date.now()))} 起）。${kept}恢复连接后自动保存，请不要清除浏览器数据。`,
      ended: `${data.words ?? "登录已失效，请重新登录。"}${kept}重新登录后会自动恢复。`,
      closed: `${data.words ?? "你已不能修改这张填报表，可能已经提交或交给了他人。"}${kept}请刷新后查看。`,
    };
    const line = document.createElement("p");
    line.className = "line";
    if (outcome === "ended") {
      const link = document.createElement("a");
      link.className = "btn btn-sm";
      link.href = data.sign_in ?? window.location.href;
      link.textContent = "重新登录";
      line.append(link);
    } else {
      line.append(outcome === "away" ? button("立即重试保存", window.Saving.retry) : button("刷新本页", () => window.location.reload()));
    }
    return box("未保存：", sentences[outcome], line);
  }

  function say(row, state, kind, words, toDo) {
    row.state = state;
    const place = row.element.querySelector("[data-state]");
    const shown = document.createElement("span");
    shown.className = `st ${kind}`;
    shown.textContent = words;
    place.replaceChildren(shown);
    place.classList.toggle("tall", words.length > ONE_LINE);
    if (toDo !== undefined) row.element.dataset.toDo = toDo;
    countSoon();
  }

  /* ------------------------------------------------------------ the head and the foot */

  let isCounting = false;

  function countSoon() {
    if (isCounting) return;
    isCounting = true;
    window.requestAnimationFrame(() => {
      isCounting = false;
      count();
    });
    window.setTimeout(() => isCounting && ((isCounting = false), count()), 200); // a page in the background has no frames
  }

  function count() {
    const piles = new Map();
    let total = 0;
    for (const { element } of all) {
      const words = element.dataset.toDo;
      if (!words) continue;
      total += 1;
      const pile = piles.get(words) ?? { first: element.id, size: 0 };
      pile.size += 1;
      piles.set(words, pile);
    }
    const bold = document.createElement("b");
    bold.textContent = total ? `还有 ${total} 项要处理：` : "都填好了，可以检查并提交。";
    const told = [bold];
    [...piles].forEach(([words, pile], order) => {
      const link = document.createElement("a");
      link.href = `#${pile.first}`;
      link.textContent = `${pile.size} 项${words}`;
      told.push(...(order ? ["、", link] : [link]));
    });
    document.getElementById("to-do").replaceChildren(...told);
    const unsaved = all.filter((row) => UNSAVED.includes(row.state)).length;
    const mark = document.getElementById("unsaved");
    mark.hidden = !unsaved;
    mark.textContent = `${unsaved} 项未保存`;
  }

  return { told, painted, say, box };
})();
