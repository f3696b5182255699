"use strict";

// Shows /dev/phone/state, once a second, on the second. What the server
// rendered stays; nodes are made from the page's templates. Message texts are
// hostile: they become text nodes, never markup.

const link = document.querySelector("#link");
let timer;

const part = (node, name) => node.querySelector(`[data-is="${name}"]`);

function say(node, name, text) {
  const it = part(node, name);
  if (it.textContent !== text) it.textContent = text;
  return it;
}

// Makes the children of a list those of the items, by key; the rest stays as it is.
function list(parent, items, template, update) {
  const keys = new Set(items.map((it) => it.key));
  for (const node of [...parent.children]) if (!keys.has(node.dataset.key)) node.remove();
  const there = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  items.forEach((item, index) => {
    const node = there.get(item.key) ?? made(template, item);
    there.delete(item.key);
    if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] ?? null);
    update(node, item);
  });
  while (parent.children.length > items.length) parent.lastElementChild.remove();
}

function made(template, item) {
  const node = document.getElementById(template).content.firstElementChild.cloneNode(true);
  node.dataset.key = item.key;
  if (item.pieces) write(node, item);
  return node;
}

// The parts of a message, which never change.
function write(node, item) {
  node.classList.add("arrives");
  say(node, "subject", item.subject ?? "").hidden = !item.subject;
  part(node, "text").replaceChildren(...item.pieces.map((it) => (it.is_link ? anchor(it.text) : it.text)));
  say(node, "code", item.code ?? "").parentNode.hidden = !item.code;
  if (item.link) part(node, "link").href = item.link;
  part(node, "link").parentNode.hidden = !item.link;
  part(node, "ago").dateTime = part(node, "ago").title = item.sent_at;
}

function anchor(url) {
  const it = document.createElement("a");
  it.href = it.title = it.textContent = url;
  it.target = "_blank";
  it.rel = "noreferrer";
  return it;
}

function thread(node, item) {
  say(node, "key", item.key);
  say(node, "count", item.count);
  list(part(node, "messages"), item.messages, "message", (message, it) => say(message, "ago", it.ago));
}

function authenticator(node, item) {
  for (const name of ["email_address", "organization_name", "code", "next_code"]) say(node, name, item[name]);
  say(node, "seconds_left", String(item.seconds_left));
  part(node, "hand").setAttribute("stroke-dasharray", `${item.seconds_left} 30`);
  part(node, "pending").hidden = item.is_active;
  part(node, "spent").hidden = !item.is_spent;
  node.classList.toggle("is-spent", item.is_spent);
  node.classList.toggle("is-late", item.seconds_left <= 5);
}

function show({ clock, provider, phones, mailboxes, authenticators }) {
  const bar = document.querySelector(".bar");
  say(bar, "time", clock.time).dateTime = clock.now;
  say(bar, "day", clock.day);
  say(bar, "ahead", clock.ahead);
  say(bar, "provider", provider.says);
  press("up", !provider.down);
  press("down", provider.down);
  press("prompt", provider.delay_seconds === 0);
  press("late", provider.delay_seconds === 30);
  document.body.classList.toggle("is-down", provider.down);
  for (const it of document.querySelectorAll("[data-is=hour]")) it.textContent = clock.time.slice(0, 5);
  fill("phones", phones, "phone", thread);
  fill("mailboxes", mailboxes, "mailbox", thread);
  fill("authenticators", authenticators, "authenticator", authenticator);
}

function press(name, is) {
  document.getElementById(name).setAttribute("aria-pressed", String(is));
}

function fill(name, items, template, update) {
  list(document.getElementById(name), items, template, update);
  document.getElementById(`no-${name}`).hidden = items.length > 0;
}

async function refresh() {
  clearTimeout(timer);
  if (document.hidden) return;
  let wait = 1000;
  try {
    const response = await fetch("/dev/phone/state");
    const state = await response.json();
    if (!response.ok) throw new Error(state.error_message);
    show(state);
    tell("live", "Live");
    wait = 1010 - (Date.parse(state.clock.now) % 1000);
  } catch {
    tell("lost", "No answer; trying again");
  }
  clearTimeout(timer);
  timer = setTimeout(refresh, wait);
}

function tell(is, text) {
  link.dataset.is = is;
  if (link.textContent !== text) link.textContent = text;
}

async function order(button) {
  const headers = { "Content-Type": "application/json" };
  try {
    await fetch(button.dataset.post, { method: "POST", headers, body: button.dataset.body });
  } catch {
    // The next refresh says that there is no answer.
  }
  refresh();
}

async function copy(button) {
  const from = part(button.closest("[data-key]"), button.dataset.copies);
  const label = button.textContent;
  button.classList.add("done");
  try {
    await navigator.clipboard.writeText(from.href ?? from.textContent);
    button.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(from);
    button.textContent = "Press Ctrl+C";
  }
  setTimeout(() => {
    button.classList.remove("done");
    button.textContent = label;
  }, 1500);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.dataset.post) order(button);
  if (button?.dataset.copies && !button.classList.contains("done")) copy(button);
});
document.addEventListener("visibilitychange", refresh);
refresh();
