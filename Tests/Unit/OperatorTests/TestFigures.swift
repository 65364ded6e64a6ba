import Foundation
import Messaging
import Models

/// Audit figures as services answer them.
enum TestFigures {
    static func none() throws -> AuditFigures { try figures() }

    /// - Parameters:
    ///   - pending: events without a number yet.
    ///   - heads: numbers by lane of the division topic.
    ///   - watermarks: how far a reader of it is, by lane.
    static func figures(
        pending: Int = 0, heads: [Int: Int] = [:], watermarks: [Int: Int] = [:], repeated: Int = 0
    ) throws -> AuditFigures {
        let topic = Topic.division.name
        let source = ServiceName.gridOperations.source(county: "532923")
        let produced = heads.map { #"{"topic":"\#(topic)","lane":\#($0.key),"head":\#($0.value)}"# }
        let read = watermarks.map { lane, watermark in
            """
            {"consumer":"talent-registry","source":"\(source)","topic":"\(topic)","lane":\(lane),"base":0,\
            "watermark":\(watermark),"applied":\(watermark + repeated),"parked":0,"skipped":0,"duplicates":0}
            """
        }
        let subscriptions = watermarks.isEmpty ? "" : #"{"consumer":"talent-registry","topic":"\#(topic)"}"#
        let json = """
            {"source":"\(heads.isEmpty ? "/tiaokuai/532923/other" : source)","pending":\(pending),"unreadable":0,\
            "produced":[\(produced.joined(separator: ","))],"subscriptions":[\(subscriptions)],\
            "read":[\(read.joined(separator: ","))]}
            """
        return try JSONDecoder().decode(AuditFigures.self, from: Data(json.utf8))
    }
}
