"""One walk over a product's elements to the plain tree of `catalogue.parsed.OnixNode`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any
from unicodedata import normalize

from lxml import etree

from catalogue.defect import Defect
from catalogue.parsed import OnixNode
from parsers.mojibake import mojibake, repaired
from parsers.onix import markup
from parsers.onix.tags import MARKUP, tags

MANY_ATTRIBUTES = 100  # no element of ONIX has ten


class _Names(dict[Any, str]):
    """Reference names by tag as it comes (namespace and all), learned once. Entities have no tag of their own."""

    def __missing__(self, tag: Any) -> str:
        name = self[tag] = tags().reference_name(tag) if isinstance(tag, str) else MARKUP
        return name


class Walker:
    """Turns elements into nodes. Keeps the names it has learned; not for threads.

    The defects found since `take_defects` was last called belong to the element walked.
    """

    def __init__(self) -> None:
        self._names = _Names()
        self._kept = tags().attributes
        self._product_attributes = tags().product_attributes
        self._marked_up = tags().marked_up
        self._defects: dict[tuple[str, str, str], Defect] = {}

    def node(self, element: etree._Element) -> OnixNode:
        """The node of a whole product or header; a product's own attributes are its ``@…`` keys.

        Elements come in document order, each knowing how many children it has: that is enough to build the tree
        with a call for each composite, where asking every element for its children would double the time.
        """
        root: OnixNode = {}
        walk = element.iter()
        next(walk)
        self._fill(root, walk, len(element))
        if element.attrib:
            root.update(_attributes(element, self._product_attributes))
        return root

    def _fill(self, node: OnixNode, walk: Iterator[etree._Element], count: int, inside: bool = False) -> bool:
        """Add the next `count` elements of the walk to a node; what is below each is taken on the way.

        False where an element of XHTML or a named character tells that what was taken for a composite (`inside`) is
        a text with markup; the walk is past it then.
        """
        names, marked_up = self._names, self._marked_up
        for child in islice(walk, count):
            name, text = names[child.tag], child.text
            value: Any = text.strip() if text else ""
            if not name and inside:
                _pass_siblings(walk, child)
                return False
            if (below := len(child)) and not value:
                value = self._attributes(child) if child.attrib else {}
                if not self._fill(value, walk, below, inside=True):
                    value = self._mixed(child, name)
            elif below or name in marked_up or child.attrib or not value.isascii():
                value = self._unusual(child, name, value, walk)
            if name in node:
                node[name].append(value)
            else:
                node[name] = [value]
        return True

    def take_defects(self) -> tuple[Defect, ...]:
        """The defects since the last call, each once."""
        if not self._defects:
            return ()
        found = tuple(self._defects.values())
        self._defects.clear()
        return found

    def _unusual(self, element: etree._Element, name: str, text: str, walk: Iterator[etree._Element]) -> Any:
        """A leaf with attributes, letters beyond ASCII, or markup; the walk is led past what is below it."""
        if len(element):
            _pass(walk, sum(1 for _ in element.iterdescendants()))
            return self._mixed(element, name)
        text = text if text.isascii() else self._letters(text, name)
        found = markup.escaped_markup(text) if name in self._marked_up else None
        if found is None:
            return self._leaf(element, text)
        self._keep(found[1], name)
        return self._marked(element, found[0], markup.ESCAPED_HTML)

    def _mixed(self, element: etree._Element, name: str) -> Any:
        """A leaf in which elements or named characters stand between the words."""
        plain = all(markup.entity_name(child) is not None for child in element)
        content, names = markup.plain_text(element) if plain else markup.inner_markup(element)
        self._keep((Defect("onix.entity", params={"name": n}) for n in sorted(names)), name)
        content = self._letters(content.strip(), name)
        if not plain:
            clean, defects = markup.sanitised(content)
            self._keep(defects, name)
            return self._marked(element, clean, markup.XHTML)
        found = markup.escaped_markup(content) if name in self._marked_up else None
        if found is None:
            return self._leaf(element, content)
        self._keep(found[1], name)
        return self._marked(element, found[0], markup.ESCAPED_HTML)

    def _letters(self, text: str, name: str) -> str:
        """The text in NFC; letters that were read in a wrong encoding before they came here are put right."""
        meant = repaired(text)
        if meant is None:
            return normalize("NFC", text)
        self._keep((mojibake(name, text, meant),), name)
        return meant

    def _attributes(self, element: etree._Element) -> dict[str, Any]:
        return _attributes(element, self._kept) if element.attrib else {}

    def _leaf(self, element: etree._Element, text: str) -> Any:
        matter = self._attributes(element)
        return {"#": text, **matter} if matter else text

    def _marked(self, element: etree._Element, clean: str, textformat: str) -> dict[str, Any]:
        """Markup always says that it is markup, whatever the sender called it."""
        return {"#": clean, **self._attributes(element), "@textformat": textformat}

    def _keep(self, defects: Iterable[Defect], locus: str) -> None:
        for defect in defects:
            key = (defect.code, locus, str(defect.params))
            self._defects.setdefault(key, Defect(defect.code, locus, defect.params))


def _attributes(element: etree._Element, wanted: frozenset[str]) -> dict[str, Any]:
    """The wanted attributes as ``@…`` keys, in the order sent. Asking for all of very many takes quadratic time."""
    if len(element.attrib) > MANY_ATTRIBUTES:
        return {f"@{key}": value for key in sorted(wanted) if (value := element.get(key)) is not None}
    return {f"@{name}": value for key, value in element.items() if (name := key.lower()) in wanted}


def _pass_siblings(walk: Iterator[etree._Element], element: etree._Element) -> None:
    """Take what is below an element, its later siblings and what is below them off the walk."""
    rest = sum(1 for _ in element.iterdescendants())
    _pass(walk, rest + sum(1 for later in element.itersiblings() for _ in later.iter()))


def _pass(walk: Iterator[etree._Element], count: int) -> None:
    """Take `count` elements off the walk."""
    for _ in islice(walk, count):
        pass
