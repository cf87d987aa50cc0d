// A search page over the Lyhde API: words, suggestions, facets, pages. Copy it and make it your own.
// What is asked stands in the page's address, so that it can be linked to and the browser's back button works.

const API = ""; // the address of the API; empty where the API serves this page itself (api.pages_dir)
const FACETS = ["medium", "language", "subject", "genre", "audience", "format", "publisher", "year"];
const TAGS = { fin: "fi", swe: "sv", eng: "en" }; // the languages of titles, as HTML wants them
const WORDS = {
  fi: { words: "Hakusanat", search: "Hae", language: "Kieli", more: "Näytä lisää", facets: "Rajaukset", found: (n) => `${n} teosta`,
        tolerant: "Hakusanoilla ei löytynyt juuri mitään, tässä lähimpiä.", failed: "Haku ei onnistunut.",
        names: { medium: "Aineisto", language: "Kieli", subject: "Aihe", genre: "Genre", audience: "Kohderyhmä", format: "Tiedostomuoto", publisher: "Kustantaja", year: "Vuosi" } },
  sv: { words: "Sökord", search: "Sök", language: "Språk", more: "Visa fler", facets: "Avgränsa", found: (n) => `${n} verk`,
        tolerant: "Sökorden gav nästan inga träffar, här är de närmaste.", failed: "Sökningen misslyckades.",
        names: { medium: "Material", language: "Språk", subject: "Ämne", genre: "Genre", audience: "Målgrupp", format: "Filformat", publisher: "Förlag", year: "År" } },
  en: { words: "Words", search: "Search", language: "Language", more: "Show more", facets: "Filters", found: (n) => `${n} works`,
        tolerant: "Your words found almost nothing; here is what is near.", failed: "The search failed.",
        names: { medium: "Medium", language: "Language", subject: "Subject", genre: "Genre", audience: "Audience", format: "Format", publisher: "Publisher", year: "Year" } },
};
const $ = (id) => document.getElementById(id);

let asked = new URLSearchParams(location.search); // q, lang, and filters by the names of their facets
let after = null; // where the next page begins
let turn = 0; // answers to earlier questions are dropped

const lang = () => (WORDS[asked.get("lang")] ? asked.get("lang") : "fi");

function make(name, text, attributes = {}) {
  const node = Object.assign(document.createElement(name), attributes);
  if (text) node.textContent = text; // never innerHTML: what comes from a catalogue is text
  return node;
}

async function read(path, query) {
  const answer = await fetch(`${API}${path}?${query}`, { headers: { Accept: "application/json" } });
  const content = await answer.json();
  if (!answer.ok) throw new Error(content.detail); // a problem (RFC 9457), worded in the reader's language
  return content;
}

async function show(more = false) {
  const mine = ++turn;
  const query = new URLSearchParams(asked);
  query.set("lang", lang());
  if (more) query.set("after", after);
  translate();
  try {
    const found = await read("/search", query);
    if (mine !== turn) return;
    const say = WORDS[lang()];
    $("status").textContent = `${found.tolerant ? say.tolerant + " " : ""}${say.found(found.total)}`;
    if (!more) {
      $("hits").replaceChildren();
      showFacets(found.facets);
    }
    $("hits").append(...found.hits.map(hit));
    after = found.next;
    $("more").hidden = !after;
  } catch (error) {
    if (mine === turn) $("status").textContent = `${WORDS[lang()].failed} ${error.message}`;
  }
}

function hit(work) {
  const line = make("li");
  const title = make("h2");
  title.append(make("a", [work.title, work.subtitle].filter(Boolean).join(" : "), {
    href: `${API}/works/${work.id}?lang=${lang()}`,
    lang: TAGS[work.title_language] ?? "",
  }));
  const people = work.contributors.map((each) => each.name).join("; ");
  line.append(title, make("p", people), make("p", [...work.media, ...work.languages, work.year].filter(Boolean).join(" · ")));
  return line;
}

function showFacets(facets) {
  const names = WORDS[lang()].names;
  $("facets").replaceChildren(...FACETS.filter((name) => facets[name]?.length).map((name) => {
    const group = make("fieldset");
    group.append(make("legend", names[name]));
    for (const { value, label, count, label_language } of facets[name]) {
      const box = make("input", "", { type: "checkbox", name, value, checked: asked.getAll(name).includes(String(value)) });
      const line = make("label");
      line.append(box, " ", make("span", label, { lang: label_language ?? "" }), ` (${count})`);
      group.append(line);
    }
    return group;
  }));
}

function translate() {
  const say = WORDS[lang()];
  document.documentElement.lang = $("lang").value = lang();
  document.title = say.search;
  $("words").value = asked.get("q") ?? "";
  $("facets").setAttribute("aria-label", say.facets);
  for (const node of document.querySelectorAll("[data-say]")) node.textContent = say[node.dataset.say];
}

function ask(change) {
  change(asked);
  history.pushState(null, "", `?${asked}`);
  return show();
}

$("form").addEventListener("submit", (event) => {
  event.preventDefault();
  ask((query) => query.set("q", $("words").value));
});
$("lang").addEventListener("change", () => ask((query) => query.set("lang", $("lang").value)));
$("more").addEventListener("click", () => show(true));
$("facets").addEventListener("change", ({ target }) => ask((query) => {
  if (target.name === "year") query.delete("year"); // takes one value or a range
  if (target.checked) query.append(target.name, target.value);
  else query.delete(target.name, target.value);
}));
window.addEventListener("popstate", () => {
  asked = new URLSearchParams(location.search);
  show();
});

let typed; // a suggestion is asked for when typing pauses
$("words").addEventListener("input", () => {
  clearTimeout(typed);
  typed = setTimeout(async () => {
    const query = new URLSearchParams({ q: $("words").value, lang: lang(), limit: 8 });
    const { hits } = await read("/suggest", query).catch(() => ({ hits: [] }));
    $("suggestions").replaceChildren(...hits.map((work) => make("option", "", { value: work.title })));
  }, 150);
});

show();
