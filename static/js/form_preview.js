/* The preview of a pasted block: which cell takes what, how the server reads it, and whether it can land. */
"use strict";

window.Preview = (() => {
  const { PASTED, elements, nameOf, rowAt } = window.Sheet;
  const dialog = document.getElementById("paste");
  const told = document.getElementById("paste-told");
  const chooser = document.getElementById("paste-columns");
  const body = document.getElementById("paste-cells").tBodies[0];
  const button = document.getElementById("paste-apply");
  const KINDS = { ok: ["saved", "可以填入"], same: ["saved", "与原来相同"], confirm: ["warn", "请确认"], error: ["error", "不能填入"], shut: ["sent", "不可改"] };
  let plan = null;
  let landings = [];

  function open(given, apply, comeBackTo) {
    plan = given;
    dialog.returnValue = "";
    dialog.showModal();
    choose();
    look();
    dialog.onclose = () => {
      comeBackTo.focus();
      if (dialog.returnValue === "apply") apply(chosen());
    };
  }

  /* One choice for each column of the block: which column of the sheet it goes to. */
  function choose() {
    chooser.replaceChildren(...plan.columns.map((column, at) => {
      const label = document.createElement("label");
      if (at === plan.named) {
        label.textContent = `第 ${at + 1} 列是指标名称，按名称对应`;
        return label;
      }
      const select = document.createElement("select");
      select.className = "form-select";
      select.append(new Option("不填入", ""), ...PASTED.map(([name, words]) => new Option(words, name)));
      select.value = column;
      select.addEventListener("change", () => {
        plan.columns[at] = select.value;
        look();
      });
      label.append(`第 ${at + 1} 列填入`, select);
      return label;
    }));
  }

  /* Where each cell of the block would land; those of a line without a row, and blank ones, land nowhere. */
  function placed() {
    const found = [];
    plan.block.forEach((line, at) => plan.columns.forEach((column, side) => {
      const text = line[side];
      if (column) found.push({ order: plan.orders[at], column, text: text.trim(), isBlank: !text.trim(), line: at + 1 });
    }));
    return found;
  }

  async function look() {
    landings = placed();
    button.disabled = true;
    told.textContent = "正在读取……";
    const cells = new Map();
    for (const each of landings) {
      const element = elements[each.order];
      if (!element || each.isBlank) continue;
      const cell = cells.get(each.order) ?? { figure: Number(element.dataset.cell) };
      cell[each.column] = each.text;
      cells.set(each.order, cell);
    }
    const asked = plan;
    const answers = cells.size ? await window.Reading.read([...cells.values()]) : [];
    if (asked !== plan) return;
    if (answers === null) {
      told.textContent = "暂时连接不上系统，无法核对所粘贴的内容。请稍后再粘贴；逐格输入的内容仍会留在本机。";
      body.replaceChildren();
      return;
    }
    const read = new Map(answers.map((answer) => [String(answer.figure), answer.fields]));
    for (const each of landings) each.reading = each.isBlank ? null : read.get(elements[each.order]?.dataset.cell)?.[each.column];
    show();
  }

  function show() {
    body.replaceChildren(...landings.map(rowOf));
    count();
  }

  function rowOf(each) {
    const line = document.createElement("tr");
    const name = document.createElement("th");
    name.scope = "row";
    name.textContent = elements[each.order] ? nameOf(elements[each.order]) : `（粘贴的第 ${each.line} 行）`;
    line.append(name);
    const cell = (text, kind = "") => Object.assign(line.insertCell(), { textContent: text, className: kind });
    cell(PASTED.find(([column]) => column === each.column)[1]);
    cell(each.reading?.old || "—", "num");
    cell(each.text || "（空格）", "num");
    cell(each.reading && ["ok", "confirm"].includes(each.reading.kind) ? each.reading.text : "—", "num");
    line.insertCell().append(...verdict(each));
    return line;
  }

  function verdict(each) {
    if (each.isBlank) return ["空格，原来的不变"];
    if (!elements[each.order]) return [plan.named < 0 ? "超出表格末行，不填入" : "没有这个指标，不填入"];
    const [kind, words] = KINDS[each.reading?.kind] ?? KINDS.shut;
    const state = document.createElement("span");
    state.className = `st ${kind}`;
    state.textContent = words;
    if (each.reading?.kind !== "confirm") return [state, ...(each.reading?.told ? ["　", each.reading.told] : [])];
    const label = document.createElement("label");
    const tick = document.createElement("input");
    tick.type = "checkbox";
    tick.addEventListener("change", () => {
      each.confirmed = tick.checked;
      count();
    });
    label.append(tick, ` ${each.reading.told}理解正确`);
    return [state, "　", label];
  }

  const lands = (each) => rowAt(each.order) && (each.reading?.kind === "ok" || (each.reading?.kind === "confirm" && each.confirmed));
  const chosen = () => landings.filter(lands);

  function count() {
    const able = chosen().length;
    const same = landings.filter((each) => each.reading?.kind === "same" || each.isBlank).length;
    const asked = landings.filter((each) => each.reading?.kind === "confirm" && !each.confirmed).length;
    const rest = landings.length - able - same - asked;
    told.textContent = [
      `粘贴了 ${plan.block.length} 行 ${plan.block[0].length} 列。将填入 ${able} 格`,
      same ? `，${same} 格不变` : "",
      asked ? `，${asked} 格请先确认` : "",
      rest ? `，${rest} 格不能填入` : "",
      "。填入前不会保存任何内容。",
    ].join("");
    button.disabled = !able;
    button.textContent = able ? `填入 ${able} 格` : "没有可以填入的";
    if (able && document.activeElement !== button && !body.contains(document.activeElement) && !chooser.contains(document.activeElement)) button.focus();
  }

  return { open };
})();
