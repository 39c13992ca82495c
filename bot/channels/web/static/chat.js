// The chat without loading pages anew. Each form goes out in the background, and the page that comes back takes the
// place of the one that is there. All of it works without this script, too.
"use strict";

(() => {
  const RETRY_MS = 4000;
  const PATIENCE_MS = 1000; // after this one is told that a form is under way
  const NEARLY_FULL = 0.9; // from here on a field says aloud how much room is left
  const root = document.documentElement;
  const find = (selector, where = document) => where.querySelector(selector);
  const page = () => find("#page");
  let unsent = null; // the form that has no answer yet
  let isUnderWay = false; // and whether it is being sent just now
  let waiting = null; // the stream that tells when the register has answered
  let depth = 0; // how many pages the browser's own back button can go back through
  let isGoingBack = false; // whether that one was pressed

  // --- What is being typed, until it is sent: kept for this tab only ---------------------------------------------

  // The question, without what says how much of a long answer the page had.
  const questionOf = (shown) => shown.split(":").slice(0, 2).join(":");
  const question = (field) => questionOf(find("input[name=shown]", field.form)?.value ?? "");

  // Where a browser lets nothing be kept, a reload empties the field, as it does without scripts.
  function stored(work) {
    try {
      return work(sessionStorage);
    } catch {
      return null;
    }
  }

  const keep = (field) => stored((store) => store.setItem(`typed ${question(field)}`, field.value));
  const forget = (asked) => stored((store) => store.removeItem(`typed ${asked}`));

  function restore(field) {
    const kept = stored((store) => store.getItem(`typed ${question(field)}`));
    if (kept !== null) field.value = kept;
  }

  // --- A new page in the place of the old one --------------------------------------------------------------------

  // `sent` is the form that the page answers; without one it came by itself, or by going back.
  function place(html, { sent = null, isAsked = false }) {
    const next = new DOMParser().parseFromString(html, "text/html");
    const fresh = find("#page", next);
    if (!fresh) throw new Error("not a page of ours");
    const focused = document.activeElement;
    const old = find("#text");
    const typed = old && { question: question(old), value: old.value, hadFocus: focused === old };
    quieten(fresh);
    page().replaceWith(document.importNode(fresh, true));
    document.title = next.title;
    root.lang = next.documentElement.lang;
    const field = find("#text");
    const isSame = field && typed && question(field) === typed.question;
    if (sent) settle(sent, typed, isSame ? field : null);
    if (field && !(sent && isSame)) restore(field);
    if (isSame && !sent && !isAsked) field.value = typed.value;
    prepare();
    if (isAsked) goToTheQuestion();
    else stayWhereOneWas(focused, typed?.hadFocus && isSame);
    announce(isAsked);
    root.dataset.turn = Number(root.dataset.turn ?? 0) + 1;
  }

  // What was sent need not be kept any more. What was typed since then stays: in the field where it is the same
  // question, and else until that question comes again.
  function settle(sent, typed, field) {
    if (!sent.fields.has("text")) return;
    const isMore = typed && typed.question === sent.question && typed.value !== sent.fields.get("text");
    if (field && isMore) field.value = typed.value;
    if (field && field.value) keep(field);
    else if (!isMore && sent.isTaken) forget(sent.question);
  }

  // What a live region would say is said by the log, once, or read with the field that has the focus.
  function quieten(fresh) {
    for (const live of fresh.querySelectorAll("[role=alert], [role=status]")) live.removeAttribute("role");
    const field = find("#text", fresh);
    if (field) {
      const described = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && id !== "told");
      if (described.length) field.setAttribute("aria-describedby", described.join(" "));
      else field.removeAttribute("aria-describedby");
    }
  }

  function goToTheQuestion() {
    const field = find("#text");
    const heading = find("h1");
    const target = field && (!field.hasAttribute("data-last") || field.hasAttribute("aria-invalid")) ? field : heading;
    if (target === heading) {
      heading.tabIndex = -1;
      if (find("#hint")) heading.setAttribute("aria-describedby", "hint");
    }
    window.scrollTo(0, 0);
    target.focus({ preventScroll: true });
    (find(".problem:not([hidden])") ?? target).scrollIntoView({ block: "nearest" });
  }

  function stayWhereOneWas(focused, wasTyping) {
    if (wasTyping) find("#text").focus({ preventScroll: true });
    else if (focused && focused.id !== "text") sameAs(focused)?.focus({ preventScroll: true });
  }

  // The page is another one: what had the focus is found again by what it is and what stands on it.
  function sameAs(old) {
    const isSame = (each) => each.textContent === old.textContent;
    return (old.id && document.getElementById(old.id)) || [...document.querySelectorAll(old.localName)].find(isSame);
  }

  function announce(isAsked) {
    // A rejection that belongs to the field is read with it.
    const apart = find("#text") ? ":not(#rejected)" : "";
    for (const each of document.querySelectorAll(`#told, .problem:not([hidden])${apart}`)) tell(each.innerText);
    if (!isAsked) tell(`${find("h1").innerText}\n${find("#hint")?.innerText ?? ""}`);
  }

  function tell(text) {
    const line = document.createElement("p");
    line.textContent = text.trim();
    line.lang = root.lang;
    find("#log").append(line);
    while (find("#log").childElementCount > 20) find("#log").firstElementChild.remove();
  }

  // --- The field: how much room there is, and a box that grows with its text --------------------------------------

  function prepare() {
    const field = find("#text");
    if (field) {
      grow(field);
      count(field, false);
    }
    if (find("[data-wiped]")) stored((store) => store.clear());
    listen();
  }

  function grow(field) {
    if (field.tagName !== "TEXTAREA" || CSS.supports("field-sizing", "content")) return;
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight + 4}px`;
  }

  function count(field, aloud) {
    const counter = find("#counter");
    if (!counter) return;
    const most = Number(field.dataset.most);
    const left = most - [...field.value].length;
    const was = counter.dataset.near === "1";
    const near = left < most * (1 - NEARLY_FULL);
    counter.hidden = field.value === "" || !(near || field.tagName === "TEXTAREA");
    counter.textContent = `${counter.dataset.words} ${left.toLocaleString(root.lang)}`;
    counter.classList.toggle("over", left < 0);
    counter.dataset.near = near ? "1" : "";
    if (aloud && near && !was) tell(counter.textContent);
  }

  // --- Sending ---------------------------------------------------------------------------------------------------

  document.addEventListener("input", (event) => {
    if (event.target.id !== "text") return;
    keep(event.target);
    grow(event.target);
    count(event.target, true);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.tagName === "TEXTAREA") {
      event.preventDefault();
      event.target.form.requestSubmit(find("button.primary", event.target.form));
    }
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) print();
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.hasAttribute("data-chat")) return;
    event.preventDefault();
    if (isUnderWay) return;
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) fields.append(name, value);
    const pressed = event.submitter;
    if (pressed?.name) fields.append(pressed.name, pressed.value);
    const asked = questionOf(fields.get("shown") ?? "");
    unsent = { fields, action: form.action, pressed, question: asked, isBack: isGoingBack, isTaken: false };
    isGoingBack = false;
    send();
  });

  async function send() {
    const sent = unsent;
    isUnderWay = true;
    find("main").setAttribute("aria-busy", "true");
    const sayIt = setTimeout(() => sayThatItIsUnderWay(sent.pressed), PATIENCE_MS);
    let html = "";
    try {
      const answer = await fetch(sent.action, { method: "POST", body: sent.fields, headers: { "X-Chat": "script" } });
      html = await answer.text();
      sent.isTaken = answer.ok;
    } catch {
      // Nobody answered.
    }
    clearTimeout(sayIt);
    isUnderWay = false;
    if (!html.includes('id="page"')) {
      noContact(); // nobody did, or somebody in between
      return;
    }
    unsent = null;
    place(html, { sent, isAsked: true });
    if (!sent.isBack) history.pushState({ depth: ++depth }, "", sent.action);
  }

  function sayThatItIsUnderWay(pressed) {
    const words = find("#page").dataset.sending;
    const line = document.createElement("span");
    line.className = "sending";
    line.textContent = words;
    if (pressed?.isConnected && !find(".sending")) pressed.after(line);
    tell(words);
  }

  // The form has a number that is used once: sent twice, it counts once.
  function noContact() {
    find("main").removeAttribute("aria-busy");
    find(".sending")?.remove();
    showContact(false);
    setTimeout(sendAgain, RETRY_MS);
  }

  function showContact(isThere) {
    const notice = find("#no-contact");
    const wasThere = notice.hidden;
    for (const line of notice.children) line.hidden = (line.dataset.when === "online") !== navigator.onLine;
    notice.hidden = isThere;
    if (wasThere && !isThere) tell(notice.innerText);
  }

  // With what has been typed since then.
  function sendAgain() {
    if (!unsent || isUnderWay) return;
    const field = find("#text");
    if (unsent.fields.has("text") && field) unsent.fields.set("text", field.value);
    send();
  }

  async function reload(isAsked) {
    try {
      const answer = await fetch(location.href);
      place(await answer.text(), { isAsked });
    } catch {
      setTimeout(() => reload(isAsked), RETRY_MS);
    }
  }

  // --- What comes by itself: the register's answer, the network ----------------------------------------------------

  function listen() {
    waiting?.close();
    waiting = null;
    const where = find("[data-events]");
    if (!where) return;
    waiting = new EventSource(where.dataset.events);
    waiting.addEventListener("settled", () => {
      waiting?.close();
      reload(false);
    });
    // A browser asks again when nobody answers, but never after an answer that is no stream: an error of a proxy, say.
    waiting.addEventListener("error", (event) => {
      if (event.target === waiting && waiting.readyState === EventSource.CLOSED) setTimeout(lookAgain, RETRY_MS);
    });
  }

  // Without a word, as long as there is nothing new to see.
  async function lookAgain() {
    if (waiting?.readyState !== EventSource.CLOSED || !find("[data-events]") || isUnderWay) return;
    try {
      const html = await (await fetch(location.href)).text();
      if (!html.includes('id="page"')) throw new Error("not a page of ours");
      if (html.includes("data-events")) listen();
      else place(html, {});
    } catch {
      setTimeout(lookAgain, RETRY_MS);
    }
  }

  addEventListener("offline", () => showContact(false));
  addEventListener("online", () => (unsent ? sendAgain() : showContact(true)));
  addEventListener("pageshow", (event) => event.persisted && reload(true));

  // The browser's back button does what "Tilbake" does, where that is offered.
  addEventListener("popstate", (event) => {
    const to = event.state?.depth ?? 0;
    const back = to < depth && !isUnderWay ? find('.feet button[value$=":back"]') : null;
    depth = to;
    isGoingBack = back !== null;
    if (back) back.click();
    else reload(true);
  });

  root.classList.add("script");
  quieten(page());
  if (find("#text")) restore(find("#text"));
  prepare();
  root.dataset.turn = "0";
})();
