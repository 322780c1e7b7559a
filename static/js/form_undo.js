/* Undo and redo across the cells: a step is a list of { row, before, after }, in words as `Sheet.put` takes them. */
"use strict";

window.Undo = (() => {
  const { of, field } = window.Rows;
  const { put, nameOf, go } = window.Sheet;
  const MOST = 200;
  const done = [];
  const undone = [];
  const told = document.getElementById("done");

  function record(changes) {
    const real = changes.filter(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after));
    if (!real.length) return;
    done.push(real);
    if (done.length > MOST) done.shift();
    undone.length = 0;
  }

  function run(from, to, side, words) {
    const step = from.pop();
    if (!step) return say(`没有可以${words}的操作。`);
    to.push(step);
    for (const { row, [side]: wanted } of step) put(row, wanted);
    const [{ row, [side]: first }] = step;
    go(field(row, Object.keys(first).find((name) => field(row, name))) ?? row.element.querySelector(".fixed"));
    return say(`已${words}：${nameOf(row.element)}${step.length > 1 ? ` 等 ${step.length} 项` : ""}。`);
  }

  const undo = () => run(done, undone, "before", "撤销");

  const say = (sentence) => {
    told.textContent = sentence;
  };

  /* What a field said when one came into it: typing is a step of its own, made when the field is left. */
  const cameWith = new WeakMap();
  const isTyping = new WeakSet();

  function settle(input) {
    cameWith.set(input, input.value);
    isTyping.delete(input);
  }

  document.addEventListener("focusin", (event) => {
    if (of(event.target)?.isCell && event.target.name && !isTyping.has(event.target)) settle(event.target);
  });
  document.addEventListener("input", (event) => isTyping.add(event.target));
  document.addEventListener("change", (event) => {
    const row = of(event.target);
    const before = cameWith.get(event.target);
    if (!row?.isCell || !event.target.name || before === undefined || event.target.closest(".no-data")) return;
    record([{ row, before: { [event.target.name]: before }, after: { [event.target.name]: event.target.value } }]);
    settle(event.target);
  });

  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || document.querySelector("dialog[open]")) return;
    const key = event.key.toLowerCase();
    const isRedo = key === "y" || (key === "z" && event.shiftKey);
    if (!isRedo && key !== "z") return;
    // while a field is being typed in, undoing is the browser's own
    if (isTyping.has(event.target) || event.target.closest?.(".progress-note, .no-data")) return;
    event.preventDefault();
    if (isRedo) run(undone, done, "after", "恢复");
    else undo();
  });

  return { record, settle, undo, say };
})();
