/* The pages of a form's workbook: the upload shows how far it has come, the foot counts what is ticked.
   Both work without this script. */
"use strict";

const upload = document.getElementById("upload");
const take = document.getElementById("take");

function refuse(sentences) {
  const place = document.getElementById("refused");
  place.replaceChildren(
    ...sentences.map((sentence) => {
      const note = document.createElement("p");
      const bold = document.createElement("b");
      note.className = "note bad";
      bold.textContent = "没有采用这份文件：";
      note.append(bold, sentence);
      return note;
    }),
  );
  place.scrollIntoView({ block: "nearest" });
}

function show(percent, words) {
  document.getElementById("progress").hidden = words === "";
  document.getElementById("bar").value = percent;
  document.getElementById("percent").textContent = words;
}

function answered(request) {
  show(100, "");
  upload.querySelector("button").disabled = false;
  let answer = {};
  try {
    answer = JSON.parse(request.responseText);
  } catch {
    // a page, not an answer: the session has ended, or the server is gone
  }
  if (answer.address) window.location.assign(answer.address);
  else if (answer.words) refuse(answer.words);
  else if (request.status === 413) refuse(["文件过大，最大 20 MB。请删去图片和多余的工作表。"]);
  else refuse(["没有收到服务器的答复，文件没有上传。请检查网络和登录状态后重试；文件还在你的电脑上。"]);
}

function send(event) {
  event.preventDefault();
  const request = new XMLHttpRequest();
  request.open("POST", upload.action);
  request.setRequestHeader("X-Requested-With", "fetch");
  request.upload.addEventListener("progress", (told) => {
    const percent = told.lengthComputable ? Math.floor((told.loaded / told.total) * 100) : 0;
    show(percent, percent < 100 ? `${percent}%` : "已上传，正在读取和核对……");
  });
  request.addEventListener("loadend", () => answered(request));
  document.getElementById("refused").replaceChildren();
  upload.querySelector("button").disabled = true;
  show(0, "0%");
  request.send(new FormData(upload));
}

function recount() {
  const ticked = take.querySelectorAll("input[name=take]:checked").length;
  for (const id of ["count", "press"]) {
    const element = document.getElementById(id);
    if (element) element.textContent = ticked ? element.dataset.words.replace("{n}", ticked) : element.dataset.none;
  }
}

if (upload) upload.addEventListener("submit", send);
if (take) take.addEventListener("change", recount);
