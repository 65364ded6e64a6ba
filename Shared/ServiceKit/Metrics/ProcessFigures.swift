import Foundation

/// Memory, processor time and open files of this process, from `/proc/self`.
///
/// Absent figures are left out.
package struct ProcessFigures: Sendable, Equatable {
    /// Resident memory in bytes.
    package var residentBytes: Double?
    /// Processor time of all threads in seconds.
    package var processorSeconds: Double?
    /// Open file descriptors.
    package var openFiles: Double?
    /// Threads.
    package var threads: Double?

    /// No figures.
    package init() {}

    /// The figures at this moment.
    package static func current() -> ProcessFigures {
        var figures = parse(status: text("/proc/self/status") ?? "", stat: text("/proc/self/stat") ?? "")
        // Absent when /proc is not mounted; the figure is then left out.
        figures.openFiles = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")).map {
            Double($0.count)
        }
        return figures
    }

    /// Reads proc(5) `status` and `stat`.
    package static func parse(status: String, stat: String) -> ProcessFigures {
        var figures = ProcessFigures()
        for line in status.split(separator: "\n") {
            let words = line.split { $0 == ":" || $0 == "\t" || $0 == " " }
            guard words.count > 1, let value = Double(words[1]) else { continue }
            switch words[0] {
            case "VmRSS": figures.residentBytes = value * 1024
            case "Threads": figures.threads = value
            default: break
            }
        }
        // The name in brackets may hold blanks; user and system time are places 14 and 15, the state after it is 3.
        if let bracket = stat.lastIndex(of: ")") {
            let fields = stat[stat.index(after: bracket)...].split(separator: " ")
            if fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) {
                figures.processorSeconds = (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
            }
        }
        return figures
    }

    private static func text(_ path: String) -> String? {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        return String(data: data, encoding: .utf8)
    }
}
