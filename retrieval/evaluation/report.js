"use strict";
const form = document.querySelector("form");
const count = document.querySelector("output");
const questions = [...document.querySelectorAll("details[data-result]")].map((element) => ({
  element,
  result: element.dataset.result,
  tags: element.dataset.tags.split("\n"),
  text: element.textContent.toLowerCase(),
}));

function show() {
  const [result, tag] = [form.result.value, form.tag ? form.tag.value : ""];
  const words = form.words.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const one of questions) {
    const fits =
      (!result || one.result === result) &&
      (!tag || one.tags.includes(tag)) &&
      words.every((word) => one.text.includes(word));
    one.element.hidden = !fits;
    shown += fits;
  }
  for (const section of document.querySelectorAll("section[data-result]")) {
    const [all, left] = ["details", "details:not([hidden])"].map(
      (wanted) => section.querySelectorAll(wanted).length,
    );
    section.hidden = !left;
    section.querySelector("h2 span").textContent = left === all ? `(${all})` : `(${left} of ${all})`;
  }
  count.value = `${shown} of ${questions.length} questions`;
}

form.addEventListener("input", show);
form.addEventListener("submit", (event) => event.preventDefault());
form.hidden = false;
show();
