"""One walk over a product's elements to the plain tree of `catalogue.parsed.OnixNode`."""

from __future__ import annotations

from typing import Any
from unicodedata import normalize

from lxml import etree

from catalogue.defect import Defect
from catalogue.parsed import OnixNode
from parsers.onix import markup
from parsers.onix.tags import tags


class Walker:
    """Turns elements into nodes. Holds a cache from tags as they come to reference names; not for threads.

    The defects found since `take_defects` was last called belong to the product walked.
    """

    def __init__(self) -> None:
        self._tags = tags()
        self._names: dict[Any, str] = {}
        self._marked_up = self._tags.marked_up
        self._defects: dict[tuple[str, str, str], Defect] = {}

    def node(self, element: etree._Element) -> OnixNode:
        """The node of a whole product or header; a product's own attributes are its ``@…`` keys."""
        content = self._composite(element, "")
        node: OnixNode = content if isinstance(content, dict) else {}
        kept = self._tags.product_attributes
        node.update({f"@{key}": str(value) for key, value in element.items() if key in kept})
        return node

    def take_defects(self) -> tuple[Defect, ...]:
        """The defects since the last call, each once."""
        if not self._defects:
            return ()
        found = tuple(self._defects.values())
        self._defects.clear()
        return found

    def _composite(self, element: etree._Element, path: str) -> Any:
        """A composite's dict; or the value of a leaf that holds markup or named characters."""
        node: OnixNode = {}
        names = self._names
        for child in element:
            tag = child.tag
            name = names.get(tag)
            if name is None:
                name = self._learn(tag)
            if not name:
                return self._mixed(element, path)
            value = self._branch(child, name) if len(child) else self._leaf(child, name)
            if name in node:
                node[name].append(value)
            else:
                node[name] = [value]
        return node

    def _branch(self, element: etree._Element, name: str) -> Any:
        own = element.text
        if own and not own.isspace():
            return self._mixed(element, name)
        value = self._composite(element, name)
        if isinstance(value, dict) and "#" not in value:
            value.update(self._attributes(element))
        return value

    def _learn(self, tag: Any) -> str:
        name = self._tags.reference_name(tag) if isinstance(tag, str) else ""
        self._names[tag] = name
        return name

    def _leaf(self, element: etree._Element, name: str) -> Any:
        text = element.text
        text = text.strip() if text else ""
        if not text.isascii():
            text = normalize("NFC", text)
        if name in self._marked_up and ("<" in text or "&lt;" in text):
            return self._escaped(element, name, text)
        return self._with_attributes(element, text)

    def _attributes(self, element: etree._Element) -> dict[str, str]:
        given = element.items()
        if not given:
            return {}
        kept = self._tags.attributes
        return {f"@{key}": str(value) for key, value in given if key in kept}

    def _with_attributes(self, element: etree._Element, text: str) -> Any:
        matter = self._attributes(element)
        return {"#": text, **matter} if matter else text

    def _escaped(self, element: etree._Element, name: str, text: str) -> Any:
        found = markup.escaped_markup(text)
        if found is None:
            return self._with_attributes(element, text)
        clean, defects = found
        self._keep(defects, name)
        return self._marked(element, clean, markup.ESCAPED_HTML)

    def _mixed(self, element: etree._Element, name: str) -> Any:
        """A leaf in which elements or named characters stand between the words."""
        if all(markup.entity_name(child) is not None for child in element):
            text, names = markup.plain_text(element)
            self._keep((Defect("onix.entity", params={"name": n}) for n in sorted(names)), name)
            text = normalize("NFC", text.strip())
            found = markup.escaped_markup(text) if name in self._marked_up else None
            if found is None:
                return self._with_attributes(element, text)
            self._keep(found[1], name)
            return self._marked(element, found[0], markup.ESCAPED_HTML)
        content, names = markup.inner_markup(element)
        self._keep((Defect("onix.entity", params={"name": n}) for n in sorted(names)), name)
        clean, defects = markup.sanitised(content)
        self._keep(defects, name)
        return self._marked(element, clean, markup.XHTML)

    def _marked(self, element: etree._Element, clean: str, textformat: str) -> dict[str, str]:
        """Markup always says that it is markup, whatever the sender called it."""
        return {"#": clean, **self._attributes(element), "@textformat": textformat}

    def _keep(self, defects: Any, locus: str) -> None:
        for defect in defects:
            key = (defect.code, locus, str(defect.params))
            self._defects.setdefault(key, Defect(defect.code, locus, defect.params))
