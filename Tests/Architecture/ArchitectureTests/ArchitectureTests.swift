import Testing

/// The repository against its rules, one test a rule; `RuleTests` proves that each rule can fail.
struct ArchitectureTests {
    private let tree: SourceTree

    init() throws { tree = try SourceTree.repository.get() }

    private func expectNone(_ violations: [String], _ location: SourceLocation = #_sourceLocation) {
        for violation in violations { Issue.record("\(violation)", sourceLocation: location) }
    }

    @Test func `the tree is read`() {
        #expect(
            tree.services == ["CloudGateway", "CommunityPairing", "GridOperations", "Notifications", "TalentRegistry"])
        #expect(tree.files.count > 200)
    }

    @Test func `a room imports only what lies further in`() { expectNone(RoomRules.imports(tree)) }
    @Test func `a room names only types of rooms further in`() { expectNone(RoomRules.typeNames(tree)) }
    @Test func `no service imports another`() { expectNone(RoomRules.services(tree)) }
    @Test func `shared modules stand in their order`() { expectNone(RoomRules.sharedModules(tree)) }
    @Test func `a C library is imported by its one module`() { expectNone(RoomRules.libraries(tree)) }
    @Test func `the drivers know nothing of the suite`() { expectNone(RoomRules.drivers(tree)) }
    @Test func `SQL lies in Storage and in the modules with tables`() { expectNone(RoomRules.sql(tree)) }

    @Test func `every service has the same rooms`() { expectNone(ShapeRules.rooms(tree)) }
    @Test func `every README has the same headings`() { expectNone(ShapeRules.readmes(tree)) }
    @Test func `migrations are numbered without a gap and open with why`() { expectNone(ShapeRules.migrations(tree)) }
    @Test func `no file is too long`() { expectNone(ShapeRules.sizes(tree)) }
    @Test func `the top of the repository holds what it should`() { expectNone(ShapeRules.topLevel(tree)) }
    @Test func `every image has a fixed tag`() { expectNone(ShapeRules.images(tree)) }
    @Test func `no path of one machine has come in`() { expectNone(ShapeRules.paths(tree)) }

    @Test func `every topic has its writer`() { expectNone(TopicRules.producers(tree)) }
    @Test func `every topic has its readers`() { expectNone(TopicRules.readers(tree)) }
    @Test func `no service makes the events of another`() { expectNone(TopicRules.foreignEvents(tree)) }

    @Test func `every problem is of a kind in a list, and every kind in a list is made`() {
        expectNone(ProblemRules.kinds(tree))
    }

    @Test func `nothing ends the process or prints`() { expectNone(CodeRules.forbiddenCalls(tree)) }
    @Test func `nothing is left for later`() { expectNone(CodeRules.leftovers(tree)) }
    @Test func `no failure is thrown away without a word`() { expectNone(CodeRules.silentFailures(tree)) }
    @Test func `where checks are switched off the invariant is named`() { expectNone(CodeRules.unchecked(tree)) }
    @Test func `what other modules see is documented`() { expectNone(CodeRules.documentation(tree)) }
}
