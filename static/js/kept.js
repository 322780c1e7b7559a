/* What was typed and isn't saved yet stays in this browser, by person and form, until it is saved.

   It is enciphered (NaCl secretbox, which needs no secure context: many offices have plain HTTP) with a key that only
   the person's own pages carry: another account on the same computer finds cipher text. */
"use strict";

window.Kept = (() => {
  const given = JSON.parse(document.getElementById("keeping").textContent);
  const bytesOf = (text) => Uint8Array.from(window.atob(text), (letter) => letter.charCodeAt(0));
  const textOf = (bytes) => window.btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  const key = bytesOf(given.key);
  const prefix = `kept:${given.person}:${given.form}:`;

  function seal(fields) {
    const nonce = window.nacl.randomBytes(window.nacl.secretbox.nonceLength);
    const box = window.nacl.secretbox(new TextEncoder().encode(JSON.stringify(fields)), nonce, key);
    return `${textOf(nonce)}.${textOf(box)}`;
  }

  function open(text) {
    try {
      const [nonce, box] = text.split(".").map(bytesOf);
      const bytes = window.nacl.secretbox.open(box, nonce, key);
      return bytes ? JSON.parse(new TextDecoder().decode(bytes)) : null;
    } catch {
      return null;
    }
  }

  /* Whether it could be kept: a browser may refuse (full, or storage switched off). */
  function put(name, fields) {
    try {
      window.localStorage.setItem(prefix + name, seal(fields));
      return true;
    } catch {
      return false;
    }
  }

  function drop(name) {
    try {
      window.localStorage.removeItem(prefix + name);
    } catch {
      /* nothing was kept then */
    }
  }

  /* Everything kept of this form, as [name, fields]. */
  function all() {
    try {
      return Object.keys(window.localStorage)
        .filter((each) => each.startsWith(prefix))
        .map((each) => [each.slice(prefix.length), open(window.localStorage.getItem(each))])
        .filter(([, fields]) => fields !== null);
    } catch {
      return [];
    }
  }

  /* For this window's page of a lost database, which nobody is known to: what the rows are called, and the key. Any other
     page that isn't this person's forgets it (frame.js). */
  function remember() {
    const nameOf = (element) => (element.querySelector("th a, h3")?.textContent ?? "").trim();
    const names = {};
    for (const each of document.querySelectorAll("[data-cell]")) names[`cell-${each.dataset.cell}`] = nameOf(each);
    for (const each of document.querySelectorAll("[data-note]")) names[`note-${each.dataset.note}`] = nameOf(each);
    const title = document.title.split(" · ")[0];
    try {
      window.sessionStorage.setItem("keeping", JSON.stringify({ ...given, names, title }));
    } catch {
      /* that page then only counts */
    }
  }
  remember();

  return { put, drop, all };
})();
