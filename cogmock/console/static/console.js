// What is live: pages change without a reload, follow the server's events, copy, and answer to keys.
// Without this script every page still shows everything, and every form still works.

const base = document.body.dataset.base;
const $ = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

function say(text) {
  $("#said").textContent = "";
  setTimeout(() => ($("#said").textContent = text), 50);
}

async function fetched(url, options = {}) {
  const response = await fetch(url, { headers: { Accept: "text/html" }, ...options });
  if (!(response.headers.get("Content-Type") || "").startsWith("text/html")) throw new Error("not a page");
  const moved = response.redirected || options.method !== "POST";
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return { page, url: moved ? response.url : location.href };
}

function prepare(root = document) {
  for (const button of all(".copy", root)) button.hidden = false;
}

function rowsOf(root) {
  return new Set(all(".rows a", root).map(nameOf));
}

// What a row is about: two addresses of it may differ in what they keep of the list.
function nameOf(row) {
  const given = new URLSearchParams(row.search);
  return given.get("id") ?? given.get("username");
}

// Puts another page in the place of this one's content.
function show(page, url, { push, keep }) {
  const key = keep && focusKey();
  const field = keep && document.activeElement;
  const typed = field && field.matches("[data-search]") && field.value !== sought ? field.value : null;
  document.title = page.title;
  delete document.body.dataset.posted;
  $("#main").replaceWith($("#main", page));
  $(".side").replaceWith($(".side", page));
  if (push) history.pushState({}, "", url);
  prepare();
  const restored = restore(key);
  if (!restored && !keep) $("#main").focus({ preventScroll: true });
  if (restored && typed !== null) {
    // More was typed while the search was under way: it stays, and is searched next.
    document.activeElement.value = typed;
    search(document.activeElement);
  }
  if (!keep && !location.hash) scrollTo(0, 0);
  count();
  mark();
}

// How the focused element is found again in a new copy of the page.
function focusKey() {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  if (at.id) return `#${CSS.escape(at.id)}`;
  if (at.matches("main a[href]")) return `main a[href="${CSS.escape(at.getAttribute("href"))}"]`;
  if (at.name && at.form) return `form[action="${CSS.escape(at.form.getAttribute("action"))}"] [name="${CSS.escape(at.name)}"]`;
  return null;
}

function restore(key) {
  const found = key && $(key);
  if (!found) return false;
  found.focus({ preventScroll: true });
  if (found.setSelectionRange && found.type === "search") found.setSelectionRange(found.value.length, found.value.length);
  return true;
}

// Of several pages that are on their way, the one that was asked for last is shown.
let asked = 0;
async function go(url, { push = true, keep = true, options } = {}) {
  const number = ++asked;
  try {
    const { page, url: final } = await fetched(url, options);
    if (number === asked) show(page, final, { push: push && final !== location.href, keep });
  } catch {
    if (number !== asked) return;
    if (options) location.reload();
    else location.href = url;
  }
}

// Fetches this page again, and replaces those parts that an event of this kind may have changed.
const due = new Set();
let timer;
function refresh(kind) {
  due.add(kind);
  clearTimeout(timer);
  timer = setTimeout(async () => {
    const kinds = [...due];
    due.clear();
    const parts = all("[data-live]").filter((part) => kinds.some((each) => part.dataset.live.split(" ").includes(each)));
    if (!parts.length || "posted" in document.body.dataset) return;
    try {
      const { page } = await fetched(location.href);
      for (const part of parts) {
        const fresh = document.getElementById(part.id) && page.getElementById(part.id);
        if (fresh && !part.contains($("[data-dirty]", part))) replace(part, fresh);
      }
    } catch {
      // The server is gone; the stream of events says so.
    }
  }, 60);
}

function replace(part, fresh) {
  const mail = $("iframe", part);
  const same = $("iframe", fresh);
  if (part.innerHTML === fresh.innerHTML) return;
  const key = part.contains(document.activeElement) && focusKey();
  const open = all("details[open]", part).map((each) => $("summary", each).textContent);
  const scrolled = all(".list, .detail", part).map((each) => each.scrollTop);
  const known = rowsOf(part);
  prepare(fresh);
  if (mail && same && mail.src === new URL(same.getAttribute("src"), location.href).href) {
    // A frame that is moved loads anew; the rest around it changes instead.
    for (const name of [".list"]) $(name, part)?.replaceWith($(name, fresh));
  } else {
    part.className = fresh.className;
    part.replaceChildren(...fresh.childNodes);
  }
  for (const each of all("details", part)) if (open.includes($("summary", each).textContent)) each.open = true;
  all(".list, .detail", part).forEach((each, at) => (each.scrollTop = scrolled[at] || 0));
  if (known.size) {
    for (const row of all(".rows a", part)) {
      if (!known.has(nameOf(row))) row.closest("li, tr").classList.add("fresh");
    }
  }
  restore(key);
  count();
  mark();
}

// The stream is closed while the page is hidden: browsers allow six connections to a host, over all tabs.
// It begins with what happened since the server made this page, so that the page need not be fetched again.
let stream;
let missed = false;
let last = document.body.dataset.event;
let offset = Number(document.body.dataset.offset);
function listen() {
  if (document.hidden) {
    missed = true;
    stream?.close();
    stream = undefined;
    return;
  }
  if (stream) return;
  let opened = false;
  stream = new EventSource(`${base}/events?after=${last}`);
  stream.onopen = () => {
    live(true);
    if (opened || missed) all("[data-live]").forEach((part) => part.dataset.live.split(" ").forEach(refresh));
    opened = true;
    missed = false;
  };
  stream.onerror = () => live(false);
  for (const kind of ["message", "request", "clock", "change"]) {
    stream.addEventListener(kind, (event) => {
      last = event.lastEventId || last;
      if (kind !== "clock" || hasMoved(event)) refresh(kind);
    });
  }
}

// A stream begins with how far the clock is moved, which the page knows.
function hasMoved(event) {
  const before = offset;
  offset = JSON.parse(event.data).offset_seconds;
  return offset !== before;
}

function live(on) {
  $("#live").hidden = false;
  $("#live").classList.toggle("off", !on);
  $("#live b").textContent = on ? "Live" : "No connection";
}

async function copy(text, button) {
  const label = button.textContent.trim();
  try {
    if (typeof text !== "string" && navigator.clipboard?.write && window.ClipboardItem) {
      const blob = text.then((value) => new Blob([value], { type: "text/plain" }));
      await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
    } else {
      await write(await text);
    }
    button.classList.add("copied");
    setTimeout(() => button.classList.remove("copied"), 1600);
    say(`${label}: copied`);
  } catch {
    say("The browser does not allow copying");
  }
}

async function write(text) {
  if (navigator.clipboard?.writeText) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

// A row of a table leads where its link does, but for who selects text in it.
function rowLink(target) {
  return getSelection().isCollapsed && target.closest(".rows tr") && $("a", target.closest("tr"));
}

// Seconds that are left, on elements with data-left; at zero the page asks for what comes next.
let ticking;
function count() {
  clearInterval(ticking);
  const clock = $("[data-clock]");
  const offset = clock && Date.parse(clock.dataset.clock) - Date.now();
  const parts = all("[data-left]").map((part) => ({ part, end: Date.now() + part.dataset.left * 1000 }));
  if (!parts.length && !clock) return;
  ticking = setInterval(() => {
    if (clock) clock.textContent = new Date(Date.now() + offset).toISOString().replace("T", " ").slice(0, 19);
    for (const { part, end } of parts) {
      const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
      part.textContent = left;
      if (!left) {
        clearInterval(ticking);
        refresh("tick");
      }
    }
  }, 1000);
}

// Which messages were read stays in this browser. Beside the number stands when a message was sent, since numbers
// begin anew with each server. `upTo` is the newest message when all were marked as read.
function readMessages() {
  try {
    const { upTo = [0, ""], keys = [] } = JSON.parse(localStorage.getItem("read-messages")) || {};
    return { upTo, keys: new Set(keys) };
  } catch {
    return { upTo: [0, ""], keys: new Set() };
  }
}

function keepRead({ upTo, keys }) {
  try {
    localStorage.setItem("read-messages", JSON.stringify({ upTo, keys: [...keys].slice(-2000) }));
  } catch {
    // The browser keeps nothing: messages are unread again when the page is loaded.
  }
}

function mark() {
  const read = readMessages();
  const shown = $(".detail[data-message]");
  if (shown && !document.hidden && shown.getClientRects().length && !read.keys.has(shown.dataset.message)) {
    keepRead({ ...read, keys: read.keys.add(shown.dataset.message) });
  }
  const unread = all(".rows [data-message]").filter((row) => {
    const [number, at] = row.dataset.message.split(" ");
    const isRead = read.keys.has(row.dataset.message) || (number <= read.upTo[0] && at <= read.upTo[1]);
    row.classList.toggle("unread", !isRead);
    $(".unread-word", row).hidden = isRead;
    return !isRead;
  });
  if ($("#all-read")) $("#all-read").hidden = !unread.length;
}

function markAll() {
  const [newest] = all(".rows [data-message]").map((row) => row.dataset.message.split(" "));
  keepRead({ upTo: [Number(newest[0]), newest[1]], keys: new Set() });
  mark();
  say("All messages are marked as read");
}

document.addEventListener("click", (event) => {
  if (event.target.id === "all-read") return void markAll();
  const copying = event.target.closest("[data-copy]");
  if (copying) return void copy(copying.dataset.copy, copying);
  const link = event.target.closest("a[href]") || rowLink(event.target);
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  if ("copyFrom" in link.dataset) {
    event.preventDefault();
    copy(fetch(link.href).then((response) => response.text()), link);
  } else if (link.matches("[data-soft], .side a") && link.origin === location.origin) {
    event.preventDefault();
    go(link.href, { keep: link.matches("[data-soft]") });
  }
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-soft]") || event.defaultPrevented) return;
  if (form.dataset.sure && !confirm(form.dataset.sure)) return void event.preventDefault();
  event.preventDefault();
  const fields = new FormData(form, event.submitter);
  if (form.getAttribute("method") === "get") {
    sought = $("[data-search]", form)?.value;
    const url = new URL(form.getAttribute("action"), location.href);
    url.search = new URLSearchParams([...fields].filter(([, value]) => value !== "")).toString();
    go(url.href);
  } else {
    const body = form.getAttribute("enctype") ? fields : new URLSearchParams(fields);
    go(form.getAttribute("action"), { options: { method: "POST", body }, keep: false });
  }
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});

document.addEventListener("input", (event) => {
  if (event.target.closest("[data-live]")) event.target.dataset.dirty = "";
  if (event.target.matches("[data-search]")) search(event.target);
});

// Searches when nothing was typed for a moment. `sought` is what was searched last.
let typing;
let sought;
function search(field) {
  clearTimeout(typing);
  typing = setTimeout(() => field.isConnected && field.form.requestSubmit(), 250);
}

function move(step) {
  const rows = all(".rows a");
  const at = rows.findIndex((row) => row === document.activeElement || (row.matches("[aria-current]") && !rows.includes(document.activeElement)));
  const row = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
  if (!row) return;
  row.focus();
  row.scrollIntoView({ block: "nearest" });
}

let chord;
document.addEventListener("keydown", (event) => {
  if (event.metaKey || event.ctrlKey || event.altKey || event.target.closest("input, textarea, select, dialog[open]")) return;
  const keys = {
    j: () => move(1),
    k: () => move(-1),
    "/": () => $("[data-search]")?.focus(),
    c: () => $(".copy.first:not([hidden])")?.click(),
    "?": () => $("#keys").showModal(),
    g: () => (chord = setTimeout(() => (chord = undefined), 1500)),
  };
  const section = chord && all(".side a").find((link) => link.dataset.key === event.key);
  clearTimeout(chord);
  chord = undefined;
  if (section) {
    event.preventDefault();
    go(section.href, { keep: false });
  } else if (keys[event.key]) {
    event.preventDefault();
    keys[event.key]();
  }
});

// Tokens of an implicit sign-in stay in the browser: the callback page shows them here.
function fragment() {
  const place = $("#fragment");
  const given = new URLSearchParams(location.hash.slice(1));
  if (!place || ![...given.keys()].some((name) => name.endsWith("token") || name === "error")) return;
  place.hidden = false;
  const list = document.createElement("pre");
  list.tabIndex = 0;
  list.textContent = [...given].map(([name, value]) => `${name}: ${claims(value)}`).join("\n\n");
  place.append(list);
}

function claims(value) {
  try {
    const bytes = Uint8Array.from(atob(value.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")), (each) => each.charCodeAt(0));
    return `${value}\n${JSON.stringify(JSON.parse(new TextDecoder().decode(bytes)), null, 2)}`;
  } catch {
    return value;
  }
}

addEventListener("popstate", () => go(location.href, { push: false }));
addEventListener("storage", mark);
document.addEventListener("visibilitychange", listen);
document.addEventListener("visibilitychange", mark);
document.documentElement.classList.add("script");
prepare();
count();
mark();
fragment();
listen();
