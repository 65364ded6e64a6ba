import Foundation

/// What the folders and files of the repository look like.
enum ShapeRules {
    /// The headings of a service's README, in this order, each alone or with a remark behind it; what stands before the
    /// first says the purpose.
    static let headings = ["Routes", "Topics", "Tables", "Settings"]

    /// Every service has the same rooms and no others; `Events` only where it reads a topic.
    static func rooms(_ tree: SourceTree) -> [String] {
        tree.services.flatMap { service in
            let folder = "Services/\(service)"
            let found = Set(
                tree.files.filter { $0.path.hasPrefix(folder + "/") && $0.parts.count > 2 }.map { $0.parts[2] })
            let allowed = Set(RoomRules.rooms + (RoomRules.ownRooms[service] ?? []) + ["README.md", "openapi.yaml"])
            return found.subtracting(allowed).sorted().map { "\(folder): \($0) is no room" }
                + allowed.subtracting(found).subtracting(["Events"]).sorted().map { "\(folder): \($0) is missing" }
        } + strangers(tree)
    }

    /// Files that do not belong into their room.
    private static func strangers(_ tree: SourceTree) -> [String] {
        tree.files.filter { file in
            guard file.parts.count > 3, file.parts[0] == "Services", file.parts[1] != "Operator" else { return false }
            return file.isSwift == (file.parts[2] == "Migrations")
        }.map { "\($0.path): does not belong there" }
    }

    /// Every README of a service says its purpose and has the same headings.
    static func readmes(_ tree: SourceTree) -> [String] {
        tree.files.filter { $0.parts.count == 3 && $0.parts[0] == "Services" && $0.parts[2] == "README.md" }
            .flatMap { file -> [String] in
                let lines = file.lines.map(String.init)
                let purpose = lines.prefix { !$0.hasPrefix("## ") }
                    .filter { !$0.hasPrefix("#") && !$0.allSatisfy(\.isWhitespace) }
                var faults = purpose.isEmpty ? ["\(file.path): says no purpose before its first heading"] : []
                guard file.parts[1] != "Operator" else { return faults }
                let found = lines.filter { $0.hasPrefix("## ") }.map { $0.dropFirst(3) }
                let known = found.compactMap { line in headings.first { line == $0 || line.hasPrefix($0 + " ") } }
                if known != headings { faults.append("\(file.path): headings \(found), wanted \(headings)") }
                return faults
            }
    }

    /// Migrations are numbered from 1 without a gap or a twin, are named verb first, and open with why.
    static func migrations(_ tree: SourceTree) -> [String] {
        let files = tree.files.filter { $0.parts.dropLast().last == "Migrations" && !$0.isSwift }
        return Dictionary(grouping: files) { $0.parts.dropLast().joined(separator: "/") }.sorted { $0.key < $1.key }
            .flatMap { folder, files -> [String] in
                var faults: [String] = []
                for (index, file) in files.sorted(by: { $0.path < $1.path }).enumerated() {
                    let name = file.parts.last ?? ""
                    let verbs =
                        "create|add|drop|alter|rename|fill|move|index|widen|split|keep|note|grant|replace|retire|allow|let"
                    if name.firstMatch(of: /^(\d{4})_([a-z]+)(_[a-z0-9]+)+\.sql$/).map({ match in
                        Int(match.1) == index + 1 && verbs.split(separator: "|").contains(match.2)
                    }) != true {
                        faults.append("\(folder): \(name) is not number \(index + 1) named verb_object")
                    }
                    if !file.text.hasPrefix("-- ") { faults.append("\(file.path): does not open with why") }
                }
                return faults
            }
    }

    /// A file fits a reader's head: 500 lines, 600 for tests, 30 for `Main.swift`.
    static func sizes(_ tree: SourceTree) -> [String] {
        tree.files.filter(\.isSwift).compactMap { file in
            let isTest = file.parts[0] == "Tests"
            let limit = file.parts.last == "Main.swift" ? 30 : isTest ? 600 : 500
            return file.lineCount > limit ? "\(file.path): \(file.lineCount) lines, \(limit) allowed" : nil
        }
    }

    /// The top of the repository holds what DESIGN 2 lists; `Package.resolved` is written by the build.
    static func topLevel(_ tree: SourceTree) -> [String] {
        let wanted: Set<String> = [
            "Package.swift", "Services", "Shared", "Tests", "deploy", "docker-compose.yml", "Makefile", "README.md",
        ]
        let found = tree.topLevel.filter { !$0.hasPrefix(".") && $0 != "Package.resolved" }
        return found.subtracting(wanted).sorted().map { "\($0) does not belong to the top" }
            + wanted.subtracting(found).sorted().map { "\($0) is missing" }
    }

    /// No image is taken by a moving tag, and each has one.
    static func images(_ tree: SourceTree) -> [String] {
        tree.files.filter { file in
            file.path.hasPrefix("deploy/") || file.path == "docker-compose.yml" || file.path == "Makefile"
        }.flatMap { file -> [String] in
            var stages: Set<Substring> = []
            return file.lines.compactMap { line in
                if line.contains(":latest") { return "\(file.path): \(line)" }
                guard
                    let match = line.firstMatch(
                        of: /^\s*(?:image:|FROM(?:\s+--\S+)?)\s+"?([^\s"]+)"?(?:\s+[Aa][Ss]\s+(\S+))?/)
                else { return nil }
                let isStage = stages.contains(match.1)
                if let name = match.2 { stages.insert(name) }
                let name = match.1.split(separator: "/").last ?? match.1
                let isFixed = name.contains(":") || match.1.contains("@sha256:") || match.1 == "scratch" || isStage
                return isFixed || match.1.contains("$") ? nil : "\(file.path): \(match.1) has no tag"
            }
        }
    }

    /// No path of one person's machine has come in.
    static func paths(_ tree: SourceTree) -> [String] {
        // Taken apart, or this file would be the first to be found.
        let forbidden = ["work/", "root/", "home/", "Users/"].map { "/" + $0 }
        return tree.files.flatMap { file in
            file.lines.enumerated().filter { _, line in
                line.has("work/") || line.has("root/") || line.has("home/") || line.has("Users/")
            }.compactMap { number, line in
                forbidden.contains { path in
                    line.ranges(of: path).contains { range in
                        // "/v1/work/" is a route and no place of a machine.
                        range.lowerBound == line.startIndex
                            || !(line[line.index(before: range.lowerBound)].isLetter
                                || line[line.index(before: range.lowerBound)].isNumber
                                || "}/.-_)*".contains(line[line.index(before: range.lowerBound)]))
                    }
                } ? "\(file.path):\(number + 1): \(line.trimmingCharacters(in: .whitespaces))" : nil
            }
        }
    }
}
