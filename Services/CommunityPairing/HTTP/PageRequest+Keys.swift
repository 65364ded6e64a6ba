import ServiceKit

extension PageRequest {
    /// The keys of the last item seen, for a list whose keys are codes.
    ///
    /// - Throws: a 400 problem for a cursor that no list has given: codes are made of visible ASCII characters.
    func codesAfter() throws -> [String]? {
        guard let after else { return nil }
        guard after.allSatisfy({ $0.utf8.allSatisfy { (0x21...0x7e).contains($0) } }) else { throw Self.invalidCursor }
        return after
    }

    /// The answer to a cursor that no list has given.
    static let invalidCursor = Problem.malformed(
        BilingualText("游标无效，请从第一页重新读取", "the cursor is not valid; begin with the first page again"))
}
