import Models

extension MessageSlots {
    /// Made-up values of every slot of an event, the same each time.
    package init(sampleOf event: NewsEvent) {
        let sample: [MessageSlot: String] = [
            .number: "532923100001202611270001", .grid: "53292310000100101", .community: "532923100001",
            .function: GridFunction.emergencyManagement.rawValue, .urgency: IncidentUrgency.urgent.rawValue,
            .reports: "3", .dueAt: "2026-11-27T01:30:00.000Z", .clock: IncidentClockKind.resolve.rawValue,
            .whistle: WhistleKind.daily.rawValue, .round: "1", .role: GridRole.gridWorker.rawValue,
            .from: "2026-11-28T01:00:00.000Z", .to: "2026-11-28T03:00:00.000Z", .isEscalated: "true",
            .link: "/v1/\(event.subject.rawValue)s/0190a000-0000-7000-8000-000000000001",
        ]
        self.init(sample.filter { event.slots.contains($0.key) })
    }
}
