/// The script of a preview's page. It listens to events, fetches the page again when it has changed, and changes only
/// the parts that differ.
///
/// Elements are reused where possible: they are matched by their id or by equality. So folded, scrolled and selected
/// parts stay as the reader left them, and the topmost visible element keeps its position on the screen.
enum PreviewScript {
  static let text = #"""
    const bar = () => document.getElementById("preview");
    const liveBlocks = new Map();
    const servedOpen = new WeakMap();
    let revision = Number(bar().dataset.revision);
    let wanted = revision;
    let loading = false;

    const parse = (html) => new DOMParser().parseFromString(html, "text/html");

    function remember(root) {
      if (root.nodeType !== Node.ELEMENT_NODE) return;
      if (root.localName === "details") servedOpen.set(root, root.open);
      for (const details of root.querySelectorAll("details")) servedOpen.set(details, details.open);
    }

    function morph(old, fresh) {
      if (old.nodeType !== Node.ELEMENT_NODE) {
        if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
        return;
      }
      if (old.isEqualNode(fresh)) return;
      if (old.localName === "svg") {
        old.replaceWith(document.importNode(fresh, true));
        return;
      }
      const isFolding = old.localName === "details";
      for (const { name } of [...old.attributes]) {
        if (!fresh.hasAttribute(name) && !(isFolding && name === "open")) old.removeAttribute(name);
      }
      for (const { name, value } of fresh.attributes) {
        if (old.getAttribute(name) !== value && !(isFolding && name === "open")) old.setAttribute(name, value);
      }
      if (isFolding && servedOpen.get(old) !== fresh.open) {
        // The report opened or folded the element. Otherwise the reader's choice is kept.
        old.open = fresh.open;
        servedOpen.set(old, fresh.open);
      }
      morphChildren(old, fresh);
    }

    function counterpart(first, fresh, later) {
      for (let node = first; node; node = node.nextSibling) {
        if (fresh.id ? node.id === fresh.id && node.localName === fresh.localName : node.isEqualNode(fresh)) \#
    return node;
      }
      if (!first || fresh.id || first.id || first.nodeName !== fresh.nodeName) return null;
      return later.some((node) => node.isEqualNode(first)) ? null : first;
    }

    function morphChildren(old, fresh) {
      let position = old.firstChild;
      const children = [...fresh.childNodes];
      children.forEach((child, index) => {
        const match = counterpart(position, child, children.slice(index + 1));
        if (!match) {
          const added = document.importNode(child, true);
          old.insertBefore(added, position);
          remember(added);
          return;
        }
        if (match === position) position = position.nextSibling;
        else old.insertBefore(match, position);
        morph(match, child);
      });
      while (position) {
        const gone = position;
        position = position.nextSibling;
        gone.remove();
      }
    }

    function steadily(change) {
      const top = bar().offsetHeight;
      const seen = [];
      for (const element of document.querySelectorAll("main > *, main .cell > *")) {
        const box = element.getBoundingClientRect();
        if (box.bottom > top && box.height > 0) seen.push([element, box.top]);
        if (box.top > innerHeight) break;
      }
      const atTop = scrollY <= 0;
      change();
      if (atTop) return;
      const kept = seen.find(([element, before]) => element.isConnected && before >= 0) \#
    ?? seen.find(([element]) => element.isConnected);
      if (kept) scrollBy({ top: kept[0].getBoundingClientRect().top - kept[1], behavior: "instant" });
    }

    function placeLiveBlock(page, anchor) {
      const cell = page.getElementById(anchor);
      if (!cell) return;
      let block = cell.querySelector(":scope > .live");
      const html = liveBlocks.get(anchor);
      if (!html) {
        block?.remove();
        return;
      }
      if (!block) {
        block = page.createElement("div");
        block.className = "live";
        const code = cell.querySelector(":scope > details.code");
        cell.insertBefore(block, code ? code.nextSibling : cell.firstChild);
      }
      morphChildren(block, parse(html).body);
    }

    async function load() {
      if (loading) return;
      loading = true;
      try {
        while (revision < wanted) {
          const response = await fetch("./", { cache: "no-store" });
          if (!response.ok) throw new Error(response.statusText);
          const page = parse(await response.text());
          for (const anchor of liveBlocks.keys()) placeLiveBlock(page, anchor);
          steadily(() => morphChildren(document.body, page.body));
          document.title = page.title;
          document.documentElement.lang = page.documentElement.lang;
          revision = Number(page.getElementById("preview").dataset.revision);
        }
      } catch {
        // An event will follow when the preview can be reached again.
      } finally {
        loading = false;
      }
    }

    remember(document.body);
    const events = new EventSource("events");
    events.addEventListener("page", (event) => {
      wanted = Number(event.data);
      load();
    });
    events.addEventListener("status", (event) => {
      const { kind, html } = JSON.parse(event.data);
      bar().className = kind;
      morphChildren(bar(), parse(html).body);
    });
    events.addEventListener("live", (event) => {
      const { anchor, html } = JSON.parse(event.data);
      if (html) liveBlocks.set(anchor, html);
      else liveBlocks.delete(anchor);
      steadily(() => placeLiveBlock(document, anchor));
    });
    events.addEventListener("error", () => {
      bar().className = "ended";
      bar().querySelector(".state").textContent = bar().dataset.ended;
    });
    """#
}
