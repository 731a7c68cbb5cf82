import { PatchesLogic } from './patches.logic'

/**
 * The logic that every transport is tested with. Its parts are files by what they are for, each the base of the next
 * as a thread has one class; what is inherited is called like what is not.
 */
export default class ContractLogic extends PatchesLogic {
  /** A field that holds a function is not an action. */
  field = () => 'reached'
  _hidden() {
    return 'reached'
  }
  get accessor() {
    this.log('accessor ran')
    return () => 'reached'
  }
}
