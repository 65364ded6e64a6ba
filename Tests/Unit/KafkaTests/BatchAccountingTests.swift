import Kafka
import Testing

struct BatchAccountingTests {
    private let records = (0..<3).map {
        KafkaOutgoingRecord(topic: "t\($0)", partition: $0 == 1 ? 7 : nil, value: [UInt8($0)])
    }

    @Test func `reports stand in the order of the records, whatever order they come in`() {
        var accounting = BatchAccounting(records: records)
        accounting.report(index: 2, partition: 4, offset: 40, error: nil)
        accounting.report(index: 0, partition: 5, offset: 50, error: nil)
        #expect(!accounting.isComplete)
        accounting.report(index: 1, partition: 7, offset: 70, error: nil)
        #expect(accounting.isComplete)
        #expect(accounting.reports.map(\.topic) == ["t0", "t1", "t2"])
        #expect(accounting.reports.map(\.offset) == [50, 70, 40])
        #expect(accounting.reports.map(\.partition) == [5, 7, 4])
    }

    @Test func `a repeated or foreign report changes nothing`() {
        var accounting = BatchAccounting(records: records)
        accounting.report(index: 0, partition: 5, offset: 50, error: nil)
        accounting.report(index: 0, partition: 6, offset: 60, error: KafkaError(code: .timeout, operation: "x"))
        accounting.report(index: 9, partition: 6, offset: 60, error: nil)
        accounting.report(index: -1, partition: 6, offset: 60, error: nil)
        #expect(accounting.openCount == 2)
        #expect(accounting.failedCount == 0)
        #expect(accounting.reports[0].offset == 50)
    }

    @Test func `failures are counted and keep their error`() {
        var accounting = BatchAccounting(records: records)
        let error = KafkaError(rdKafkaCode: 10, operation: "send")
        accounting.report(index: 1, partition: 7, offset: nil, error: error)
        #expect(accounting.failedCount == 1)
        #expect(accounting.reports[1].error == error)
        #expect(accounting.reports[1].error?.code == .recordTooLarge)
    }

    @Test func `an empty batch is complete at once`() {
        #expect(BatchAccounting(records: []).isComplete)
    }
}
