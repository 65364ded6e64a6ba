import CRdkafka
import Foundation
import Logging
import Synchronization

/// The thread of a producer: owns the client, feeds it batches, collects reports, rebuilds it when it must.
///
/// Lives on one thread; nothing in it is shared.
final class ProducerLoop {
    let worker: ProducerWorker
    var handle: ClientHandle
    private var topics: [String: OpaquePointer] = [:]
    // Batches of which librdkafka has nothing yet, and the one that is being handed over, first.
    private var waiting: [ProducerBatch] = []
    // Batches of which librdkafka has at least one record, by number. The number is half of each record's opaque.
    var outstanding: [UInt32: ProducerBatch] = [:]
    var admitting: UInt32?
    private var nextNumber: UInt32 = 0
    private var stopDeadline: ContinuousClock.Instant?
    // Longest sleep when nothing is to do; events and callers end it early.
    private static let idleWait = Duration.seconds(1)
    private static let queueFullWait = Duration.milliseconds(10)

    init(worker: ProducerWorker, handle: ClientHandle) {
        self.worker = worker
        self.handle = handle
    }

    static func makeHandle(_ configuration: KafkaConfiguration) throws -> ClientHandle {
        let properties = try ClientProperties.producer(configuration, uniqueSuffix: ClientHandle.uniqueSuffix())
        return try ClientHandle(type: RD_KAFKA_PRODUCER, properties: properties, operation: "create producer") { conf in
            rd_kafka_conf_set_events(
                conf, RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_LOG | RD_KAFKA_EVENT_STATS)
        }
    }

    /// Runs until it is asked to stop and nothing is under way, or its time is over.
    func run() {
        while true {
            takeInbox()
            let isQueueFull = !admit()
            serveEvents(first: wait(isQueueFull: isQueueFull))
            expire()
            if let stopDeadline, (waiting.isEmpty && outstanding.isEmpty) || ContinuousClock.now >= stopDeadline {
                break
            }
        }
        tearDown()
        let closed = KafkaError(code: .closed, operation: "send")
        takeInbox()
        for batch in Array(outstanding.values) + waiting { batch.fail(closed) }
    }

    private func takeInbox() {
        let inbox = worker.takeInbox()
        stopDeadline = inbox.stopDeadline
        waiting += inbox.batches.map {
            ProducerBatch(records: $0.records, deadline: $0.deadline, completion: $0.completion)
        }
        worker.lastPoll.withLock { $0 = .now }
    }

    private func wait(isQueueFull: Bool) -> Duration {
        if isQueueFull { return Self.queueFullWait }
        let deadlines = outstanding.values.map(\.deadline) + waiting.map(\.deadline) + (stopDeadline.map { [$0] } ?? [])
        guard let nearest = deadlines.min() else { return Self.idleWait }
        return min(Self.idleWait, nearest - .now)
    }

    // MARK: - Sending

    /// Hands over as many records as librdkafka takes; returns false when its queue is full.
    private func admit() -> Bool {
        while let batch = waiting.first {
            if admitting == nil {
                guard batch.deadline > .now else { return true }
                nextNumber &+= 1
                admitting = nextNumber
                outstanding[nextNumber] = batch
            }
            guard let number = admitting else { return true }
            while batch.nextIndex < batch.records.count {
                let code = produce(batch.records[batch.nextIndex], number: number, index: batch.nextIndex)
                if code == RD_KAFKA_RESP_ERR__QUEUE_FULL { return false }
                if code == RD_KAFKA_RESP_ERR__FATAL {
                    reset(cause: handle.fatalError(operation: "send") ?? fatal(code))
                    return true
                }
                if code != RD_KAFKA_RESP_ERR_NO_ERROR {
                    report(number: number, index: batch.nextIndex, partition: nil, offset: nil, code: code)
                }
                batch.nextIndex += 1
            }
            waiting.removeFirst()
            admitting = nil
            completeIfDone(number: number)
        }
        return true
    }

    private func produce(_ record: KafkaOutgoingRecord, number: UInt32, index: Int) -> rd_kafka_resp_err_t {
        guard let topic = topicHandle(record.topic) else { return rd_kafka_last_error() }
        let headers = record.headers.isEmpty ? nil : Self.headerList(record.headers)
        // Never zero, since numbers begin at 1: a null opaque would mean a record that is not ours.
        let opaque = UnsafeMutableRawPointer(bitPattern: UInt(number) << 32 | UInt(index))
        let code = Self.withBytes(record.key) { key, keyLength in
            Self.withBytes(record.value) { value, valueLength in
                tiaokuai_kafka_produce(
                    handle.client, topic, record.partition ?? -1, key, keyLength, value, valueLength, headers, opaque)
            }
        }
        if code != RD_KAFKA_RESP_ERR_NO_ERROR, let headers { rd_kafka_headers_destroy(headers) }
        return code
    }

    private func topicHandle(_ name: String) -> OpaquePointer? {
        if let known = topics[name] { return known }
        guard let topic = rd_kafka_topic_new(handle.client, name, nil) else { return nil }
        topics[name] = topic
        // In librdkafka before 2.10.1 the first record of a topic waits up to a second for metadata unless they are
        // asked for beforehand. Failure is no matter: the record then waits for them inside.
        var metadata: UnsafePointer<rd_kafka_metadata>?
        if rd_kafka_metadata(handle.client, 0, topic, &metadata, 250) == RD_KAFKA_RESP_ERR_NO_ERROR {
            rd_kafka_metadata_destroy(metadata)
        }
        return topic
    }

    private static func headerList(_ headers: [KafkaHeader]) -> OpaquePointer? {
        let list = rd_kafka_headers_new(headers.count)
        for header in headers {
            withBytes(header.value) { value, length in
                _ = rd_kafka_header_add(list, header.name, -1, value, length)
            }
        }
        return list
    }

    /// Calls a body with a pointer that is null for nil and not null for an empty array: Kafka tells them apart.
    private static func withBytes<Value>(_ bytes: [UInt8]?, _ body: (UnsafeRawPointer?, Int) -> Value) -> Value {
        guard let bytes else { return body(nil, 0) }
        return bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress else {
                return withUnsafeBytes(of: UInt8(0)) { body($0.baseAddress, 0) }
            }
            return body(base, buffer.count)
        }
    }

    // MARK: - Time and trouble

    /// Fails batches whose time is over; the client is rebuilt if it holds records of them.
    private func expire() {
        let now = ContinuousClock.now
        let timeout = KafkaError(code: .timeout, isRetriable: true, operation: "send")
        if outstanding.values.contains(where: { $0.deadline <= now }) {
            reset(cause: nil)
        }
        let expired = waiting.filter { $0.deadline <= now }
        guard !expired.isEmpty else { return }
        waiting.removeAll { $0.deadline <= now }
        worker.statistics.withLock { $0.timeouts += Int64(expired.count) }
        for batch in expired { batch.fail(timeout) }
    }

    /// Throws the client away with all that it holds, answers the batches concerned, and builds a new one.
    ///
    /// - Parameter cause: The fatal error; nil if the time of a batch has passed.
    func reset(cause: KafkaError?) {
        let now = ContinuousClock.now
        let failed = outstanding
        if admitting != nil { waiting.removeFirst() }
        outstanding = [:]
        admitting = nil
        worker.logger.warning(
            "Kafka producer is rebuilt",
            metadata: ["cause": "\(cause?.description ?? "timeout")", "batches": "\(failed.count)"])
        // First the old client must be gone, and only then may anyone be told: a batch that is sent as an answer to
        // the error must not be overtaken by what was in flight.
        tearDown()
        rebuild()
        var timeouts: Int64 = 0
        for (_, batch) in failed.sorted(by: { $0.key < $1.key }) {
            if let cause {
                batch.fail(cause)
            } else if batch.deadline <= now {
                timeouts += 1
                batch.fail(KafkaError(code: .timeout, isRetriable: true, operation: "send"))
            } else {
                batch.fail(KafkaError(code: .clientReset, isRetriable: true, operation: "send"))
            }
        }
        worker.statistics.withLock {
            $0.rebuilds += 1
            $0.timeouts += timeouts
            if let cause { $0.lastError = cause.description }
        }
    }

    private func tearDown() {
        worker.lease.withdraw()
        rd_kafka_purge(handle.client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT)
        // Reports that are still queued hold their topics; nobody waits for them any more.
        while let event = rd_kafka_queue_poll(handle.queue, 0) { rd_kafka_event_destroy(event) }
        for topic in topics.values { rd_kafka_topic_destroy(topic) }
        topics = [:]
        handle.destroy()
    }

    private func rebuild() {
        while true {
            do {
                handle = try Self.makeHandle(worker.configuration)
                return worker.lease.offer(handle)
            } catch {
                // The settings were accepted once, so only want of memory or threads can be the reason.
                worker.logger.error("Kafka producer cannot be rebuilt, tries again", metadata: ["error": "\(error)"])
                ClientThread.pause(.seconds(1))
            }
        }
    }

    private func fatal(_ code: rd_kafka_resp_err_t) -> KafkaError {
        KafkaError(rdKafkaCode: code.rawValue, operation: "send", isFatal: true)
    }
}
