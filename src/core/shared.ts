/** `bgthread/shared`: what a page needs to share a thread with other tabs. The plugin imports it where one is shared. */
import { Meeting } from './meeting.js'
import { realm } from './realm.js'

realm.meet ??= (name, load, events) => new Meeting(name, load, events)
