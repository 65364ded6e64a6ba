import Foundation
import Messaging
import Models
import Postgres
import ServiceKit

/// What the talent registry keeps of one person, for the person's own requests.
package struct TalentSubjects: SubjectHolding {
    private let sealer: PersonSealer

    /// Reads with the cipher of personal fields.
    package init(cipher: any FieldCipher) { sealer = PersonSealer(cipher: cipher) }

    /// The kind of object, as the audit trail names it.
    static let objectType = "talent"

    package var objectType: String { Self.objectType }

    package var markKeys: Set<SubjectKey.Kind> { [.identityNumber] }

    package func mark(of key: SubjectKey) throws -> LookupHashes? {
        guard case .identityNumber(let number) = key else { return nil }
        return try sealer.identityHashes(number)
    }

    package var keys: Set<SubjectKey.Kind> { [.identityNumber, .mobile] }

    package func find(
        _ key: SubjectKey, scope: ScopeFilter, in transaction: PostgresTransaction
    ) async throws -> [SubjectPlace] {
        let statement: PostgresStatement
        switch key {
        case .identityNumber(let number):
            statement = TalentStatements.entry(ofIdentity: try sealer.identityHashes(number), scope: scope)
        case .mobile(let number):
            statement = TalentStatements.entries(ofMobile: try sealer.mobileHashes(number), scope: scope)
        case .personID: return []
        }
        return try await transaction.query(statement).rows.map { row in
            let id: TalentID = try row.identifier("talent_id")
            return SubjectPlace(id: id.description, divisionCode: try row.decode("division_code"))
        }
    }

    package func everything(of id: String, in transaction: PostgresTransaction) async throws -> [SubjectFact] {
        guard let row = try await transaction.query(Self.whole(id)).rows.first else { return [] }
        let talent = try TalentStatements.talent(row)
        let traits = try TalentStatements.traits(row)
        let items: [(String, String?)] = [
            ("姓名 name", try sealer.openName(try row.decode("name_encrypted")).text),
            ("手机 mobile", try sealer.openMobile(try row.decode("mobile_encrypted"))),
            ("出生年份 birth year", String(traits.birthYear)), ("性别 gender", traits.gender?.chinese),
            ("所在村（社区） division", talent.divisionCode.digits), ("人才类别 category", talent.category.chinese),
            ("学历 education", talent.education?.chinese), ("现居地 residence", talent.residence?.chinese),
            ("特长 skill", talent.skill), ("回引意愿 willingness", talent.willingness?.chinese),
            ("入库时间 listed", RFC3339.format(try row.decode("listed_at"))),
            ("公民身份号码 identity number", "不保存，仅存不可逆摘要 not kept, only a hash"),
        ]
        return items.compactMap { item, value in value.map { SubjectFact(item, $0, .talentListing) } }
    }

    package func correct(
        _ id: String, _ correction: SubjectCorrection, at time: Date, in transaction: PostgresTransaction
    ) async throws {
        guard let row = try await transaction.query(Self.whole(id)).rows.first else { return }
        let name = try correction.name?.value ?? sealer.openName(try row.decode("name_encrypted"))
        let mobile = try correction.mobile?.value ?? sealer.openMobile(try row.decode("mobile_encrypted"))
        let sealed = try sealer.seal(name, mobile: mobile)
        _ = try await transaction.query(
            """
            update talent.persons p set name_encrypted = \(sealed.name), mobile_encrypted = \(sealed.mobile),
                   contact_hash = \(sealed.contactHash), mobile_hash = \(try sealer.mobileHash(Personal(mobile))),
                   changed_at = \(time)
            from talent.talents t where t.person_id = p.id and t.id = \(id)::text::uuid
            """)
    }

    package func erase(
        _ id: String, at time: Date, in transaction: PostgresTransaction
    ) async throws -> [OutgoingEvent] {
        _ = try await transaction.pipeline([
            """
            insert into service_kit.erasures (object_type, hash, sealed)
            select \(objectType), p.identity_hash, p.identity_sealed
            from talent.persons p join talent.talents t on t.person_id = p.id
            where t.id = \(id)::text::uuid and p.identity_hash is not null on conflict do nothing
            """,
            """
            update talent.persons p set identity_hash = null, identity_sealed = null, name_encrypted = null, mobile_encrypted = null,
                   contact_hash = null, mobile_hash = null, birth_year = null, gender = null, erased_at = \(time), changed_at = \(time)
            from talent.talents t where t.person_id = p.id and t.id = \(id)::text::uuid
            """,
            """
            update talent.talents set education = null, residence = null, skill = null, willingness = null,
                   changed_at = \(time)
            where id = \(id)::text::uuid
            """,
        ])
        // Events carry no more of a talent than that there is one.
        return []
    }

    /// The whole record, locked.
    private static func whole(_ id: String) -> PostgresStatement {
        """
        select p.name_encrypted, p.mobile_encrypted, p.birth_year, p.gender, \(unescaped: TalentStatements.entryColumns)
        from talent.talents t join talent.persons p on p.id = t.person_id
        where t.id = \(id)::text::uuid and p.erased_at is null for no key update of p
        """
    }
}
