// @ts-check
// The part of node:sqlite that the product uses, over libsql: an N-API module that old runtimes load.
/** @type {any} */
const Database = require('libsql')

/** @typedef {null | number | bigint | string | Uint8Array} Value */
/** @typedef {Record<string, Value>} Row */

class StatementSync {
  #statement

  /** @param {any} statement */
  constructor(statement) {
    this.#statement = statement
  }

  /** @param {unknown[]} parameters */
  run(...parameters) {
    const { changes, lastInsertRowid } = checked(() => this.#statement.run(bind(parameters)))
    return { changes, lastInsertRowid }
  }

  /** @param {unknown[]} parameters */
  get(...parameters) {
    const row = checked(() => this.#statement.get(bind(parameters)))
    return row && plain(row)
  }

  /** @param {unknown[]} parameters @returns {Row[]} */
  all(...parameters) {
    return checked(() => this.#statement.all(bind(parameters))).map(plain)
  }

  /** @param {unknown[]} parameters */
  iterate(...parameters) {
    return this.all(...parameters).values()
  }
}

class DatabaseSync {
  #database

  /** @param {string} file @param {{ readOnly?: boolean, timeout?: number }} [options] */
  constructor(file, { readOnly = false, timeout = 0 } = {}) {
    this.#database = checked(() => new Database(file, { readonly: readOnly, timeout }))
  }

  get isOpen() {
    return this.#database.open
  }

  /** @param {string} sql */
  exec(sql) {
    checked(() => this.#database.exec(sql))
  }

  /** @param {string} sql */
  prepare(sql) {
    return new StatementSync(checked(() => this.#database.prepare(sql)))
  }

  close() {
    this.#database.close()
  }

  [Symbol.dispose]() {
    this.close()
  }
}

/** libsql ends the process on values that node:sqlite refuses, so they are refused first. @param {unknown[]} parameters */
function bind(parameters) {
  const [first] = parameters
  const named = parameters.length === 1 && isPlainObject(first) ? { ...first } : null
  for (const value of named ? Object.values(named) : parameters)
    if (!isBindable(value)) {
      const message = `Provided value cannot be bound to SQLite parameter: ${typeof value}`
      throw Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_TYPE' })
    }
  return named ?? parameters
}

/** @param {unknown} value @returns {value is Value} */
function isBindable(value) {
  return (
    value === null ||
    ['number', 'bigint', 'string'].includes(typeof value) ||
    value instanceof Uint8Array
  )
}

/** @param {unknown} value @returns {value is Record<string, unknown>} */
function isPlainObject(value) {
  return (
    typeof value === 'object' &&
    value !== null &&
    [Object.prototype, null].includes(Object.getPrototypeOf(value))
  )
}

/** A row as node:sqlite gives it: no prototype, blobs as Uint8Array. @param {any} row @returns {Row} */
function plain({ _metadata, ...row }) {
  for (const name in row)
    if (row[name] instanceof ArrayBuffer || Buffer.isBuffer(row[name]))
      row[name] = new Uint8Array(row[name])
  return Object.assign(Object.create(null), row)
}

/** @template T @param {() => T} action */
function checked(action) {
  try {
    return action()
  } catch (error) {
    const { code, message } = /** @type {{ code?: string, message: string }} */ (error)
    if (!code?.startsWith('SQLITE_')) throw error
    throw Object.assign(new Error(message), { code: 'ERR_SQLITE_ERROR' })
  }
}

module.exports = { DatabaseSync, StatementSync }
