"use strict";
// What a click on a block does: ask for rules, show what the chosen one would do, save it. All text is set as text.

const form = document.getElementById("rule");
const at = (name) => form.elements[name];
const said = document.getElementById("effect");
let block = null;
let asked = 0;
let opened = 0;

async function ask(place, what) {
  const answer = await fetch(place, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(what),
  });
  const value = await answer.json();
  if (!answer.ok) throw new Error(value.error);
  return value;
}

function element(tag, text, name) {
  const made = document.createElement(tag);
  made.textContent = text;
  if (name) made.className = name;
  return made;
}

function counted(number, word) {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}

function wanted() {
  const rule = { id: at("id").value, [at("key").value]: at("value").value, why: at("why").value };
  return { file: at("file").value, action: at("action").value, rule };
}

function lines(change) {
  const list = document.createElement("ul");
  for (const text of change.gone) list.append(element("li", text, "goes"));
  for (const text of change.come) list.append(element("li", text, "comes"));
  return list;
}

async function showEffect() {
  const mine = ++asked;
  at("save").disabled = true;
  said.replaceChildren(element("p", "…"));
  try {
    const effect = await ask("effect", wanted());
    if (mine !== asked) return;
    const changes = effect.page.gone.length + effect.page.come.length;
    said.replaceChildren(element("p", changes ? "On this page:" : "It changes nothing in this article."), lines(effect.page));
    const worse = effect.changed.filter((one) => one.faults > 0).length;
    const told = `${counted(effect.samples, "sample")} of ${at("file").value}: ${effect.changed.length} changed, ${worse} worse`;
    said.append(element("p", told, worse ? "warning" : ""));
    for (const one of effect.changed) {
      const details = document.createElement("details");
      details.append(element("summary", one.name + (one.faults > 0 ? " (worse)" : "")), lines(one));
      said.append(details);
    }
    at("save").disabled = false;
  } catch (error) {
    if (mine === asked) said.replaceChildren(element("p", error.message, "warning"));
  }
}

function take(choice) {
  at("key").value = choice.key;
  at("value").value = choice.value;
  at("id").value = choice.id;
  showEffect();
}

async function choose(item) {
  block?.classList.remove("chosen");
  block = item;
  item.classList.add("chosen");
  const drops = item.classList.contains("kept");
  at("action").value = drops ? "drop" : "keep";
  at("why").value = drops ? "not the article" : "part of the article";
  form.hidden = false;
  at("save").disabled = true;
  const list = document.getElementById("choices");
  list.replaceChildren();
  said.replaceChildren();
  const mine = ++opened;
  const choices = await ask("choices", { block: Number(item.dataset.block) });
  if (mine !== opened) return;
  for (const [number, choice] of choices.entries()) {
    const label = document.createElement("label");
    const radio = document.createElement("input");
    radio.type = "radio";
    radio.name = "choice";
    radio.checked = number === 0;
    radio.addEventListener("change", () => take(choice));
    const reach = `${counted(choice.blocks, "block")}, ${choice.kept} kept now`;
    label.append(radio, element("code", `${choice.key}: ${choice.value}`), element("span", reach));
    list.append(label);
  }
  if (choices.length) take(choices[0]);
  list.querySelector("input")?.focus();
}

function close() {
  form.hidden = true;
  opened += 1;
  block?.classList.remove("chosen");
  block?.focus();
}

for (const item of document.querySelectorAll("[data-block]")) {
  item.addEventListener("click", () => choose(item));
  item.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      choose(item);
    }
  });
}
for (const name of ["action", "file", "key", "value"]) at(name).addEventListener("change", showEffect);
at("cancel").addEventListener("click", close);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !form.hidden) close();
});
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    await ask("save", wanted());
    location.reload();
  } catch (error) {
    said.replaceChildren(element("p", error.message, "warning"));
  }
});
