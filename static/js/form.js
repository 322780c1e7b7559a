/* The form's page: saves each row as one goes, says its state, keeps what isn't saved, moves by keyboard. */
"use strict";

(() => {
  const { save, post, fieldsOf, clock } = window.Saving;
  const Kept = window.Kept;
  const TYPING_PAUSE = 1500; // ms after the last key, in texts only: a number is sent when it is left
  const NUMBERS = ["last_year_text", "growth_text"];
  const rows = [];

  const part = (row, name) => row.element.querySelector(`[data-part="${name}"]`);
  const withForm = (element, prefix, key) => document.getElementById(prefix + element.dataset[key]);

  function rowFrom(element, key, prefix) {
    const form = withForm(element, prefix, key);
    if (!form) return;
    const row = { element, form, name: `${key}-${element.dataset[key]}`, typed: 0, sending: false, again: null };
    Object.assign(row, { tries: 0, timer: 0, since: 0, state: "still", data: null });
    rows.push(row);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const pressed = event.submitter;
      if (pressed && pressed.dataset.keep === "theirs") return;
      const extra = pressed && pressed.name ? { [pressed.name]: pressed.value } : {};
      row.typed += 1;
      send(row, extra);
    });
    const listen = (name, verb) => document.addEventListener(name, (event) => {
      if (event.target.form === form && event.target.name && event.target.type !== "file") verb(event.target);
    });
    listen("input", (field) => typedIn(row, field));
    listen("change", () => { if (row.state === "typing") send(row); });
  }

  function typedIn(row, field) {
    if (field.closest(".no-data")) return keep(row); // sent by its own button
    row.typed += 1;
    keep(row);
    say(row, "typing", "saving", "正在填写");
    window.clearTimeout(row.pause);
    if (field.tagName === "TEXTAREA") row.pause = window.setTimeout(() => row.state === "typing" && send(row), TYPING_PAUSE);
  }

  function keep(row) {
    row.isKept = Kept.put(row.name, fieldsOf(row));
  }

  function send(row, extra = {}) {
    window.clearTimeout(row.pause);
    keep(row);
    save(row, told, { extra });
  }

  /* ------------------------------------------------------------ what came of a save */

  function told(row, outcome, data, isLatest = true) {
    const words = { sending: ["saving", "正在保存"], away: ["unsaved", "未保存"], ended: ["unsaved", "未保存"], closed: ["error", "未保存"] };
    if (outcome === "saved" && isLatest) return painted(row, data);
    if (outcome === "saved") return say(row, "typing", "saving", "正在填写");
    if (outcome === "refused") return refused(row, data);
    say(row, outcome, ...words[outcome], outcome === "sending" ? "" : "未保存");
    if (outcome !== "sending") note(row, unsavedNote(row, outcome, data));
  }

  function painted(row, data) {
    row.data = data;
    if (data.cell) replace(part(row, "cell"), data.cell);
    if (data.change) part(row, "change").replaceChildren(...lines(data.change));
    if (data.last_year) part(row, "last-year").innerHTML = data.last_year;
    for (const name of NUMBERS) asSaved(row.form.elements[name], data.saved?.[name]);
    part(row, "notes").innerHTML = data.notes ?? "";
    say(row, "still", data.kind, data.words, data.to_do);
    const last = document.getElementById("last-saved");
    last.hidden = false;
    last.querySelector("span").textContent = ` ${clock(new Date())}`;
  }

  function refused(row, data) {
    row.data = data;
    const words = { clash: ["clash", "两人填写不一致", "不一致"], confirm: ["warn", "请确认，未保存", "待确认"] };
    say(row, "refused", ...(words[data.refusal] ?? ["error", "错误，未保存", "错误"]));
    part(row, "notes").innerHTML = data.told;
    const field = row.form.elements.value_text;
    if (field) {
      field.classList.toggle("bad", data.refusal !== "confirm");
      field.classList.toggle("ask", data.refusal === "confirm");
      field.setAttribute("aria-invalid", "true");
    }
  }

  /* A number is shown as it was understood (１，２３４ as 1234), unless somebody is typing in its field. */
  function asSaved(field, text) {
    if (field instanceof HTMLInputElement && text !== undefined && field !== document.activeElement) field.value = text;
  }

  /* Put the cell's new HTML in its place; the field that one stands in keeps the caret. */
  function replace(place, html) {
    const active = place.contains(document.activeElement) ? document.activeElement.id : "";
    place.innerHTML = html;
    if (active) document.getElementById(active)?.focus();
  }

  function lines(texts) {
    return texts.flatMap((text, order) => (order ? [document.createElement("br"), text] : [text]));
  }

  function note(row, content) {
    part(row, "notes").replaceChildren(content);
  }

  function unsavedNote(row, outcome, data) {
    const box = document.createElement("div");
    box.className = "note bad";
    const kept = row.isKept ? "你输入的内容已留在本机浏览器，" : "浏览器不允许保留内容，请不要关闭本页；";
    const sentences = {
      away: `${data.words}（${clock(new Date(row.since || Date.now()))} 起）。${kept}恢复连接后自动保存，请不要清除浏览器数据。`,
      ended: `${data.words ?? "登录已失效，请重新登录。"}${kept}重新登录后会自动恢复。`,
      closed: `你已不能修改这张填报表，可能已经提交或交给了他人。${kept}请刷新后查看。`,
    };
    const bold = document.createElement("b");
    bold.textContent = "未保存：";
    box.append(bold, sentences[outcome]);
    const line = document.createElement("p");
    line.className = "line";
    if (outcome === "ended") {
      const link = document.createElement("a");
      link.className = "btn btn-sm";
      link.href = data.sign_in ?? window.location.href;
      link.textContent = "重新登录";
      line.append(link);
    } else {
      const again = document.createElement("button");
      again.type = "button";
      again.className = "btn btn-sm";
      again.textContent = outcome === "away" ? "立即重试保存" : "刷新本页";
      again.addEventListener("click", () => (outcome === "away" ? send(row) : window.location.reload()));
      line.append(again);
    }
    box.append(line);
    return box;
  }

  function say(row, state, kind, words, toDo) {
    row.state = state;
    const place = row.element.querySelector("[data-state]");
    const shown = document.createElement("span");
    shown.className = `st ${kind}`;
    shown.textContent = words;
    place.replaceChildren(shown);
    if (toDo !== undefined) row.element.dataset.toDo = toDo;
    count();
  }

  /* ------------------------------------------------------------ the head and the foot */

  function count() {
    const piles = new Map();
    for (const element of document.querySelectorAll("[data-to-do]")) {
      const words = element.dataset.toDo;
      if (words) piles.set(words, [...(piles.get(words) ?? []), element.id]);
    }
    const place = document.getElementById("to-do");
    const bold = document.createElement("b");
    const total = [...piles.values()].reduce((sum, ids) => sum + ids.length, 0);
    bold.textContent = total ? `还有 ${total} 项要处理：` : "都填好了，可以检查并提交。";
    place.replaceChildren(bold);
    [...piles].forEach(([words, ids], order) => {
      const link = document.createElement("a");
      link.href = `#${ids[0]}`;
      link.textContent = `${ids.length} 项${words}`;
      place.append(...(order ? ["、", link] : [link]));
    });
    const unsaved = rows.filter((row) => ["away", "ended", "closed", "refused"].includes(row.state)).length;
    const mark = document.getElementById("unsaved");
    mark.hidden = !unsaved;
    mark.textContent = `${unsaved} 项未保存`;
  }

  /* ------------------------------------------------------------ conflicts, files, keyboard */

  function keepTheirs(row) {
    Kept.drop(row.name);
    for (const [name, value] of Object.entries(row.data.saved)) {
      const field = row.form.elements[name];
      if (field) field.value = value;
    }
    openFilled(row);
    row.form.elements.revision.value = row.data.revision;
    painted(row, row.data);
  }

  /* What is folded under a cell stands open where something is in it. */
  function openFilled(row) {
    const more = row.element.querySelector("details.more");
    if (more && [...more.querySelectorAll("input, select")].some((field) => field.value)) more.open = true;
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-keep]");
    const row = button && rows.find((each) => each.element.contains(button));
    if (!row) return;
    if (button.dataset.keep === "theirs") return keepTheirs(row);
    if (button.type === "button") send(row, { revision: row.data.revision });
  });

  document.addEventListener("change", (event) => {
    if (event.target.type !== "file" || !event.target.files.length) return;
    const form = event.target.form;
    const body = new FormData(form);
    exchange(form, form.action, body, "正在上传");
    event.target.value = "";
  });

  document.addEventListener("submit", (event) => {
    if (!event.target.classList.contains("attach")) return;
    event.preventDefault();
    if (event.submitter?.hasAttribute("formaction")) exchange(event.target, event.submitter.formAction, new FormData(event.target), "正在移除");
  });

  async function exchange(form, address, body, words) {
    const row = rows.find((each) => each.element.contains(form));
    const place = part(row, "evidence");
    const mark = document.createElement("span");
    mark.className = "st saving";
    mark.textContent = words;
    place.append(mark);
    let told = "";
    try {
      const answer = await post(address, body, false);
      const data = await answer.json();
      if (data.evidence !== undefined) place.innerHTML = data.evidence;
      if (data.state && row.state === "still") say(row, "still", data.kind, data.state, data.to_do);
      told = data.words;
    } catch {
      told = "没有传上，可能是网络中断或登录已失效。请稍后重新添加。";
    }
    mark.remove();
    if (!told) return;
    const box = document.createElement("div");
    box.className = "note bad";
    const bold = document.createElement("b");
    bold.textContent = "附件未添加：";
    box.append(bold, told);
    note(row, box);
  }

  function step(field, by) {
    const editable = rows.filter((row) => row.form.elements[field.name] instanceof HTMLElement);
    const at = editable.findIndex((row) => row.form === field.form);
    const next = editable[at + by]?.form.elements[field.name];
    if (next) {
      next.focus();
      next.select?.();
    }
  }

  document.addEventListener("keydown", (event) => {
    const field = event.target;
    const row = field.form && rows.find((each) => each.form === field.form);
    if (!row) return;
    const press = (value) => row.element.querySelector(`button[name="answer"][value="${value}"]`);
    if (event.key === "F8" && press("zero")) {
      event.preventDefault();
      press("zero").click();
    } else if (event.key === "F9" && press("no_data")) {
      event.preventDefault();
      const details = row.element.querySelector("details.no-data");
      details.open = true;
      details.querySelector("textarea").focus();
    } else if (field.tagName === "INPUT" && ["ArrowUp", "ArrowDown", "Enter"].includes(event.key)) {
      event.preventDefault();
      if (event.key === "Enter" && row.state === "typing") send(row);
      step(field, event.key === "ArrowUp" ? -1 : 1);
    }
  });

  /* ------------------------------------------------------------ coming and going */

  function restore() {
    const found = Kept.all();
    let restored = 0;
    const lost = [];
    for (const [name, fields] of found) {
      const row = rows.find((each) => each.name === name);
      const texts = Object.entries(fields).filter(([field]) => field !== "revision");
      if (!row || texts.some(([field, value]) => value && !row.form.elements[field])) {
        lost.push([name, texts.map(([, value]) => value).filter(Boolean).join("；")]);
        continue;
      }
      const differs = texts.some(([field, value]) => row.form.elements[field] && row.form.elements[field].value !== value);
      if (!differs) {
        Kept.drop(name);
        continue;
      }
      for (const [field, value] of Object.entries(fields)) if (row.form.elements[field]) row.form.elements[field].value = value;
      openFilled(row);
      row.typed += 1;
      restored += 1;
      send(row);
    }
    const place = document.getElementById("restored");
    if (restored) place.append(`已恢复上次没有保存的 ${restored} 项内容，正在保存。`);
    for (const [name, texts] of lost) {
      const drop = document.createElement("button");
      drop.type = "button";
      drop.className = "as-link";
      drop.textContent = "不再保留";
      const line = document.createElement("span");
      line.append(` 有一项没有保存的内容已不能填入（${texts}）。`, drop);
      drop.addEventListener("click", () => {
        Kept.drop(name);
        line.remove();
      });
      place.append(line);
    }
    place.hidden = !place.textContent;
  }

  document.querySelectorAll("[data-cell]").forEach((element) => rowFrom(element, "cell", "f"));
  document.querySelectorAll("[data-note]").forEach((element) => rowFrom(element, "note", "fn"));

  window.addEventListener("online", () => rows.filter((row) => row.state === "away").forEach((row) => send(row)));
  window.addEventListener("beforeunload", (event) => {
    if (rows.some((row) => ["typing", "sending", "away"].includes(row.state))) event.preventDefault();
  });
  document.getElementById("to-check").addEventListener("click", async (event) => {
    const busy = () => rows.filter((row) => row.state === "typing" || row.state === "sending");
    if (!busy().length) return;
    event.preventDefault();
    const address = event.currentTarget.href;
    busy().forEach((row) => row.state === "typing" && send(row));
    for (let tries = 0; tries < 50 && busy().length; tries += 1) await new Promise((done) => window.setTimeout(done, 100));
    const trouble = rows.find((row) => row.state !== "still");
    if (trouble) trouble.element.scrollIntoView({ block: "center" });
    else window.location.assign(address);
  });
  const print = document.getElementById("print");
  print.hidden = false;
  print.addEventListener("click", () => window.print());
  restore();
})();
