/* A picture or a PDF among the evidence is shown over the page, and the page stays as it is. Without this script, with a
   key held down, or where the browser has no viewer, its link hands the file out. */
"use strict";

(() => {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-preview]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (link.dataset.kind === "pdf" && navigator.pdfViewerEnabled === false) return;
    event.preventDefault();
    show(link);
  });

  function show(link) {
    const name = link.textContent.trim();
    const dialog = element("dialog", { className: "preview", ariaLabel: `预览 ${name}` });
    const place = element("div", { className: "shown", tabIndex: 0 });
    const close = element("button", { type: "button", className: "btn", textContent: "关闭", autofocus: true });
    const acts = element("p", { className: "line acts" });
    acts.append(
      element("a", { href: link.dataset.preview, target: "_blank", rel: "noopener", textContent: "在新窗口打开" }),
      element("a", { href: link.href, textContent: "下载" }),
      close,
    );
    place.append(link.dataset.kind === "pdf" ? page(link, name) : picture(link, name, place));
    dialog.append(
      element("h2", { textContent: name }),
      element("p", { className: "small soft", textContent: link.title }),
      place,
      acts,
    );
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  }

  function element(tag, given) {
    return Object.assign(document.createElement(tag), given);
  }

  function page(link, name) {
    return element("iframe", { src: link.dataset.preview, title: name });
  }

  function picture(link, name, place) {
    const shown = element("img", { src: link.dataset.preview, alt: name });
    shown.addEventListener("error", () => {
      place.replaceChildren(element("p", { className: "note", textContent: "这个文件不能在页面中预览，请下载后查看。" }));
    });
    return shown;
  }
})();
