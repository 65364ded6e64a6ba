import Models
import Postgres

/// Those who had themselves erased, by a keyed hash alone, so that a sheet does not bring them back unasked.
///
/// A service writes a person down in the statement that erases him, while it still has the hash.
package enum ErasureList {
    /// The statement that looks for people of a kind in the list.
    ///
    /// - Parameter hashes: keyed hashes, 32 bytes each.
    package static func selection(_ objectType: String, among hashes: [[UInt8]]) -> PostgresStatement {
        PostgresStatement(
            """
            select hash from service_kit.erasures
            where object_type = $1 and hash in (select unnest($2::bytea[]))
            """, [.text(objectType), .byteaArray(hashes)])
    }

    /// Reads the rows of `selection`.
    package static func hashes(_ result: PostgresResult) throws -> Set<[UInt8]> {
        Set(try result.rows.map { try $0.decode("hash") })
    }

    /// The statement that writes a person down whose value is still known.
    ///
    /// - Parameters:
    ///   - hash: the keyed hash, 32 bytes.
    ///   - sealed: its seal, see `FieldCipher.sealLookup`.
    package static func insertion(_ objectType: String, _ hash: [UInt8], sealed: [UInt8]) -> PostgresStatement {
        """
        insert into service_kit.erasures (object_type, hash, sealed)
        values (\(objectType), \(hash), \(sealed)) on conflict do nothing
        """
    }

    /// Takes a person out of the list, under whichever key he stands there.
    static func removal(_ objectType: String, _ hashes: LookupHashes) -> PostgresStatement {
        """
        delete from service_kit.erasures
        where object_type = \(objectType) and hash = any(\(PostgresValue.byteaArray(hashes.all)))
        """
    }
}
