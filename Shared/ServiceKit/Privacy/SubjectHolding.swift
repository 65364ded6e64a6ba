import Foundation
import Messaging
import Models
import Postgres

/// What a service keeps of one person, for the requests that the person may make about it (PR-10).
///
/// A service conforms in its Storage. Every call runs in the transaction that also writes down what was done.
package protocol SubjectHolding: Sendable {
    /// The kind of object by which the service keeps a person, as the audit trail and legal holds name it.
    var objectType: String { get }

    /// By what the service can find a person.
    var keys: Set<SubjectKey.Kind> { get }

    /// By what the erasure list knows who was erased; none where nothing is brought in by sheets.
    var markKeys: Set<SubjectKey.Kind> { get }

    /// What the erasure list keeps of a person with such a key.
    func mark(of key: SubjectKey) throws -> LookupHashes?

    /// What a person may ask of the service; a correction, only where something is kept that can be wrong.
    var kinds: Set<SubjectRequestKind> { get }

    /// Finds the records of a person within a scope, by keyed hash or id; the key is forgotten.
    ///
    /// - Returns: at most `SubjectPlace.most`; several where people share a number, or one person has several records.
    func find(
        _ key: SubjectKey, scope: ScopeFilter, in transaction: PostgresTransaction
    ) async throws -> [SubjectPlace]

    /// The ids of objects by which the audit trail names the person.
    func trailNames(of id: String, in transaction: PostgresTransaction) async throws -> [String]

    /// Why a law asks for the record to be kept at present; nil when none does.
    ///
    /// It locks what it looks at, so that it holds to the end of the transaction.
    func duty(toKeep id: String, at time: Date, in transaction: PostgresTransaction) async throws -> SubjectRefusal?

    /// Everything that is kept of the person, in full.
    func everything(of id: String, in transaction: PostgresTransaction) async throws -> [SubjectFact]

    /// Puts what the person says in the place of what is kept.
    func correct(
        _ id: String, _ correction: SubjectCorrection, at time: Date, in transaction: PostgresTransaction
    ) async throws

    /// Erases all that says who the person is; rows stay for the counts.
    ///
    /// - Returns: what other services must be told, so that they forget the person too.
    func erase(_ id: String, at time: Date, in transaction: PostgresTransaction) async throws -> [OutgoingEvent]
}

extension SubjectHolding {
    /// Everything may be asked for.
    package var kinds: Set<SubjectRequestKind> { Set(SubjectRequestKind.allCases) }

    /// Nobody is written down.
    package var markKeys: Set<SubjectKey.Kind> { [] }

    /// Nobody is written down.
    package func mark(of key: SubjectKey) throws -> LookupHashes? { nil }

    /// The trail names the person by the record itself.
    package func trailNames(of id: String, in transaction: PostgresTransaction) async throws -> [String] { [id] }

    /// No law asks for it but a legal hold, which is looked for in any case.
    package func duty(
        toKeep id: String, at time: Date, in transaction: PostgresTransaction
    ) async throws -> SubjectRefusal? { nil }
}

/// By what a desk says who stands there, after it has checked a document.
package enum SubjectKey: Sendable, Hashable {
    /// The identity number.
    case identityNumber(Personal<String>)
    /// The whole mobile number.
    case mobile(Personal<String>)
    /// The id by which grid operations know the person, which is that of the person's account too.
    case personID(PersonID)

    /// The kinds of keys, by the fields of a request.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case identityNumber, mobile, personID
    }

    /// Which kind it is.
    package var kind: Kind {
        switch self {
        case .identityNumber: .identityNumber
        case .mobile: .mobile
        case .personID: .personID
        }
    }
}

/// Why a record is not erased although the person asks for it; the raw values are stored and answered, and never change.
package enum SubjectRefusal: String, Sendable, Hashable, CaseIterable {
    /// A court or an authority asks for it; two persons of the county have put it down.
    case legalHold = "legal-hold"
    /// The person holds a post.
    case postInForce = "post-in-force"
    /// The person is the contact of a unit whose pairing lasts.
    case pairingInForce = "pairing-in-force"

    /// The reason as the person reads it, with the article of the Personal Information Protection Law.
    package var reason: BilingualText {
        switch self {
        case .legalHold:
            BilingualText(
                "依《个人信息保护法》第四十七条第二款，法律、行政法规规定的保存期限未届满，暂不能删除，仅作存储",
                "Personal Information Protection Law, article 47 paragraph 2: the time for which a law asks for it is not over; "
                    + "it is only stored")
        case .postInForce:
            BilingualText(
                "依《个人信息保护法》第十三条第一款第二项、第四十七条第一款，任职期间履行职责所必需，请先结束任职；任职结束后六个月自动删除",
                "Personal Information Protection Law, articles 13 (1) 2 and 47 (1): it is needed while the post is held; end the "
                    + "post first, and six months after that it is erased by itself")
        case .pairingInForce:
            BilingualText(
                "依《个人信息保护法》第十三条第一款第二项、第四十七条第一款，结对期间联系单位所必需，请单位先更换联系人；结对结束后六个月自动删除",
                "Personal Information Protection Law, articles 13 (1) 2 and 47 (1): it is needed while the unit is paired; the "
                    + "unit must name another contact first, and six months after the pairing it is erased by itself")
        }
    }
}

/// Where a person is kept.
package struct SubjectPlace: Sendable, Hashable {
    /// The object's id.
    package let id: String
    /// The division that it belongs to.
    package let divisionCode: String

    /// How many places a service names at most.
    package static let most = 20

    /// Names a place.
    package init(id: String, divisionCode: String) {
        self.id = id
        self.divisionCode = divisionCode
    }
}

/// One thing that is kept of a person, as the person reads it.
package struct SubjectFact: Sendable, Hashable {
    /// What it is.
    package let item: String
    /// The value.
    package let value: Personal<String>
    /// What it is kept for; nil of what is written down about reads.
    package let purpose: Purpose?

    /// Gathers the fields.
    package init(_ item: String, _ value: String, _ purpose: Purpose?) {
        self.item = item
        self.value = Personal(value)
        self.purpose = purpose
    }
}

/// What a person wants to have corrected.
package struct SubjectCorrection: Sendable, Hashable {
    /// The right name; nil when it is right.
    package let name: Personal<PersonName>?
    /// The right mobile number; nil when it is right.
    package let mobile: Personal<String>?

    /// Gathers the fields.
    package init(name: Personal<PersonName>?, mobile: Personal<String>?) {
        self.name = name
        self.mobile = mobile
    }
}

/// What a person may ask for.
package enum SubjectRequestKind: String, Sendable, Codable, CaseIterable {
    /// A copy of everything.
    case export
    /// A correction.
    case correction
    /// That it is erased.
    case erasure
}

/// Counts working days, Monday to Friday; holidays of the state, which are set year by year, are counted as working days, so
/// that an answer is rather due too early.
package enum WorkingDays {
    /// The day that is so many working days after another.
    package static func day(_ count: Int, after day: CalendarDay) -> CalendarDay? {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        guard var date = calendar.date(from: DateComponents(year: day.year, month: day.month, day: day.day)) else {
            return nil
        }
        var left = count
        while left > 0 {
            date.addTimeInterval(86_400)
            // 1 is Sunday, 7 Saturday.
            if (2...6).contains(calendar.component(.weekday, from: date)) { left -= 1 }
        }
        let parts = calendar.dateComponents([.year, .month, .day], from: date)
        return CalendarDay(year: parts.year ?? 0, month: parts.month ?? 0, day: parts.day ?? 0)
    }
}
