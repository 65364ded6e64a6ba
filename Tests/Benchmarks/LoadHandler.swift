import NIOCore
import NIOHTTP1

/// A unit of a load under way: what was sent last, and what is known of the incident by now.
struct LoadUnit {
    let script: LoadPlan.Script
    let path: String
    let sample: LoadPlan.Sample
    let key: String
    let beganAt = NIODeadline.now()
    var sentAt = NIODeadline.now()
    var calls: [Double] = []
    var location = ""
    var tag = ""

    /// The next request; nil when the unit is done.
    func next() -> (method: HTTPMethod, path: String, body: String)? {
        switch (script, calls.count) {
        case (_, 0): (.POST, path, sample.body)
        case (.lifecycle, 1): (.POST, location + "/file", Self.filing)
        case (.lifecycle, 2): (.POST, location + "/self-handle", Self.handling)
        case (.lifecycle, 3): (.GET, "\(path)?q=\(Self.word)&grid=\(sample.grid ?? "")&limit=10", "")
        default: nil
        }
    }

    /// 井盖缺失, as every report of the load has it.
    private static let word = "%E4%BA%95%E7%9B%96%E7%BC%BA%E5%A4%B1"
    private static let actor = #""actor":"01980000-0000-7000-8000-000000000001""#
    private static let filing = "{\(actor),\"function\":\"emergencyManagement\"}"
    private static let handling = "{\(actor),\"result\":\"已更换井盖。\"}"
}

/// One connection of a load: a unit at a time, a request at a time.
final class LoadHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let onReady: (LoadHandler) -> Void
    private let onEnd: (LoadHandler, LoadUnit, Int) -> Void
    private let onClosed: (LoadHandler) -> Void
    private var context: ChannelHandlerContext?
    private var unit: LoadUnit?
    private var status = 0

    init(
        onReady: @escaping (LoadHandler) -> Void, onEnd: @escaping (LoadHandler, LoadUnit, Int) -> Void,
        onClosed: @escaping (LoadHandler) -> Void
    ) {
        self.onReady = onReady
        self.onEnd = onEnd
        self.onClosed = onClosed
    }

    func begin(_ plan: LoadPlan, _ sample: LoadPlan.Sample, key: String) {
        let unit = LoadUnit(script: plan.script, path: plan.path, sample: sample, key: key)
        if let first = unit.next() { send(first, of: unit) }
    }

    private func send(_ request: (method: HTTPMethod, path: String, body: String), of unit: LoadUnit) {
        guard let context else { return }
        var unit = unit
        unit.sentAt = .now()
        var head = HTTPRequestHead(version: .http1_1, method: request.method, uri: request.path)
        head.headers = ["host": "127.0.0.1", "authorization": "Bearer \(unit.sample.token)"]
        if request.method == .POST {
            head.headers.add(name: "content-type", value: "application/json")
            head.headers.add(name: "content-length", value: "\(request.body.utf8.count)")
            // The first call makes the incident, the others change what was read.
            if unit.calls.isEmpty {
                head.headers.add(name: "idempotency-key", value: unit.key)
            } else {
                head.headers.add(name: "if-match", value: unit.tag)
            }
        }
        self.unit = unit
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !request.body.isEmpty {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: request.body)))), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        onReady(self)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            status = Int(head.status.code)
            if let location = head.headers.first(name: "location") { unit?.location = location }
            if let tag = head.headers.first(name: "etag") { unit?.tag = tag }
        case .body: break
        case .end: callEnded()
        }
    }

    private func callEnded() {
        guard var unit else { return }
        self.unit = nil
        unit.calls.append(Double((NIODeadline.now() - unit.sentAt).nanoseconds) / 1e6)
        if (200..<300).contains(status), let next = unit.next() {
            send(next, of: unit)
        } else {
            onEnd(self, unit, status)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        onClosed(self)
        if let unit { onEnd(self, unit, 0) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
