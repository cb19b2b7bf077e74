/**
 * Every fault the program throws on purpose, with what it means. Codes are stable: operators search for them and
 * scripts compare them, so a code is never renamed or given a second meaning. A new code is one line here.
 */
const faults = {
  'keys-missing': 'There is no key file where one is expected.',
  'keys-exist': 'A key file is already there and is never overwritten.',
  'keys-readable-by-others': 'The key file can be read by other users of the machine.',
  'keys-malformed': 'The key file does not hold a master key.',
  'keys-wrong': 'The key file is not the one this database was filled with.',
  'sealed-unreadable': 'Something sealed does not open: another key, another place, or changed bytes.',

  'file-unreadable': 'A file that was named cannot be read.',

  'database-unreachable': 'No connection to the database, or the connection was lost.',
  'database-busy': 'The database gave up on this transaction because of another one; doing it again may work.',
  'database-url-malformed': 'A database address cannot be read.',
  'database-too-old': 'PostgreSQL is older than 15.',
  'database-not-utf8': 'The database does not keep its text in UTF-8.',
  'database-number-unsafe': 'The database holds a number that JavaScript cannot represent exactly.',

  'embedded-unsupported': 'There is no embedded PostgreSQL for this kind of machine.',
  'embedded-incomplete': 'The files of the embedded PostgreSQL are incomplete and cannot be completed.',
  'embedded-root-refused': 'PostgreSQL refuses to run as root, and a user namespace is not to be had here.',
  'embedded-key-mismatch': 'The key file does not belong to the database in this folder.',
  'embedded-create-failed': 'The embedded database could not be created.',
  'embedded-start-failed': 'The embedded database did not start.',
  'embedded-start-timeout': 'The embedded database was not ready in time.',
  'embedded-stop-timeout': 'The embedded database did not stop in time.',
  'embedded-lock-timeout': 'Another process held the start of the embedded database for too long.',

  'migration-misnamed': 'A file in the folder of migrations is not named NNNN_name.sql.',
  'migration-gap': 'The numbers of the migrations have a gap, a double, or do not start at 1.',
  'migration-changed': 'A migration that was applied has been changed since.',
  'migration-newer': 'The database was migrated by a newer program.',
  'migration-behind': 'The database has to be migrated first.',
  'migration-failed': 'A migration was refused by the database.',

  'config-unreadable': 'The creditor’s or the gateways’ file cannot be read.',
  'config-syntax': 'The creditor’s or the gateways’ file is neither YAML nor JSON.',
  'config-invalid': 'The creditor’s or the gateways’ file says something that cannot be.',
  'port-in-use': 'Another program listens on the port that this one was to have.',
  'setting-invalid': 'A setting of the environment cannot be read.',

  'sign-in-unreachable': 'The identity provider of the operators does not answer, or not as one does.',

  'clock-backwards': 'The clock was to be set back.',
  'demo-missing': 'A demo’s database was expected.',
  'demo-refused': 'The demo was to run on a database that is not a demo’s.',
} as const

export type FaultCode = keyof typeof faults

/** Something went wrong that no rule foresees and nobody asked for: the act rolls back, the code says what it was. */
export class Fault extends Error {
  readonly code: FaultCode

  /** @param message for operators; never with personal data, for it is logged as it stands. */
  constructor(code: FaultCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.name = 'Fault'
    this.code = code
  }
}
