// The clinic's assistant: one custom element in a shadow root, plain JavaScript without a build step (docs/website.md).
// The server puts the clinic, the English labels and the two style sheets in the place of GIVEN (bot/channels/web_files.py).
(() => {
  "use strict";
  const GIVEN = /*GIVEN*/ {};
  const TAG = "clinic-assistant", MOST = 1000, PATIENCE = 10000;
  const script = document.currentScript;
  if (!script || customElements.get(TAG)) return;
  const HERE = new URL(".", script.src), KEY = `${TAG}:${HERE}`, { clinic } = GIVEN;

  const { style: STYLE, paper: PAPER } = GIVEN;
  const ICON = {
    chat: "M4 5h16v11H10l-5 4v-4H4z", close: "M6 6l12 12M18 6L6 18", send: "M4 12h15M13 6l6 6-6 6",
    print: "M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z", clear: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
    alarm: "M12 3l10 18H2zM12 10v5M12 18v.1", phone: "M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a1 1 0 0 1-1 1A16 16 0 0 1 4 5a1 1 0 0 1 1-1z",
  };

  /** An element: functions listen, other values are attributes; texts go in as text, never as HTML. */
  function make(tag, given = {}, ...inside) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(given)) {
      if (typeof value === "function") made.addEventListener(name, value);
      else if (value != null && value !== false) made.setAttribute(name, value);
    }
    made.append(...inside.flat(9).filter((one) => one != null && one !== false));
    return made;
  }
  const para = (...inside) => make("p", {}, ...inside);
  const hidden = (...inside) => make("span", { class: "vh" }, ...inside);
  function icon(name) {
    const [svg, path] = ["svg", "path"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    path.setAttribute("d", ICON[name]);
    svg.append(path);
    return svg;
  }
  const tel = (number, ...inside) => make("a", { href: `tel:${number.replace(/[^\d+]/g, "")}` }, ...inside);
  const link = (address, text) => /^(https?|mailto):/i.test(address)
    && make("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, text);

  const INLINE = new RegExp("\\*\\*(.+?)\\*\\*|\\*([^*\\s][^*]*)\\*|\\[([^\\]]+)\\]\\(([^()\\s]+)\\)|"
    + `(https?://[^\\s<>"]*[^\\s<>".,;:!?)])|(${clinic.phone.replace(/[^\w\s]/g, "\\$&")})`, "g");
  /** Bold, italics, links and the clinic's number; whatever else stands there is text. */
  function inline(text) {
    const out = [];
    let at = 0;
    for (const m of text.matchAll(INLINE)) {
      out.push(text.slice(at, m.index), m[1] ? make("strong", {}, inline(m[1])) : m[2] ? make("em", {}, inline(m[2]))
        : m[6] ? tel(m[6], m[6]) : link(m[4] || m[5], m[3] || m[5]) || m[0]);
      at = m.index + m[0].length;
    }
    return [...out, text.slice(at)];
  }
  /** The blocks of a Markdown text: headings (also a line all in bold), lists, paragraphs. */
  function blocks(text) {
    const out = [];
    let list, open, m;
    for (const raw of text.split("\n")) {
      const line = raw.trim();
      if (!line) open = null;
      else if ((m = /^([-*•]|\d+[.)])\s+(.*)/.exec(line))) {
        const tag = /\d/.test(m[1]) ? "OL" : "UL";
        if (list?.tagName !== tag) out.push((list = make(tag, { start: tag === "OL" && parseInt(m[1]) })));
        list.append(make("li", {}, inline(m[2])));
        open = null;
      } else if (list && !open && /^\s/.test(raw)) list.lastChild.append(" ", ...inline(line));
      else if (!open && (m = /^#+\s+(.*)/.exec(line) || /^\*\*([^*]+)\*\*$/.exec(line))) {
        out.push(make("h3", {}, inline(m[1])));
        list = null;
      } else {
        if (open) open.append(" ", ...inline(line));
        else out.push((open = para(inline(line))));
        list = null;
      }
    }
    return out;
  }

  /** White or black, whichever reads better on a colour; and a colour dimmed for the dark. */
  const parts = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  const on = (hex) => parts(hex).map((v) => ((v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0) > 0.179 ? "#000" : "#fff";
  const dim = (hex) => "#" + parts(hex).map((v) => Math.round(v * 0.6 + 10).toString(16).padStart(2, "0")).join("");

  let memory = "{}";
  const saved = () => { try { return JSON.parse(localStorage.getItem(KEY)) || {}; } catch { return JSON.parse(memory); } };
  function save(what) {
    memory = JSON.stringify(what);
    try { what.token ? localStorage.setItem(KEY, memory) : localStorage.removeItem(KEY); } catch { /* kept in memory */ }
  }

  class Assistant extends HTMLElement {
    async connectedCallback() {
      if (this.shadowRoot) return;
      const root = this.attachShadow({ mode: "open" }), { dataset } = this;
      this.words = GIVEN.labels;
      this.lang = dataset.language || "en";
      if (this.lang !== "en") {
        try { this.words = { ...this.words, ...await (await fetch(new URL(`widget/${this.lang}.json`, HERE))).json() }; } catch { this.lang = "en"; }
      }
      const pen = document.createElement("canvas").getContext("2d");
      pen.fillStyle = "#1f5d68";
      if (dataset.color) pen.fillStyle = dataset.color;
      const brand = /^#/.test(pen.fillStyle) ? pen.fillStyle : "#1f5d68", dark = dim(brand);
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(`${STYLE}:host{--brand:${brand};--on:${on(brand)}}@media (prefers-color-scheme:dark){:host{--brand:${dark};--on:${on(dark)}}}`);
      root.adoptedStyleSheets = [sheet];
      this.build(root, dataset);
      addEventListener("storage", (event) => {
        if (event.key !== KEY) return;
        this.stale = true;
        if (this.panel.open && !this.waiting) this.load();
      });
      performance.mark(`${TAG}-ready`);
    }

    build(root, { title, position, opening, privacy, country }) {
      const { words } = this, name = title || words.title;
      this.country = country;
      this.danger = clinic.emergency[(country || "").toUpperCase()] || clinic.emergency[clinic.country];
      const tool = (what, click) => make("button", { "aria-label": words[what], title: words[what], click }, icon(what));
      this.launch = make("button", { class: "launch main", "aria-haspopup": "dialog", click: () => this.open() }, icon("chat"), name);
      this.log = make("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": words.log, tabindex: 0 });
      this.status = make("div", { class: "vh", role: "status" });
      this.alarm = make("div", { class: "vh", role: "alert" });
      this.field = make("textarea", { id: "field", rows: 1, placeholder: words.field, enterkeyhint: "send",
        "aria-describedby": "count", input: () => this.count(), keydown: (event) => {
          if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          this.submit();
        } });
      this.left = make("p", { class: "count", id: "count" });
      this.panel = make("dialog", { class: "panel", "aria-labelledby": "name", close: () => this.closed(),
        keydown: (event) => { if (event.key === "Escape" && !event.isComposing) this.panel.close(); } },
        make("div", { class: "head" }, make("div", {}, make("h2", { id: "name" }, name), para(words.about)),
          tool("print", () => this.paper()), tool("clear", () => this.confirm.showModal()), tool("close", () => this.panel.close())),
        this.log,
        make("form", { submit: (event) => { event.preventDefault(); this.submit(); } },
          make("label", { class: "vh", for: "field" }, words.field), this.field,
          make("button", { class: "main", "aria-label": words.send, title: words.send }, icon("send")), this.left),
        this.status, this.alarm);
      this.confirm = make("dialog", { class: "confirm", role: "alertdialog", "aria-labelledby": "ask", "aria-describedby": "gone" },
        make("h2", { id: "ask" }, words.ask), make("p", { id: "gone" }, words.gone),
        make("div", {}, make("button", { class: "main", click: () => this.clear() }, words.delete),
          make("button", { autofocus: "", click: () => this.confirm.close() }, words.keep)));
      const [before, after] = words.danger.split("{n}");
      this.help = () => [before, tel(this.danger, this.danger), after, ". "];
      this.intro = () => make("div", { class: "intro" }, make("p", { dir: "auto" }, opening || words.opening),
        para(words.notice, " ", this.help(), privacy && link(new URL(privacy, location), words.privacy)));
      this.narrow = matchMedia("(max-width:30em),(max-height:30em)");
      this.narrow.addEventListener("change", () => {
        if (!this.panel.open) return;
        const active = root.activeElement;
        this.panel.close();
        this.show();
        active?.focus();
      });
      // A phone's keyboard covers what it does not shrink.
      visualViewport.addEventListener("resize", () => {
        const { style } = this.panel, { height, offsetTop } = visualViewport, full = this.panel.matches(":modal");
        style.height = full ? `${height}px` : "";
        style.top = full ? `${offsetTop}px` : "";
      });
      const side = position === "left" || (position !== "right" && words.dir === "rtl") ? "left" : "right";
      root.append(make("div", { class: `root ${side} ${words.dir}`, dir: words.dir, lang: this.lang }, this.launch, this.panel, this.confirm));
    }

    show() { this.narrow.matches ? this.panel.showModal() : this.panel.show(); }
    open() {
      this.show();
      this.launch.hidden = true;
      this.field.focus();
      if (!this.loaded || this.stale) this.load();
    }
    closed() {
      if (this.panel.open) return;
      this.panel.removeAttribute("style");
      this.launch.hidden = false;
      this.launch.focus();
    }

    /** One request. Throws an error whose `words` tell the patient what to do. */
    async call(method, path, body) {
      const stop = new AbortController(), timer = setTimeout(() => stop.abort(), PATIENCE), { token, n = 0 } = saved();
      try {
        const answer = await fetch(new URL(`webhooks/web/${path}`, HERE), { method, signal: stop.signal, credentials: "omit",
          headers: { ...(token && { Authorization: `Bearer ${token}` }), ...(body && { "Content-Type": "application/json" }) },
          body: body && JSON.stringify(body) });
        const data = await answer.json();
        if (!answer.ok) throw Object.assign(new Error(data.error), { status: answer.status, words: data.message });
        if (data.session || data.reply) save({ token: data.session || token, n: n + 1 });
        return data;
      } catch (error) {
        error.words ||= this.words[error.name === "AbortError" ? "slow" : error.name === "SyntaxError" ? "broken" : "offline"];
        throw error;
      } finally { clearTimeout(timer); }
    }
    start() { save({}); return this.call("POST", "session"); }

    /** Shows the conversation as the server knows it, or the opening of a new one. */
    async load() {
      this.loaded = true;
      this.stale = false;
      const { log } = this;
      log.setAttribute("aria-live", "off");
      log.replaceChildren(this.intro());
      try {
        const data = await (saved().token ? this.call("GET", "conversation").catch((error) => {
          if (error.status !== 401) throw error;
          return this.start();
        }) : this.start());
        log.replaceChildren(this.intro());
        if (!data.turns.length) log.firstChild.append(this.chips(data.start));
        for (const { said, reply } of data.turns) this.turn(said).append(this.card(reply));
        if (data.turns.length) this.reveal(log.lastChild);
      } catch (error) {
        this.loaded = false;
        log.append(this.trouble(error, () => this.load()));
      }
      setTimeout(() => log.setAttribute("aria-live", "polite"), 200);
    }

    submit() {
      const text = this.field.value.trim();
      if (!text) return this.field.focus();
      if (this.waiting || [...text].length > MOST) return this.count();
      this.field.value = "";
      this.count();
      this.send(text);
    }
    count() {
      const { field, left, words } = this, n = MOST - [...field.value.trim()].length;
      field.style.height = "auto";
      field.style.height = `${field.scrollHeight + 2}px`;
      left.textContent = field.value ? words[n < 0 ? "over" : "left"].replace("{n}", Math.abs(n)) : "";
      left.classList.toggle("over", n < 0);
      field.setAttribute("aria-invalid", n < 0);
      // Spoken now and then, not at every letter.
      if (n < 0 || [100, 50, 20].includes(n)) this.status.textContent = left.textContent;
    }

    async send(text, button) {
      if (this.waiting) return;
      this.waiting = true;
      const { words, status, country } = this, turn = this.turn(text);
      const busy = make("p", { class: "busy", "aria-hidden": "true" }, words.busy);
      this.reveal(turn);
      status.textContent = this.alarm.textContent = "";
      const timer = setTimeout(() => { turn.append(busy); status.textContent = words.busy; }, 300);
      try {
        if (!saved().token) await this.start();
        const { reply } = await this.call("POST", "message", { ...(button ? { button } : { text }), country }).catch(async (error) => {
          // A new session, or a button of an old one: the same in words.
          if (error.status === 401) await this.start();
          else if (error.message !== "not_offered") throw error;
          return this.call("POST", "message", { text, country });
        });
        if (reply.forgotten) { save({}); this.log.replaceChildren(turn); }
        const card = this.card(reply);
        turn.append(card);
        if (reply.kind === "emergency" || reply.kind === "urgent") this.alarm.textContent = `${words[reply.kind]}. ${card.querySelector("h3,p:not(.flag)").textContent}`;
      } catch (error) {
        turn.append(this.trouble(error, () => { turn.remove(); this.send(text, button); }));
      } finally {
        clearTimeout(timer);
        busy.remove();
        status.textContent = "";
        this.waiting = false;
        if (turn.isConnected) this.reveal(turn);
        if (this.stale && this.panel.open) this.load();
      }
    }

    turn(said) {
      const turn = make("div", { class: "turn" }, make("p", { class: "said" }, hidden(this.words.you, " "), make("bdi", {}, said)));
      this.log.append(turn);
      return turn;
    }
    reveal(it) {
      const box = getComputedStyle(this.log).overflowY === "visible" ? this.panel : this.log;
      box.scrollTop += it.getBoundingClientRect().top - box.getBoundingClientRect().top - 12;
    }
    button({ title, send }, ...more) {
      return make("button", { click: () => this.send(title, send) }, title, ...more);
    }
    chips(buttons) { return make("ul", { class: "chips", lang: "en", dir: "ltr" }, buttons.map((one) => make("li", {}, this.button(one)))); }
    callButton({ name, number }) {
      const call = tel(number, icon("phone"), make("span", {}, this.words.call.replace("{n}", number), make("small", {}, name)));
      call.className = "call";
      return call;
    }

    card(reply) {
      const { words } = this, { kind, sources = [], feedback } = reply;
      const calls = reply.calls || (kind === "unavailable" ? [{ name: clinic.name, number: clinic.phone }] : []);
      const body = blocks(reply.text);
      let buttons = reply.buttons || [];
      // A list that only repeats the buttons becomes the buttons.
      for (const list of body.filter((one) => one.children.length && one.children.length === buttons.length)) {
        if (![...list.children].every((li, i) => li.textContent.startsWith(buttons[i].title))) continue;
        list.className = "chips";
        [...list.children].forEach((li, i) => {
          const more = li.textContent.slice(buttons[i].title.length).replace(/^[:\s]+/, "");
          li.replaceChildren(this.button(buttons[i], more && make("small", {}, more)));
        });
        buttons = [];
      }
      if (calls.length) body.splice(1, 0, ...calls.map((one) => this.callButton(one)));
      const label = (text) => make("p", { class: "label" }, text);
      return make("div", { class: `card ${kind}`, lang: "en", dir: "ltr" },
        hidden(words.bot),
        /^(emergency|urgent)$/.test(kind) && make("p", { class: "flag" }, icon("alarm"), words[kind]),
        body,
        reply.consult && make("div", { class: "consult" }, label(words.consult), para(inline(reply.consult))),
        sources.map((one) => this.source(one)),
        buttons.length > 0 && make("div", { class: "more" }, reply.related && label(words.related), this.chips(buttons)),
        feedback && make("div", { class: "help", role: "group", "aria-label": words.helped }, make("span", {}, words.helped),
          this.button({ title: words.yes, send: feedback.good }), this.button({ title: words.no, send: feedback.bad })));
    }
    source(one) {
      const { words } = this;
      const review = one.review === "reviewed" ? words.reviewed.replace("{by}", one.reviewed_by).replace("{on}", one.reviewed_on)
        : words[one.review === "changed since review" ? "changed" : "awaiting"];
      const rows = { source: one.title, speaker: one.speaker, place: one.where, published: [one.publisher, one.year].filter(Boolean).join(", "), reference: one.reference, review };
      return make("details", {}, make("summary", {}, make("span", {}, `${words.source}: ${one.where}`)),
        make("dl", {}, Object.entries(rows).map(([name, value]) => value && [make("dt", {}, words[name]), make("dd", {}, inline(value))])));
    }
    trouble(error, again) {
      const { words } = this;
      return make("div", { class: "card trouble" }, para(inline(error.words)),
        para(words.phone.replace("{name}", clinic.name)), this.callButton({ name: clinic.name, number: clinic.phone }),
        para(this.help()),
        make("button", { click: (event) => { event.target.closest(".card").remove(); this.field.focus(); again(); } }, words.again));
    }

    async clear() {
      this.confirm.close();
      try {
        if (saved().token) await this.call("DELETE", "conversation").catch((error) => { if (error.status !== 401) throw error; });
        save({});
        await this.load();
        this.status.textContent = this.words.deleted;
        this.field.focus();
      } catch (error) {
        const card = this.trouble(error, () => this.clear());
        this.log.append(card);
        this.reveal(card);
      }
    }

    /** The conversation on paper, in a tab of its own: every source open, nothing to press but print and save. */
    paper() {
      const { words } = this, page = open("", "_blank");
      if (!page) return;
      const { document: doc } = page;
      doc.documentElement.lang = this.lang;
      doc.documentElement.dir = words.dir;
      doc.title = `${words.paper}, ${clinic.name}`;
      const sheet = new page.CSSStyleSheet();
      sheet.replaceSync(PAPER);
      doc.adoptedStyleSheets = [sheet];
      const turns = [...this.log.querySelectorAll(".turn")].map((turn) => {
        const copy = turn.cloneNode(true);
        copy.querySelectorAll(".help,.more,.trouble,.vh").forEach((one) => one.remove());
        copy.querySelectorAll("button").forEach((one) => one.replaceWith(one.textContent));
        copy.querySelectorAll("summary").forEach((one) => one.parentNode.replaceWith(one.nextSibling));
        copy.firstChild.replaceWith(make("h2", { dir: "auto" }, copy.firstChild.textContent));
        return copy;
      });
      const keep = () => {
        const copy = doc.documentElement.cloneNode(true);
        copy.querySelector("button").parentNode.remove();
        copy.querySelector("head").append(make("meta", { charset: "utf-8" }), make("style", {}, PAPER));
        const address = URL.createObjectURL(new Blob(["<!doctype html>", copy.outerHTML], { type: "text/html" }));
        make("a", { href: address, download: "conversation.html" }).click();
        setTimeout(() => URL.revokeObjectURL(address), 1000);
      };
      doc.body.append(make("main", {}, make("h1", {}, words.paper),
        para(`${clinic.name}, ${clinic.phone}. ${new Date().toLocaleDateString(this.lang)}. ${words.about}.`),
        para(make("button", { click: () => page.print() }, words.now), make("button", { click: keep }, words.save)), turns));
    }
  }

  const put = () => {
    const it = document.querySelector(TAG) || document.body.appendChild(make(TAG));
    Object.assign(it.dataset, { ...script.dataset, ...it.dataset });
    customElements.define(TAG, Assistant);
  };
  document.body ? put() : addEventListener("DOMContentLoaded", put);
})();
