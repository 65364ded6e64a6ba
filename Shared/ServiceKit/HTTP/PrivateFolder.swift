import Foundation

/// A folder for files that must lie on the disk for a moment.
enum PrivateFolder {
    /// Lends a new folder that nobody else may read, and removes it with all that is in it before it returns.
    ///
    /// - Throws: what `body` throws; that the folder could not be removed, since what lies in it may be personal.
    static func use<Result>(_ body: (URL) throws -> Result) throws -> Result {
        let files = FileManager.default
        let folder = files.temporaryDirectory.appendingPathComponent("tiaokuai-\(UUID().uuidString)")
        try files.createDirectory(
            at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        let result = Swift.Result { try body(folder) }
        try files.removeItem(at: folder)
        return try result.get()
    }
}
