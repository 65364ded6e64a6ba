extension ServiceContext {
    /// Who saw which record in full; for stores that show one.
    ///
    /// - Parameter cipher: the cipher of personal fields.
    /// - Throws: what reading the setting throws.
    package func unmaskLedger(_ cipher: any FieldCipher) throws -> UnmaskLedger {
        UnmaskLedger(
            pool: pool, audit: audit, cipher: cipher, limit: try settings.int("privacy.unmaskPerDay"), now: now,
            logger: logger)
    }
}
