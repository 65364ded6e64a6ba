import ServiceKit
import Testing

struct ServerSentEventTests {
    @Test(arguments: [
        (ServerSentEvent(data: "x"), "data: x\n\n"),
        (ServerSentEvent(id: "7", event: "delivery", data: "{}"), "id: 7\nevent: delivery\ndata: {}\n\n"),
        (ServerSentEvent(data: "a\nb\r\nc\rd"), "data: a\ndata: b\ndata: c\ndata: d\n\n"),
        (ServerSentEvent(data: ""), "data: \n\n"),
        (
            ServerSentEvent(id: "7\ndata: forged", event: "e\r\nx", data: "y"),
            "id: 7data: forged\nevent: ex\ndata: y\n\n"
        ),
    ])
    func `events are written as the standard has it, and nothing can forge a field`(
        _ event: ServerSentEvent, _ expected: String
    ) {
        #expect(event.encoded == expected)
    }
}
