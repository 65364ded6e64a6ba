/// What a service's executable is asked to do.
package enum ServiceCommand: String, Sendable, CaseIterable {
    /// Runs the service until a signal stops it.
    case serve
    /// Brings the database to the newest migration and ends.
    case migrate
    /// Prints the settings and ends.
    case help
    /// Prints name and version and ends.
    case version
}

/// The arguments of a process: a command and settings.
package struct CommandLineInput: Sendable, Hashable {
    /// What to do; `serve` when nothing is said.
    package var command: ServiceCommand = .serve
    /// The file of settings, `--config FILE`.
    package var configurationFile: String?
    /// Values by argument, for example `--http-port`.
    package var values: [String: String] = [:]

    /// Arguments that cannot be understood.
    package struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
        /// What is wrong, Chinese and English.
        package let cause: BilingualText
        /// Two lines, Chinese first.
        package var description: String {
            "参数错误：\(cause.chinese)。用 --help 查看用法。\nusage error: \(cause.english). See --help."
        }
    }

    /// Reads arguments, without the program's own name.
    ///
    /// `--name value` and `--name=value` mean the same; a flag without a value is on. The last value of a name counts.
    ///
    /// - Parameter flags: arguments that may stand without a value.
    /// - Throws: `Fault`.
    package init(_ arguments: [String], flags: Set<String> = []) throws {
        var rest = arguments[...]
        if let first = rest.first, let command = ServiceCommand(rawValue: first) {
            self.command = command
            rest = rest.dropFirst()
        }
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("-") else {
                throw Fault(
                    cause: BilingualText("不认识的命令或参数 \(argument)", "unknown command or argument \(argument)"))
            }
            switch argument {
            case "--help", "-h": command = .help
            case "--version": command = .version
            default: try read(argument, from: &rest, flags: flags)
            }
        }
    }

    private mutating func read(_ argument: String, from rest: inout ArraySlice<String>, flags: Set<String>) throws {
        let name: String
        let value: String
        if let border = argument.firstIndex(of: "=") {
            name = String(argument[..<border])
            value = String(argument[argument.index(after: border)...])
        } else {
            name = argument
            if let next = rest.first, !next.hasPrefix("--"), !flags.contains(name) || ["true", "false"].contains(next) {
                value = next
                rest = rest.dropFirst()
            } else if flags.contains(name) {
                value = "true"
            } else {
                throw Fault(cause: BilingualText("参数 \(name) 缺少值", "the argument \(name) lacks a value"))
            }
        }
        if name == "--config" { configurationFile = value } else { values[name] = value }
    }
}
