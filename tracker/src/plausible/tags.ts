// Elements that say in their classes which event they stand for: `plausible-event-name=Signup`.

import { config } from './config'
import { onClick } from './clicks'
import { track } from './track'

/*!if tagged-events|web*/
/** Whether an element or one of those above it, so many in all, is tagged. */
export function isTagged(element: Node | null, reach: number): boolean {
  return (
    !!element &&
    reach > 0 &&
    (/plausible-event-name(=|--)\S/.test(classesOf(element)) || isTagged(element.parentNode, reach - 1))
  )
}

export function watchTags(): void {
  onClick(event => {
    var element = event.target as Element | null
    var link: HTMLAnchorElement | undefined
    var tagged: Element | undefined
    for (var up = 0; element && up < 4; up++) {
      // A form's own event is its submission.
      if (/^form$/i.test(element.tagName)) {
        return
      }
      link = /^a$/i.test(element.tagName) ? (element as HTMLAnchorElement) : link
      tagged = isTagged(element, 1) ? element : tagged
      element = element.parentNode as Element | null
    }
    tagged && trackTags(tagged, link)
  })
  document.addEventListener('submit', event => {
    var form = event.target as HTMLFormElement
    trackTags(isTagged(form, 1) ? form : form.parentNode!)
  })
  /*!if web*/
  if (config.formSubmissions) {
    document.addEventListener(
      'submit',
      event => {
        var form = event.target as HTMLFormElement
        if ((form.hasAttribute('novalidate') || form.checkValidity()) && !isTagged(form, 4)) {
          track('Form: Submission')
        }
      },
      true
    )
  }
  /*!end*/
}

function classesOf(element: Node): string {
  return ((element as Element).getAttribute && (element as Element).getAttribute('class')) || ''
}

/** Sends the event, properties and revenue that the classes of an element speak of. */
function trackTags(element: Node, link?: HTMLAnchorElement): void {
  var name = ''
  var props: Record<string, unknown> = {}
  var revenue: Record<string, string> | undefined
  classesOf(element)
    .split(/\s+/)
    .forEach(word => {
      var found = /plausible-(event|revenue)-(.+)(=|--)(.+)/.exec(word)
      if (found) {
        var value = found[4].replace(/\+/g, ' ')
        if (found[1] != 'event') {
          revenue = revenue || {}
          revenue[found[2]] = value
        } else if (/^name$/i.test(found[2])) {
          name = value
        } else {
          props[found[2]] = value
        }
      }
    })
  if (link) {
    props.url = link.href
  }
  name && track(name, { props, revenue })
}
/*!end*/
