import Foundation

/// The kinds of problems that callers see, from which the pages of `/problems` are made.
enum ProblemRules {
    /// Kinds are written down in files `ProblemKinds….swift` alone; each stands in its file's list, and is made somewhere;
    /// every problem is made of one of them.
    static func kinds(_ tree: SourceTree) -> [String] {
        let sources = tree.swift(under: "Shared", "Services")
        let (catalogues, others) = (sources.filter(isCatalogue), sources.filter { !isCatalogue($0) })
        var faults = others.filter { $0.text.contains("= ProblemKind(") }.map { "\($0.path): a kind outside the lists" }
        var declared: Set<String> = []
        for file in catalogues {
            let names = Set(file.text.matches(of: /static let (\w+) = ProblemKind\(/).map { String($0.1) })
            let listed = Set(
                file.text.matches(of: /\[ProblemKind\] = \[([^\]]*)\]/)
                    .flatMap { $0.1.matches(of: /\.(\w+)/).map { String($0.1) } })
            faults += names.symmetricDifference(listed).sorted().map {
                "\(file.path): \($0) is not both listed and there"
            }
            declared.formUnion(names)
        }
        let made = Set(
            others.flatMap { file in
                file.text.matches(of: /(?:Problem|\.conflict)\(\s*\.(\w+)/).map { String($0.1) }
            })
        return faults + declared.subtracting(made).sorted().map { "\($0): no problem of this kind is made" }
            + made.subtracting(declared).sorted().map { "\($0): a problem of no kind in a list" }
    }

    private static func isCatalogue(_ file: SourceFile) -> Bool {
        file.parts.last?.hasPrefix("ProblemKinds") == true
    }
}
