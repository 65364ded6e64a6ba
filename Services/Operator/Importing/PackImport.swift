import Models

/// Imports a county pack, sheet after sheet in the order of what refers to what.
package struct PackImport: Sendable {
    private let folder: PackFolder
    private let sender: any BulkSender
    private let catchUp: ReaderCatchUp
    private let progress: ProgressReporter
    private let announce: @Sendable (SheetOutcome, [ImportFault]) -> Void

    /// Prepares an import.
    ///
    /// - Parameter announce: told of every file that is done.
    package init(
        _ folder: PackFolder, sender: any BulkSender, catchUp: ReaderCatchUp, progress: ProgressReporter,
        announce: @escaping @Sendable (SheetOutcome, [ImportFault]) -> Void
    ) {
        self.folder = folder
        self.sender = sender
        self.catchUp = catchUp
        self.progress = progress
        self.announce = announce
    }

    /// Imports all files.
    ///
    /// - Returns: the report of all files.
    /// - Throws: `ServiceFailure` or `OperatorError` when a service stays away; what was imported before stays.
    package func run() async throws -> ImportReport {
        var report = ImportReport()
        report.notYet = folder.notYet
        refuseOtherFormats(&report)
        let refused = RefusedRows()
        var caughtUp: Set<ServiceName> = []
        for file in folder.files {
            guard let description = SheetCatalogue.named(file.number) else { continue }
            if description.needsDivisions, caughtUp.insert(description.service).inserted {
                try await catchUp.wait(for: description.service, toRead: .division)
            }
            let (outcome, faults) = try await SheetImport(
                file, description: description, sender: sender, refused: refused, progress: progress
            ).run()
            progress.clear()
            report.sheets.append(outcome)
            report.faults += faults
            announce(outcome, faults)
        }
        return report
    }

    /// A table that is passed over must be told: whoever sent it believes it to be in.
    private func refuseOtherFormats(_ report: inout ImportReport) {
        for name in folder.otherFormats {
            let fault = ImportFault(
                sheet: name, row: nil, column: nil, code: "format-unknown",
                message: "不读取此种文件，请另存为 xlsx 或 csv 后再导入。 Files of this kind are not read: save it as xlsx or csv and "
                    + "import again.")
            let outcome = SheetOutcome(sheet: name)
            report.sheets.append(outcome)
            report.faults.append(fault)
            announce(outcome, [fault])
        }
    }
}
