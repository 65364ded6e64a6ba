import ServiceKit
import Testing

struct TraceparentTests {
    private static let sound = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    @Test func `a valid header is read and written back`() {
        let parsed = Traceparent(Self.sound)
        #expect(parsed?.traceID == "4bf92f3577b34da6a3ce929d0e0e4736")
        #expect(parsed?.spanID == "00f067aa0ba902b7")
        #expect(parsed?.isSampled == true)
        #expect(parsed?.description == Self.sound)
    }

    @Test func `a later version is read as far as version 00 goes`() {
        #expect(Traceparent("cc" + Self.sound.dropFirst(2) + "-more")?.traceID == "4bf92f3577b34da6a3ce929d0e0e4736")
        #expect(Traceparent("cc" + Self.sound.dropFirst(2) + "more") == nil)
    }

    @Test(arguments: [
        "", "00", String(sound.dropLast()), sound + "-more", "ff" + sound.dropFirst(2), sound.uppercased(),
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01", sound.replacing("-", with: "_"), sound + "\n",
    ])
    func `what is not valid is not read`(_ header: String) {
        #expect(Traceparent(header) == nil)
    }

    @Test func `a request goes on in the caller's trace with a span of its own`() {
        let request = Traceparent.incoming(Self.sound)
        #expect(request.traceID == "4bf92f3577b34da6a3ce929d0e0e4736")
        #expect(request.spanID != "00f067aa0ba902b7")
        #expect(request.isSampled)
    }

    @Test func `without a header a valid trace begins`() {
        let one = Traceparent.incoming(nil)
        let two = Traceparent.incoming("rubbish")
        #expect(Traceparent(one.description) == one)
        #expect(one.traceID != two.traceID)
    }
}
