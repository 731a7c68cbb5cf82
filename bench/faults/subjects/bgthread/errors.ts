import { registerError } from 'bgthread/worker'
import { QuotaError } from '../../quota-error.js'

registerError({ QuotaError })
