import CRdkafka
import Foundation
import Logging
import Synchronization

/// What the client tells: reports, errors, logs, statistics.
extension ProducerLoop {
    /// Waits for an event and serves all that are there.
    func serveEvents(first timeout: Duration) {
        var event = rd_kafka_queue_poll(handle.queue, timeout.cappedMilliseconds(1_000))
        var count = 0
        while let current = event {
            let fatalError = serve(current)
            rd_kafka_event_destroy(current)
            if let fatalError { return reset(cause: fatalError) }
            count += 1
            // Callers wait too: after so many events it is their turn.
            guard count < 1_000 else { return }
            event = rd_kafka_queue_poll(handle.queue, 0)
        }
    }

    /// Serves one event; returns an error if the client is beyond use.
    private func serve(_ event: OpaquePointer) -> KafkaError? {
        switch rd_kafka_event_type(event) {
        case RD_KAFKA_EVENT_DR:
            return serveReports(event)
        case RD_KAFKA_EVENT_ERROR:
            if let fatalError = handle.fatalError(operation: "send") { return fatalError }
            let error = KafkaError(
                rdKafkaCode: rd_kafka_event_error(event).rawValue, operation: "producer",
                detail: rd_kafka_event_error_string(event).map { String(cString: $0) } ?? "")
            worker.statistics.withLock {
                $0.clientErrors += 1
                $0.lastError = error.description
            }
            worker.logger.info("Kafka client error, recovers by itself", metadata: ["error": "\(error)"])
        case RD_KAFKA_EVENT_LOG:
            worker.logger.forward(log: event)
        case RD_KAFKA_EVENT_STATS:
            guard let json = rd_kafka_event_stats(event) else { break }
            do {
                let document = try StatisticsDocument(json: Data(bytes: json, count: strlen(json)))
                worker.statistics.withLock { document.merge(into: &$0) }
            } catch {
                worker.logger.debug("Kafka statistics not understood", metadata: ["error": "\(error)"])
            }
        default:
            break
        }
        return nil
    }

    private func serveReports(_ event: OpaquePointer) -> KafkaError? {
        var sawFailure = false
        var bytes = 0
        var done: Set<UInt32> = []
        while let message = rd_kafka_event_message_next(event)?.pointee {
            let opaque = UInt(bitPattern: message._private)
            let number = UInt32(truncatingIfNeeded: opaque >> 32)
            sawFailure = sawFailure || message.err != RD_KAFKA_RESP_ERR_NO_ERROR
            bytes += message.len + message.key_len
            report(
                number: number, index: Int(opaque & 0xffff_ffff), partition: message.partition,
                offset: message.offset >= 0 ? message.offset : nil, code: message.err)
            if outstanding[number]?.accounting.isComplete == true { done.insert(number) }
        }
        worker.statistics.withLock { $0.bytes += Int64(bytes) }
        // A client that has given up fails the records first and tells the reason afterwards.
        if sawFailure, let fatalError = handle.fatalError(operation: "send") { return fatalError }
        for number in done { completeIfDone(number: number) }
        return nil
    }

    func report(number: UInt32, index: Int, partition: Int32?, offset: Int64?, code: rd_kafka_resp_err_t) {
        guard let batch = outstanding[number] else { return }
        // The broker had the record already: stored, at an offset that it no longer knows.
        let isStored =
            code == RD_KAFKA_RESP_ERR_NO_ERROR || code == RD_KAFKA_RESP_ERR_DUPLICATE_SEQUENCE_NUMBER
        batch.accounting.report(
            index: index, partition: partition ?? batch.records[index].partition ?? -1,
            offset: isStored ? offset : nil,
            error: isStored ? nil : KafkaError(rdKafkaCode: code.rawValue, operation: "send"))
    }

    func completeIfDone(number: UInt32) {
        guard number != admitting, let batch = outstanding[number], batch.accounting.isComplete else { return }
        outstanding[number] = nil
        worker.statistics.withLock {
            $0.batches += 1
            $0.failures += Int64(batch.accounting.failedCount)
            $0.records += Int64(batch.records.count - batch.accounting.failedCount)
        }
        batch.finish()
    }
}
