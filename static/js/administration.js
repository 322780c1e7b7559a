/* The search boxes of foreign keys take the name of their label (the library gives them none). */
const nameSearchBoxes = () => {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const label = document.querySelector(`label[for="${select.id}"]`);
    const box = select.parentElement.querySelector(".select2-selection");
    const chosen = document.getElementById(`select2-${select.id}-container`);
    if (!label || !box || !chosen) continue;
    label.id = label.id || `${select.id}_label`;
    box.setAttribute("aria-labelledby", `${label.id} ${chosen.id}`);
    chosen.setAttribute("aria-labelledby", label.id);
  }
};

/* After the library's own start, which waits in the same line. */
if (window.django && window.django.jQuery) window.django.jQuery(nameSearchBoxes);
