/** What an element is given: text for attributes, true for those without a value, functions for what happens to it. */
export interface Attributes {
  /** Tells an element from its neighbours across updates. */
  readonly key?: string
  readonly [name: string]: string | number | boolean | undefined | ((event: Event) => void)
}

/** What stands in an element. Texts become text and never markup. */
export type Child = Node | string | number | null | undefined | false | readonly Child[]

const svgNamespace = 'http://www.w3.org/2000/svg'

/** Handlers are kept apart from the tree, so that an update can bring elements new ones. */
const handlers = new WeakMap<Element, Map<string, (event: Event) => void>>()
const keys = new WeakMap<Element, string>()

/** An HTML element. */
export function h(tag: string, attributes: Attributes = {}, ...children: readonly Child[]): HTMLElement {
  const element = document.createElement(tag)
  furnish(element, attributes, children)
  return element
}

/** An SVG element. */
export function s(tag: string, attributes: Attributes = {}, ...children: readonly Child[]): SVGElement {
  const element = document.createElementNS(svgNamespace, tag)
  if (!(element instanceof SVGElement)) throw new Error(`${tag} is not an SVG element`)
  furnish(element, attributes, children)
  return element
}

/** The element of this id, which the page's frame holds. Throws when it does not. */
export function byId(id: string): HTMLElement {
  const element = document.getElementById(id)
  if (element === null) throw new Error(`the page has no ${id}`)
  return element
}

/**
 * Makes the children of an element like these, changing only what differs: what has focus, is selected, scrolled or under the
 * pointer stays where it is.
 */
export function fill(parent: Element, ...children: readonly Child[]): void {
  const fresh = document.createDocumentFragment()
  append(fresh, children)
  patchChildren(parent, fresh)
}

function furnish(element: Element, { key, ...attributes }: Attributes, children: readonly Child[]): void {
  if (key !== undefined) keys.set(element, key)
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue
    if (typeof value === 'function') listen(element, name, value)
    else element.setAttribute(name, value === true ? '' : String(value))
  }
  append(element, children)
}

function append(parent: Node, children: readonly Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue
    if (child instanceof Node) parent.appendChild(child)
    else if (typeof child === 'object') append(parent, child)
    else parent.appendChild(document.createTextNode(String(child)))
  }
}

function listen(element: Element, event: string, handler: (event: Event) => void): void {
  const known = handlers.get(element) ?? new Map<string, (event: Event) => void>()
  if (!known.has(event)) element.addEventListener(event, (happened) => handlers.get(element)?.get(event)?.(happened))
  known.set(event, handler)
  handlers.set(element, known)
}

function patchChildren(old: Element, fresh: ParentNode): void {
  const keyed = new Map<string, Element>()
  for (const child of old.children) {
    const key = keys.get(child)
    if (key !== undefined) keyed.set(key, child)
  }
  let place: ChildNode | null = old.firstChild
  for (const wanted of Array.from(fresh.childNodes)) {
    const key = wanted instanceof Element ? keys.get(wanted) : undefined
    const known = key === undefined ? place : keyed.get(key)
    if (known !== null && known !== undefined && isAlike(known, wanted)) {
      if (known === place) place = place.nextSibling
      else old.insertBefore(known, place)
      patch(known, wanted)
    } else {
      old.insertBefore(wanted, place)
    }
  }
  while (place !== null) {
    const next: ChildNode | null = place.nextSibling
    place.remove()
    place = next
  }
}

function isAlike(a: Node, b: Node): boolean {
  if (a.nodeType !== b.nodeType || a.nodeName !== b.nodeName) return false
  return !(a instanceof Element && b instanceof Element) || keys.get(a) === keys.get(b)
}

function patch(old: ChildNode, fresh: ChildNode): void {
  if (!(old instanceof Element && fresh instanceof Element)) {
    if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue
    return
  }
  for (const { name } of Array.from(old.attributes)) {
    // Whether a part is folded open is the reader's business.
    if (!fresh.hasAttribute(name) && !(name === 'open' && old instanceof HTMLDetailsElement)) old.removeAttribute(name)
  }
  for (const { name, value } of fresh.attributes) {
    // A field that nobody has touched would change under the eyes of who reads it.
    const isOwn = name === 'value' && old instanceof HTMLInputElement
    if (!isOwn && old.getAttribute(name) !== value) old.setAttribute(name, value)
  }
  const news = handlers.get(fresh)
  for (const [event, handler] of news ?? []) listen(old, event, handler)
  for (const event of handlers.get(old)?.keys() ?? []) if (!news?.has(event)) handlers.get(old)?.delete(event)
  if (old instanceof HTMLTextAreaElement) return
  patchChildren(old, fresh)
  if (fresh.hasAttribute('data-follow')) follow(old, fresh)
}

/** What somebody writes is not overwritten; fields that show the state of the page follow it where nobody is at them. */
function follow(old: Element, fresh: Element): void {
  if (old instanceof HTMLInputElement && fresh instanceof HTMLInputElement) {
    old.checked = fresh.checked
    if (old !== document.activeElement) old.value = fresh.value
  }
  if (old instanceof HTMLSelectElement && fresh instanceof HTMLSelectElement) old.value = fresh.value
}
