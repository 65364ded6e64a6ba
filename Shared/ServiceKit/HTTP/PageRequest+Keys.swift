import Hummingbird
import HummingbirdCore
import Models

extension PageRequest {
    /// The keys of the last item seen, for a list whose keys are codes.
    ///
    /// - Throws: a 400 problem for a cursor that no list has given: codes are made of visible ASCII characters.
    package func codesAfter() throws -> [String]? {
        guard let after else { return nil }
        guard after.allSatisfy({ $0.utf8.allSatisfy { (0x21...0x7e).contains($0) } }) else { throw Self.invalidCursor }
        return after
    }

    /// The identifier among the keys of the last item seen, for a list that ends with an identifier.
    ///
    /// - Parameter place: which of the keys it is.
    /// - Throws: a 400 problem for a cursor that no list has given.
    package func identifierAfter<ID: UUIDIdentifier>(at place: Int = 0, as type: ID.Type = ID.self) throws -> ID? {
        guard let after else { return nil }
        guard after.indices.contains(place), let id = ID(after[place]) else { throw Self.invalidCursor }
        return id
    }

    /// The number among the keys of the last item seen, for a list in the order of numbers.
    ///
    /// - Throws: a 400 problem for a cursor that no list has given.
    package func numberAfter() throws -> Int64? {
        guard let key = after?.first else { return nil }
        guard let number = Int64(key) else { throw Self.invalidCursor }
        return number
    }

    /// The answer to a cursor that no list has given.
    package static let invalidCursor = Problem.malformed(
        field: "cursor", "游标无效，请从第一页重新读取", "the cursor is not valid; begin with the first page again")
}

extension Request {
    /// An item of the query that limits a list to codes with a beginning; empty for all.
    ///
    /// - Throws: a 400 problem when it is not made of at most `max` digits.
    package func codePrefix(_ name: String, max: Int) throws -> String {
        try query(name) { text in
            text.utf8.count <= max && text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? text : nil
        } ?? ""
    }
}
