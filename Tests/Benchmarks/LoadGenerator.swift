import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Support

/// What a load generator sends, in phases.
struct LoadPlan: Codable, Sendable {
    /// What is done at a time, as one unit.
    enum Script: Codable, Sendable {
        /// A POST of the sample's body.
        case post
        /// An incident's life in four calls: it is reported, taken in, handled, and found by what is written in it.
        case lifecycle
    }

    /// A request's token and body; each unit takes a random one, and an idempotency key of its own.
    struct Sample: Codable, Sendable {
        var token: String
        var body: String
        /// Where the search of a lifecycle looks.
        var grid: String?
    }

    /// A time with one kind of load.
    struct Phase: Codable, Sendable {
        /// Requests a second, sent when they are due, whatever became of the ones before; nil sends the next when an
        /// answer has come.
        var rate: Double?
        /// How many connections there are at most.
        var connections: Int
        var seconds: Double
    }

    var port: Int
    var path: String
    var script = Script.post
    var samples: [Sample]
    var phases: [Phase]
}

/// What became of the units, in the order of their ends.
struct LoadRecord: Codable, Sendable {
    /// When each was begun, in seconds since the start of the first phase.
    var starts: [Double] = []
    /// How long each took, in milliseconds.
    var latencies: [Double] = []
    /// The status of its last answer, which is the first that was no success; 0 when the connection was lost.
    var statuses: [Int] = []
    /// How long each of its calls took, in milliseconds.
    var calls: [[Double]] = []
    /// Units that were due in a phase and found all connections in use.
    var missed: [Int]

    /// How long requests took that were sent within a span and answered with a status that is wanted, in
    /// milliseconds.
    func durations(from start: Double, to end: Double, where isWanted: (Int) -> Bool) -> [Double] {
        starts.indices.filter { starts[$0] >= start && starts[$0] < end && isWanted(statuses[$0]) }
            .map { latencies[$0] }
    }
}

/// Sends load from a process of its own, so that neither its work nor its waiting is the service's.
enum LoadProcess {
    /// Runs a plan in a child of this program.
    static func run(_ plan: LoadPlan) async throws -> LoadRecord {
        let folder = FileManager.default.temporaryDirectory
        let (input, output) = (
            folder.appendingPathComponent("load-\(UUID())"), folder.appendingPathComponent("load-\(UUID())")
        )
        defer { for file in [input, output] { try? FileManager.default.removeItem(at: file) } }  // Temporary files.
        try JSONEncoder().encode(plan).write(to: input)
        try await ChildProcess.run([Self.program, "load", input.path, output.path])
        return try JSONDecoder().decode(LoadRecord.self, from: Data(contentsOf: output))
    }

    /// This program; its path may be relative, and a child runs elsewhere.
    private static var program: String { URL(fileURLWithPath: CommandLine.arguments[0]).standardizedFileURL.path }

    /// What the child does, `benchmarks load PLAN RECORD`; false when the arguments are others.
    static func main(_ arguments: [String]) async throws -> Bool {
        guard arguments.count == 3, arguments[0] == "load" else { return false }
        let (input, output) = (URL(fileURLWithPath: arguments[1]), URL(fileURLWithPath: arguments[2]))
        let plan = try JSONDecoder().decode(LoadPlan.self, from: Data(contentsOf: input))
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let generator = LoadGenerator(plan, on: group.next())
        let result = try await generator.run()
        try JSONEncoder().encode(result).write(to: output)
        try await group.shutdownGracefully()
        return true
    }
}

/// Sends a plan's requests on one event loop.
///
/// `@unchecked Sendable`: invariant: everything but `run` happens on the loop.
private final class LoadGenerator: @unchecked Sendable {
    private let plan: LoadPlan
    private let loop: any EventLoop
    private let done: EventLoopPromise<LoadRecord>
    private var record: LoadRecord
    private let madeAt = NIODeadline.now()
    private var phase = 0
    private var phaseStart = NIODeadline.now()
    private var start = NIODeadline.now()
    private var sent = 0
    private var idle: [LoadHandler] = []
    private var open = 0
    private var nextKey = UInt64.random(in: 0..<(1 << 62))

    init(_ plan: LoadPlan, on loop: any EventLoop) {
        self.plan = plan
        self.loop = loop
        record = LoadRecord(missed: plan.phases.map { _ in 0 })
        done = loop.makePromise()
    }

    func run() async throws -> LoadRecord {
        loop.execute { self.begin() }
        return try await done.futureResult.get()
    }

    private func begin() {
        start = .now()
        phaseStart = start
        loop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(1)) { task in
            self.tick { task.cancel() }
        }
    }

    private func tick(_ end: () -> Void) {
        let current = plan.phases[phase]
        // The clock starts with the first connection, or what is due at once would find none; it does not wait for ever.
        if current.rate != nil, phase == 0, sent == 0, idle.isEmpty, .now() - madeAt < .seconds(10) {
            start = .now()
            phaseStart = start
        }
        let elapsed = Self.seconds(.now() - phaseStart)
        if elapsed >= current.seconds {
            guard phase + 1 < plan.phases.count else {
                end()
                return done.succeed(record)
            }
            phase += 1
            phaseStart = .now()
            sent = 0
            return
        }
        // A closed load has as many connections as clients, each of which sends again when it is answered.
        guard let rate = current.rate else {
            while open < current.connections { connect() }
            while let handler = idle.popLast() { send(on: handler) }
            return
        }
        // A few at a time, and some in reserve: thousands at once would only wait in the listen queue.
        for _ in 0..<20 where open < current.connections && idle.count < 20 { connect() }
        while Double(sent) < rate * elapsed {
            guard let handler = idle.popLast() else {
                // One may be on its way; a unit is given up only when there are as many as may be.
                guard open >= current.connections else { break }
                sent += 1
                record.missed[phase] += 1
                continue
            }
            sent += 1
            send(on: handler)
        }
    }

    private func send(on handler: LoadHandler) {
        guard let sample = plan.samples.randomElement() else { return }
        nextKey += 1
        handler.begin(plan, sample, key: String(nextKey))
    }

    private func connect() {
        open += 1
        ClientBootstrap(group: loop).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHTTPClientHandlers()
                try channel.pipeline.syncOperations.addHandler(
                    LoadHandler(onReady: { self.idle.append($0) }, onEnd: self.note, onClosed: self.lost))
            }
        }.connect(host: "127.0.0.1", port: plan.port).whenFailure { _ in self.open -= 1 }
    }

    private func note(_ handler: LoadHandler, _ unit: LoadUnit, status: Int) {
        record.starts.append(Self.seconds(unit.beganAt - start))
        record.latencies.append(Self.seconds(.now() - unit.beganAt) * 1000)
        record.statuses.append(status)
        record.calls.append(unit.calls)
        guard status != 0 else { return }
        if plan.phases[phase].rate == nil { send(on: handler) } else { idle.append(handler) }
    }

    private func lost(_ handler: LoadHandler) {
        open -= 1
        idle.removeAll { $0 === handler }
    }

    private static func seconds(_ amount: TimeAmount) -> Double { Double(amount.nanoseconds) / 1e9 }
}
