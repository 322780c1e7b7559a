/* The rows of the form's page: its cells and its progress notes, and the fields in them.

   A row: { element, form, name, key, isCell, typed: how often it was typed in, sentAt: that number when it was last sent,
   state: still | typing | sending | away | ended | closed | refused, data: what the server last told of it }. */
"use strict";

window.Rows = (() => {
  const all = [];
  const byForm = new Map();
  const byKey = new Map();

  function add(element, kind, prefix) {
    const form = document.getElementById(prefix + element.dataset[kind]);
    if (!form) return;
    const row = { element, form, key: element.dataset[kind], name: `${kind}-${element.dataset[kind]}`, isCell: kind === "cell" };
    Object.assign(row, { typed: 0, sentAt: 0, state: "still", data: null, extra: {}, isKept: true });
    all.push(row);
    byForm.set(form, row);
    byKey.set(row.name, row);
  }
  document.querySelectorAll("[data-cell]").forEach((element) => add(element, "cell", "f"));
  document.querySelectorAll("[data-note]").forEach((element) => add(element, "note", "fn"));

  /* What stands in the row's fields, as it is sent, kept and compared. */
  function fieldsOf(row) {
    const found = {};
    for (const field of row.form.elements) {
      if (!field.name || field.name === "csrfmiddlewaretoken" || /^(submit|button|file)$/.test(field.type)) continue;
      found[field.name] = field.value;
    }
    return found;
  }

  return {
    all,
    fieldsOf,
    named: (name) => byKey.get(name),
    of: (field) => field?.form && byForm.get(field.form),
    around: (element) => all.find((row) => row.element.contains(element)),
    part: (row, name) => row.element.querySelector(`[data-part="${name}"]`),
    field: (row, name) => {
      const found = row.form.elements[name];
      return found instanceof HTMLElement && !/^(hidden|submit|button)$/.test(found.type) ? found : null;
    },
  };
})();
