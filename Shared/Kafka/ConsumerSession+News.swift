import CRdkafka
import Foundation
import Logging
import Synchronization

/// What the client tells of itself.
extension ConsumerSession {
    func note(code: Int32, reason: String) {
        let error = KafkaError(rdKafkaCode: code, operation: "consume", detail: reason)
        worker.statistics.withLock {
            $0.clientErrors += 1
            $0.lastError = error.description
        }
        // Connections come and go and librdkafka mends them; what needs a person is refused rights and bad settings.
        let level: Logger.Level = error.code == .authorization || error.code == .configuration ? .error : .info
        worker.logger.log(level: level, "Kafka client error", metadata: ["error": "\(error)"])
    }

    func mergeStatistics(_ json: Data) {
        do {
            let document = try StatisticsDocument(json: json)
            worker.statistics.withLock { document.merge(into: &$0) }
        } catch {
            worker.logger.debug("Kafka statistics not understood", metadata: ["error": "\(error)"])
        }
    }
}
