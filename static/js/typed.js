/* Saves what a page shows as typed and not taken to a file: in the browser itself, no server is asked. */
"use strict";

window.Typed = (() => {
  const button = document.querySelector("[data-save-typed]");
  const textOf = (element) => element.innerText.trim();

  function lines() {
    const shown = [...document.querySelectorAll("[data-typed]:not([hidden])")];
    return shown.flatMap((place) =>
      place.tagName === "TABLE"
        ? [...place.querySelectorAll("tbody tr")].map((row) => [...row.cells].slice(0, 2).map(textOf).join("："))
        : [...place.children].map(textOf),
    );
  }

  function offer() {
    button.hidden = !lines().length;
  }

  function save() {
    const at = new Date();
    const two = (number) => String(number).padStart(2, "0");
    const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
    const text = [document.querySelector("h1").innerText, `${day} ${two(at.getHours())}:${two(at.getMinutes())}`, ...lines()];
    // the mark at the start tells an old Notepad that the text is UTF-8
    const file = new Blob([`\uFEFF${text.join("\r\n\r\n")}\r\n`], { type: "text/plain;charset=utf-8" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = `未保存的内容_${day}_${two(at.getHours())}${two(at.getMinutes())}.txt`;
    document.body.append(link);
    link.click();
    link.remove();
    window.setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  button.addEventListener("click", save);
  offer();
  return { offer };
})();
