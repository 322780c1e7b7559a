/* How many characters a text has, beside its field, as one types: blanks and line ends don't count. */
"use strict";

(() => {
  function count(field) {
    const place = document.getElementById(field.dataset.counted);
    const characters = [...field.value.replace(/\s/g, "")].length;
    if (place) place.textContent = `${String(characters).replace(/\B(?=(\d{3})+$)/g, ",")} 字`;
  }

  const fields = [...document.querySelectorAll("[data-counted]")];
  fields.forEach(count);
  document.addEventListener("input", (event) => {
    if (event.target instanceof HTMLTextAreaElement && event.target.dataset.counted) count(event.target);
  });
})();
