/* On paper a field shows all of its text: a paragraph stands in the place of each, from before printing until after.

   Without this script the fields themselves are printed, as far as they are open. */
"use strict";

(() => {
  const FIELDS = ".sheet .form-control, .sheet .form-select, .note-fields .form-control, .note-fields .form-select";
  const grouped = (text) => (/^-?\d+(\.\d+)?$/.test(text) ? text.replace(/\B(?<!\.\d*)(?=(\d{3})+(?!\d))/g, ",").replace("-", "−") : text);

  function said(field) {
    if (field.tagName === "SELECT") return field.value ? field.selectedOptions[0].textContent : "";
    return field.classList.contains("num") ? grouped(field.value) : field.value;
  }

  function putDown() {
    takeUp();
    for (const field of document.querySelectorAll(FIELDS)) {
      if (field.closest(".no-data")) continue;
      const text = document.createElement(field.tagName === "TEXTAREA" ? "p" : "span");
      text.className = "on-paper print-only";
      text.textContent = said(field);
      field.classList.add("has-printed");
      field.after(text);
    }
    for (const more of document.querySelectorAll("details.more:not([open])")) {
      if ([...more.querySelectorAll("input, select")].some((field) => field.value)) more.open = true;
    }
  }

  function takeUp() {
    document.querySelectorAll(".on-paper").forEach((text) => text.remove());
    document.querySelectorAll(".has-printed").forEach((field) => field.classList.remove("has-printed"));
  }

  window.addEventListener("beforeprint", putDown);
  window.addEventListener("afterprint", takeUp);
})();
