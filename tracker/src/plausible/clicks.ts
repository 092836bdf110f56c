// Events that follow from clicked links: outbound ones and downloads.

import { config, script } from './config'
import { isTagged } from './tags'
import { track } from './track'

/*!if outbound-links|file-downloads|tagged-events|web*/
/** Listens to clicks that may open a link: the right button does not. */
export function onClick(handle: (event: MouseEvent) => void): void {
  document.addEventListener('click', handle)
  document.addEventListener('auxclick', event => event.button == 1 && handle(event))
}
/*!end*/

/*!if file-downloads|web*/
var fileTypes =
  'pdf,xlsx,docx,txt,rtf,csv,exe,key,pps,ppt,pptx,7z,pkg,rar,gz,zip,avi,mov,mp4,mpeg,wmv,midi,mp3,wav,wma,dmg'.split(',')
/*!end*/

/*!if outbound-links|file-downloads|web*/
export function watchLinks(): void {
  /*!if file-downloads*/
  var only = script.getAttribute('file-types')
  var also = script.getAttribute('add-file-types')
  fileTypes = (also ? also.split(',') : []).concat(only ? only.split(',') : fileTypes)
  /*!end*/
  /*!if web*/
  var wanted = config.fileDownloads as { fileExtensions?: string[] } | undefined
  fileTypes = (wanted && wanted.fileExtensions) || fileTypes
  /*!end*/
  onClick(event => {
    var link = event.target as HTMLAnchorElement | null
    while (link && !(link.host && /^a$/i.test(link.tagName))) {
      link = link.parentNode as HTMLAnchorElement | null
    }
    if (!link) {
      return
    }
    /*!if tagged-events|web*/
    if (isTagged(link, 4)) {
      return
    }
    /*!end*/
    var isOutbound = false
    /*!if outbound-links|web*/
    isOutbound = link.host != location.host
    /*!end*/
    var file: string | undefined
    /*!if file-downloads|web*/
    file = link.href.split('?')[0]
    if (fileTypes.indexOf(file.split('.').pop()!) < 0) {
      file = ''
    }
    /*!end*/
    /*!if web*/
    isOutbound = isOutbound && !!config.outboundLinks
    file = config.fileDownloads ? file : ''
    /*!end*/
    if (isOutbound) {
      track('Outbound Link: Click', { props: { url: link.href } })
    } else if (file) {
      track('File Download', { props: { url: file } })
    }
  })
}
/*!end*/
