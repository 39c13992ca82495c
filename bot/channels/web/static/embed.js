// Puts a button on the page that loads this script, and behind it the chat in a frame. All that it needs is in its tag:
//   <script src="https://…/embed.js" data-consultation="1" data-locale="nb" data-label="…" defer></script>
"use strict";

(() => {
  const tag = document.currentScript;
  const home = new URL("embed/", tag.src);
  const asked = tag.dataset.locale || document.documentElement.lang.slice(0, 2);
  const locale = innspillWords[asked] ? asked : "nb";
  const words = innspillWords[locale];
  if (tag.dataset.consultation) home.searchParams.set("c", tag.dataset.consultation);

  // In a tree of its own, so that the page's styles and ours leave each other alone. A style sheet that a script makes
  // is no inline style, so the page's own policy does not forbid it.
  const host = document.createElement("div");
  const tree = host.attachShadow({ mode: "open" });
  const styles = new CSSStyleSheet();
  styles.replaceSync(`
    :host { all: initial; }
    button {
      font: 600 16px/1.35 system-ui, sans-serif; min-height: 46.4px; padding: 8.8px 17.6px; cursor: pointer;
      border: 2px solid ${innspillColour}; border-radius: 4px; background: ${innspillColour}; color: #fff;
    }
    button:focus-visible { outline: 3.2px solid ${innspillColour}; outline-offset: 2.4px; }
    dialog {
      box-sizing: border-box; width: min(736px, 100vw); height: min(832px, 100dvh); max-width: none; max-height: none;
      padding: 0; border: 2px solid ${innspillColour}; border-radius: 4px; background: #fff; overflow: hidden;
    }
    dialog[open] { display: flex; flex-direction: column; }
    dialog::backdrop { background: rgb(0 0 0 / 0.5); }
    .bar { display: flex; justify-content: flex-end; padding: 6.4px; background: #f2f5f6; }
    .bar button { background: #fff; color: ${innspillColour}; }
    iframe { flex: 1; width: 100%; border: 0; }
  `);
  tree.adoptedStyleSheets = [styles];

  const open = document.createElement("button");
  open.type = "button";
  open.textContent = tag.dataset.label || words.open;
  if (!tag.dataset.label) open.lang = locale; // a label of the page's own is in the page's language

  const panel = document.createElement("dialog");
  panel.setAttribute("aria-label", words.frame);
  panel.lang = locale;
  const bar = document.createElement("div");
  bar.className = "bar";
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = words.close;
  close.addEventListener("click", () => panel.close());
  bar.append(close);
  panel.append(bar);

  let frame = null; // made at the first click: a page that nobody answers on loads nothing more
  open.addEventListener("click", () => {
    if (!frame) {
      frame = document.createElement("iframe");
      frame.title = words.frame;
      frame.src = home.href;
      panel.append(frame);
    }
    panel.showModal(); // closing it, with Escape too, gives the focus back to the button
  });

  tree.append(open, panel);
  const place = () => (tag.closest("body") ? tag.after(host) : document.body.append(host));
  if (document.body) place();
  else document.addEventListener("DOMContentLoaded", place);
})();
